import { h, shape } from '../dom.js'
import { moment } from '../format.js'
import { deliveryStatus, groupsOf, inShort, isQuiet, lasting, ordered, statusOf, titleOf, toldText } from '../model.js'
import { isFiltered } from '../settings.js'
import { listedMax } from '../state.js'
import { sliceText, ruleTitle } from '../words.js'
import { empty, linkTo, tag } from './app.js'
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
  if (rows.length === 0) return [isFiltered(state.place) ? empty(t.noMatch, t.noMatchText) : empty(t.noHistory, t.noHistoryText)]
  const canGrow = cursor !== undefined && state.historyRows < 1_000
  return [cards(app, rows), canGrow && h('button', { type: 'button', key: 'more', onclick: () => actions.moreHistory() }, t.more)]
}

/** @param {App} app @param {readonly Alert[]} alerts @param {boolean} [isInGroup] */
const cards = (app, alerts, isInGroup = false) =>
  h('ul', { key: `cards-${alerts[0]?.status}` }, ...alerts.map((alert) => h('li', { key: alert.alertId }, card(app, alert, isInGroup))))

/** One alert stands alone; several of one rule and queue stand behind a head. @param {App} app @param {readonly Alert[]} alerts in their order */
function grouped(app, alerts) {
  const items = groupsOf(alerts).map((group) => {
    const [first] = group.alerts
    if (first === undefined || group.alerts.length > 1) return h('li', { key: group.key }, groupOf(app, group))
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
  const quietCount = alerts.filter(({ acknowledgement, silencedBy }) => acknowledgement !== null || silencedBy.length > 0).length
  const said = [t.count(alerts.length), t.oldestSince(moment(oldest.since, language, nowMs)), quietCount > 0 && t.ofWhichQuiet(quietCount)]
  const isOpen = state.openGroups.has(key) || alerts.some(({ alertId }) => alertId === state.place.alert)
  /** @param {Event} event */
  const ontoggle = (event) => actions.openGroup(key, /** @type {HTMLDetailsElement} */ (event.currentTarget).open)
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
          [ruleTitle(rule, setting), queue === null ? '' : sliceText(`queue=${encodeURIComponent(queue)}`, setting)]
            .filter(Boolean)
            .join(' · '),
        ),
        h('span', { class: 'count', 'data-status': statusOf(gravest), 'aria-hidden': 'true' }, alerts.length),
        clock(oldest, setting),
      ),
      h('div', { class: 'quiet' }, said.filter(Boolean).join(' · ')),
      gravest.late && h('div', { class: 'tags' }, tag(t.late, 'warning')),
    ),
    cards(app, alerts, true),
  )
}

/** @param {Alert} alert @param {import('../texts.js').Texts} t */
export const wordOf = ({ status, severity }, t) => (status === 'firing' ? t.severity[severity] : t.status[status])

/** @param {App} app @param {Alert} alert @param {boolean} [isInGroup] */
function card(app, alert, isInGroup = false) {
  const { state, setting, kpis } = app
  const { t, language, nowMs } = setting
  const { alertId, contactId, since, endedAt, status } = alert
  const title = titleOf(alert, setting, isInGroup)
  const isShown = state.place.alert === alertId
  const when = `${t.since} ${moment(since, language, nowMs)}${endedAt === null ? '' : ` – ${moment(endedAt, language, nowMs)}`}`
  const facts = [contactId !== null && !title.includes(contactId) && contactId, inShort(alert, setting, kpis.nameOf), when]
  return linkTo(
    app,
    { alert: alertId },
    {
      class: isQuiet(alert) && status === 'firing' ? 'card quieter' : 'card',
      'data-status': statusOf(alert),
      'data-alert': alertId,
      'aria-current': isShown && 'true',
    },
    h(
      'div',
      { class: 'line-of' },
      shape(shapeOf(alert)),
      h('span', { class: 'word' }, wordOf(alert, t)),
      h('span', { class: 'title' }, title),
      clock(alert, setting),
    ),
    h('div', { class: 'quiet' }, facts.filter(Boolean).join(' · ')),
    tags(app, alert),
  )
}

/** @param {Alert} alert @param {import('../model.js').Setting} setting */
const clock = (alert, setting) => h('span', { class: 'clock end' }, lasting(alert, setting))

/** @param {Alert} alert */
export const shapeOf = ({ status, severity }) => (status === 'resolved' ? 'ok' : status === 'pending' ? 'wait' : severity)

/** @param {App} app @param {Alert} alert */
function tags({ setting, state }, alert) {
  const { t } = setting
  const { late, retracted, withdrawn, acknowledgement, silencedBy, told, status } = alert
  const isSilent = status === 'firing' && silencedBy.length > 0
  const nobody = status === 'firing' && told !== null && told.endpoints.length === 0 && !isSilent && !late && acknowledgement === null
  const all = [
    late && tag(t.late, 'warning'),
    retracted && tag(t.retracted),
    withdrawn && tag(t.withdrawn),
    acknowledgement !== null && tag(t.acknowledgedBy(acknowledgement.author), 'ok'),
    isSilent && tag(silenceText(state, silencedBy, t)),
    nobody && tag(t.why[told.why]),
    ...(told?.endpoints.map((one) => tag(toldText(one, setting), deliveryStatus(one.status))) ?? []),
  ].filter((one) => one !== false)
  return all.length === 0 ? null : h('div', { class: 'tags' }, ...all)
}

/** @param {import('../state.js').State} state @param {readonly string[]} ids @param {import('../texts.js').Texts} t */
function silenceText({ silences }, ids, t) {
  const authors = new Set(silences?.filter(({ id }) => ids.includes(id)).map(({ author }) => author))
  return authors.size === 0 ? t.silenced : `${t.silenced}: ${[...authors].join(', ')}`
}
