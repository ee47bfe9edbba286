import { h, shape } from '../dom.js'
import { moment } from '../format.js'
import { groupsOf, isQuiet, ordered, statusOf } from '../model.js'
import { isFiltered } from '../settings.js'
import { listedMax } from '../state.js'
import { sliceText, ruleTitle } from '../words.js'
import { card, clock, shapeOf, wordOf } from './alert-card.js'
import { empty, tag } from './app.js'
import { filterForm } from './filter.js'

/** @typedef {import('./app.js').App} App @typedef {import('../source.js').Alert} Alert */

/** What fires, and what is about to. @param {App} app */
export function firingList(app) {
  const { state, setting } = app
  const { t } = setting
  if (state.alerts === null) return h('div', { class: 'list', key: 'list' })
  const rows = ordered(state.alerts)
  const pending = ordered(state.pending)
  return h(
    'div',
    { class: 'list', key: 'list' },
    rows.length === 0 && pending.length === 0 && quiet(app),
    rows.length > 0 && grouped(app, rows),
    state.isCut && h('p', { class: 'quiet' }, t.tooMany(listedMax)),
    pending.length > 0 && h('h2', { key: 'pending-title' }, t.pendingTitle),
    pending.length > 0 && grouped(app, pending),
  )
}

/** @param {App} app */
function quiet({ setting: { t } }) {
  const words = [h('h2', {}, t.allQuiet), h('p', { class: 'quiet' }, t.allQuietText)]
  return h('div', { class: 'empty fine', 'data-status': 'ok', key: 'quiet' }, shape('ok'), ...words)
}

/** What is over, the newest first. @param {App} app */
export function historyList(app) {
  return h('div', { class: 'list', key: 'list' }, filterForm(app), ...historyRows(app))
}

/** @param {App} app @returns {import('./app.js').Child[]} */
function historyRows(app) {
  const { state, setting, actions } = app
  const { t } = setting
  if (state.history === null) return []
  const { rows, cursor } = state.history
  if (rows.length === 0)
    return [
      isFiltered(state.place)
        ? empty(t.noMatch, t.noMatchText)
        : empty(t.noHistory, t.noHistoryText),
    ]
  const canGrow = cursor !== undefined && state.historyRows < 1_000
  return [
    cards(app, rows),
    canGrow &&
      h('button', { type: 'button', key: 'more', onclick: () => actions.moreHistory() }, t.more),
  ]
}

/** @param {App} app @param {readonly Alert[]} alerts @param {boolean} [isInGroup] */
const cards = (app, alerts, isInGroup = false) =>
  h(
    'ul',
    { key: `cards-${alerts[0]?.status}` },
    ...alerts.map((alert) => h('li', { key: alert.alertId }, card(app, alert, isInGroup))),
  )

/** One alert stands alone; several of one rule and queue stand behind a head. @param {App} app @param {readonly Alert[]} alerts in their order */
function grouped(app, alerts) {
  const items = groupsOf(alerts).map((group) => {
    const [first] = group.alerts
    if (first === undefined || group.alerts.length > 1)
      return h('li', { key: group.key }, groupOf(app, group))
    return h('li', { key: first.alertId }, card(app, first))
  })
  return h('ul', { key: `groups-${alerts[0]?.status}` }, ...items)
}

/** @param {App} app @param {import('../model.js').Group} group its alerts stand in their order */
function groupOf(app, { key, rule, queue, alerts }) {
  const { state, setting, actions } = app
  const { t, language, nowMs } = setting
  const gravest = /** @type {Alert} */ (alerts[0])
  const oldest = alerts.reduce((a, b) => (Date.parse(b.since) < Date.parse(a.since) ? b : a))
  const quietCount = alerts.filter(
    ({ acknowledgement, silencedBy }) => acknowledgement !== null || silencedBy.length > 0,
  ).length
  const said = [
    t.count(alerts.length),
    t.oldestSince(moment(oldest.since, language, nowMs)),
    quietCount > 0 && t.ofWhichQuiet(quietCount),
  ]
  const isOpen =
    state.openGroups.has(key) || alerts.some(({ alertId }) => alertId === state.place.alert)
  /** @param {Event} event */
  const ontoggle = (event) =>
    actions.openGroup(key, /** @type {HTMLDetailsElement} */ (event.currentTarget).open)
  const isLoud = gravest.status !== 'firing' || alerts.some((alert) => !isQuiet(alert))
  return h(
    'details',
    { class: 'group', open: isOpen, ontoggle },
    h(
      'summary',
      { class: isLoud ? 'card' : 'card quieter', 'data-status': statusOf(gravest) },
      h(
        'div',
        { class: 'line-of' },
        shape(shapeOf(gravest)),
        h('span', { class: 'word' }, wordOf(gravest, t)),
        h(
          'span',
          { class: 'title' },
          [
            ruleTitle(rule, setting),
            queue === null ? '' : sliceText(`queue=${encodeURIComponent(queue)}`, setting),
          ]
            .filter(Boolean)
            .join(' · '),
        ),
        h(
          'span',
          { class: 'count', 'data-status': statusOf(gravest), 'aria-hidden': 'true' },
          alerts.length,
        ),
        clock(oldest, setting),
      ),
      h('div', { class: 'quiet' }, said.filter(Boolean).join(' · ')),
      gravest.late && h('div', { class: 'tags' }, tag(t.late, 'warning')),
    ),
    cards(app, alerts, true),
  )
}
