import { h, shape } from '../dom.js'
import { moment } from '../format.js'
import {
  deliveryStatus,
  inShort,
  isPast,
  isQuiet,
  lasting,
  statusOf,
  titleOf,
  toldText,
} from '../model.js'
import { linkTo, tag } from './app.js'

/** @typedef {import('./app.js').App} App @typedef {import('../source.js').Alert} Alert */

/** How grave it is, or how it ended. @param {Alert} alert @param {import('../texts.js').Texts} t */
export function wordOf({ status, severity, retracted, withdrawn }, t) {
  if (status === 'firing') return t.severity[severity]
  return retracted ? t.retracted : withdrawn ? t.withdrawn : t.status[status]
}

/** @param {App} app @param {Alert} alert @param {boolean} [isInGroup] */
export function card(app, alert, isInGroup = false) {
  const { state, setting, kpis } = app
  const { t, language, nowMs } = setting
  const { alertId, contactId, since, endedAt, status } = alert
  const title = titleOf(alert, setting, isInGroup)
  const isShown = state.place.alert === alertId
  const when = `${t.since} ${moment(since, language, nowMs)}${endedAt === null ? '' : ` – ${moment(endedAt, language, nowMs)}`}`
  const facts = [
    contactId !== null && !title.includes(contactId) && contactId,
    inShort(alert, setting, kpis.nameOf),
    when,
  ]
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
export const clock = (alert, setting) => h('span', { class: 'clock end' }, lasting(alert, setting))

/** @param {Alert} alert */
export const shapeOf = ({ status, severity }) =>
  status === 'resolved' ? 'ok' : status === 'pending' ? 'wait' : severity

/** @param {App} app @param {Alert} alert */
function tags({ setting, state }, alert) {
  const { t } = setting
  const { late, acknowledgement, silencedBy, told, status } = alert
  const isSilent = status === 'firing' && silencedBy.length > 0
  const hasEndpoints = state.endpoints === null || state.endpoints.some(({ alerts }) => alerts) // Without any the page says so once, on top.
  const isUntold = told !== null && told.endpoints.length === 0 && hasEndpoints
  const nobody =
    status === 'firing' && isUntold && !isSilent && !isPast(alert) && acknowledgement === null
  const all = [
    late && tag(t.late, 'warning'),
    acknowledgement !== null && tag(t.acknowledgedBy(acknowledgement.author), 'ok'),
    isSilent && tag(silenceText(state, silencedBy, t)),
    nobody && tag(t.why[told.why]),
    ...(told?.endpoints.map((one) => tag(toldText(one, setting), deliveryStatus(one.status))) ??
      []),
  ].filter((one) => one !== false)
  return all.length === 0 ? null : h('div', { class: 'tags' }, ...all)
}

/** @param {import('../state.js').State} state @param {readonly string[]} ids @param {import('../texts.js').Texts} t */
function silenceText({ silences }, ids, t) {
  const authors = new Set(
    silences?.filter(({ id }) => ids.includes(id)).map(({ author }) => author),
  )
  return authors.size === 0 ? t.silenced : t.silenced + t.colon + [...authors].join(t.comma)
}
