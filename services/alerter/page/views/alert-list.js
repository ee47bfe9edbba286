import { h, shape } from '../dom.js'
import { moment } from '../format.js'
import { deliveryStatus, inShort, isQuiet, lasting, ordered, readable, statusOf, toldText, topicOf } from '../model.js'
import { listedMax } from '../state.js'
import { empty, linkTo, tag } from './app.js'

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
    rows.length > 0 && cards(app, rows),
    state.isCut && h('p', { class: 'quiet' }, t.tooMany(listedMax)),
    pending.length > 0 && h('h2', { key: 'pending-title' }, t.pendingTitle),
    pending.length > 0 && cards(app, pending),
  )
}

/** @param {App} app */
function quiet({ setting: { t } }) {
  const words = [h('h2', {}, t.allQuiet), h('p', { class: 'quiet' }, t.allQuietText)]
  return h('div', { class: 'empty fine', 'data-status': 'ok', key: 'quiet' }, shape('ok'), ...words)
}

/** What is over, the newest first. @param {App} app */
export function historyList(app) {
  const { state, setting, actions } = app
  const { t } = setting
  if (state.history === null) return h('div', { class: 'list', key: 'list' })
  const { rows, cursor } = state.history
  if (rows.length === 0) return h('div', { class: 'list', key: 'list' }, empty(t.noHistory, t.noHistoryText))
  const canGrow = cursor !== undefined && state.historyRows < 1_000
  const more = canGrow && h('button', { type: 'button', onclick: () => actions.moreHistory() }, t.more)
  return h('div', { class: 'list', key: 'list' }, cards(app, rows), more)
}

/** @param {App} app @param {readonly Alert[]} alerts */
const cards = (app, alerts) =>
  h('ul', { key: `cards-${alerts[0]?.status}` }, ...alerts.map((alert) => h('li', { key: alert.alertId }, card(app, alert))))

/** @param {App} app @param {Alert} alert */
function card(app, alert) {
  const { state, setting, kpis } = app
  const { t, language, nowMs } = setting
  const status = statusOf(alert)
  const isShown = state.place.alert === alert.alertId
  const word = alert.status === 'firing' ? t.severity[alert.severity] : t.status[alert.status]
  const when = `${moment(alert.since, language, nowMs)}${alert.endedAt === null ? '' : ` – ${moment(alert.endedAt, language, nowMs)}`}`
  return linkTo(
    app,
    { alert: alert.alertId },
    {
      class: isQuiet(alert) && alert.status === 'firing' ? 'card quieter' : 'card',
      'data-status': status,
      'data-alert': alert.alertId,
      'aria-current': isShown && 'true',
    },
    h(
      'div',
      { class: 'line-of' },
      shape(shapeOf(alert)),
      h('span', { class: 'word' }, word),
      h('span', { class: 'title' }, topicOf(alert, t)),
      clock(alert, setting),
    ),
    h('div', {}, `${alert.rule} · ${inShort(alert, setting, kpis.nameOf)}`),
    h(
      'div',
      { class: 'line-of quiet' },
      `${t.since} ${when}`,
      alert.slice !== 'all' && alert.kind === 'deadline' && h('span', {}, readable(alert.slice)),
    ),
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
