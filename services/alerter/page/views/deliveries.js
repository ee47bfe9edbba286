import { h, shape } from '../dom.js'
import { duration, moment } from '../format.js'
import { deliveryStatus } from '../model.js'
import { mayEverywhere } from '../session.js'
import { periodText, ruleTitle } from '../words.js'
import { linkTo, tag } from './app.js'
import { oneClick } from './forms.js'

/** @typedef {import('./app.js').App} App @typedef {import('../source.js').Delivery} Delivery */

/** One message with its attempts, which can be sent again. @param {App} app @param {string} endpoint @param {Delivery} delivery @param {string | null} title `null`: when it was made */
export function deliveryCard(app, endpoint, delivery, title) {
  const {
    actions,
    setting,
    state: { session },
  } = app
  const { t, language, nowMs } = setting
  const { id, status, reason, createdAt, nextAttemptAt, test, alerts, attempts, attemptCount } =
    delivery
  const { closedPeriods, appeals } = delivery
  const key = `resend-${endpoint}-${id}`
  const state = deliveryStatus(status)
  return h(
    'article',
    { class: 'card', 'data-status': state },
    h(
      'div',
      { class: 'line-of' },
      shape(shapes[state]),
      h('span', { class: 'title' }, title ?? moment(createdAt, language, nowMs)),
      h('span', { class: 'word' }, t.told[status]),
      reason !== null && h('span', { class: 'quiet' }, reason),
      test && tag(t.testWord),
      title !== null && h('span', { class: 'quiet' }, moment(createdAt, language, nowMs)),
      attemptCount > 0 && h('span', { class: 'quiet' }, t.attempts(attemptCount)),
      nextAttemptAt !== null &&
        status === 'failing' &&
        h('span', { class: 'quiet' }, t.nextAttempt(moment(nextAttemptAt, language, nowMs))),
    ),
    title === null && alerts.length > 0 && about(app, alerts),
    closedPeriods !== null && h('div', { class: 'tags' }, tag(periodsText(closedPeriods, setting))),
    appeals.length > 0 && aboutAppeals(appeals, setting),
    attempts.length > 0 && attemptTable(app, attempts),
    title === null && h('p', { class: 'quiet' }, `${t.messageId} ${id}`),
    mayEverywhere(session, 'alerts') &&
      oneClick(app, key, t.sendAgain, (element) => actions.resend(key, element, endpoint, id)),
  )
}

const shapes = {
  ok: 'ok',
  warning: 'warning',
  critical: 'critical',
  wait: 'wait',
  none: 'none',
  info: 'info',
}

/** @param {NonNullable<Delivery['closedPeriods']>} periods @param {App['setting']} setting */
const periodsText = ({ tenant, kind, label, count }, setting) =>
  tenant + setting.t.colon + setting.t.closedPeriods(periodText(kind, setting), label, count)

/** Which alerts it tells of; those of this tenant are one click away. @param {App} app @param {Delivery['alerts']} alerts */
function about(app, alerts) {
  const { state, setting } = app
  const { t } = setting
  const named = alerts.slice(0, 5).map(({ alertId, tenant, rule, status }) => {
    const text = `${ruleTitle(rule, setting)} · ${t.status[status]}`
    return tenant === state.place.tenant
      ? linkTo(app, { view: 'alerts', alert: alertId }, { class: 'tag' }, text)
      : tag(tenant + t.colon + text)
  })
  return h('div', { class: 'tags' }, ...named, alerts.length > 5 && tag(`+ ${alerts.length - 5}`))
}

/** @param {Delivery['appeals']} appeals @param {App['setting']} setting */
function aboutAppeals(appeals, { t }) {
  const named = appeals
    .slice(0, 5)
    .map(({ tenant, agentId, decision }) => tag(tenant + t.colon + t.appeal(agentId, decision)))
  return h('div', { class: 'tags' }, ...named, appeals.length > 5 && tag(`+ ${appeals.length - 5}`))
}

/** @param {App} app @param {Delivery['attempts']} attempts */
function attemptTable({ setting: { t, language, nowMs } }, attempts) {
  const rows = attempts.map(({ number, at, durationMs, outcome, httpStatus, reason, detail }) => {
    const said = outcome === null ? t.underWay : t.outcomes[outcome]
    const why =
      outcome === 'accepted'
        ? httpStatus
        : detail || [httpStatus, reason].filter((one) => one !== null).join(' · ')
    return h(
      'tr',
      { key: number },
      h('td', {}, number),
      h('td', {}, moment(at, language, nowMs)),
      h('td', {}, durationMs === null ? '' : duration(durationMs, t)),
      h('td', {}, said, why !== null && why !== '' && ` (${why})`),
    )
  })
  const head = [t.number, t.at, t.took, t.outcome].map((text) =>
    h('th', { scope: 'col', key: text }, text),
  )
  return h(
    'table',
    { class: 'attempts' },
    h('thead', {}, h('tr', {}, ...head)),
    h('tbody', {}, ...rows),
  )
}
