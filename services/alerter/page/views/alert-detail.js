import { h, shape } from '../dom.js'
import { typed } from '../form-data.js'
import { may } from '../session.js'
import { moment, ticking } from '../format.js'
import { against, courseOf, endOf, isPast, isQuiet, scopesOf, statusOf, titleOf } from '../model.js'
import { channelText, ruleTitle, sliceText, subjectText } from '../words.js'
import { shapeOf, wordOf } from './alert-card.js'
import { empty, linkTo, tag } from './app.js'
import { deliveryCard } from './deliveries.js'
import { choice, durationChoice, field, form } from './forms.js'

/** @typedef {import('./app.js').App} App @typedef {import('../source.js').Alert} Alert */

/** One alert, with its whole course and what can be done about it. @param {App} app */
export function alertDetail(app) {
  const { state, setting } = app
  const { t, language } = setting
  const { alert } = state
  if (alert === null) return h('section', { class: 'detail', key: 'detail', 'aria-busy': 'true' })
  if (alert === 'gone')
    return h('section', { key: 'detail' }, close(app), empty(t.unknownAlert, t.unknownAlertText))
  return h(
    'section',
    {
      class: 'detail',
      key: 'detail',
      'data-status': statusOf(alert),
      'aria-labelledby': 'detail-title',
    },
    h(
      'div',
      { class: 'line-of' },
      shape(shapeOf(alert)),
      h('span', { class: 'word' }, wordOf(alert, t)),
      h('h2', { id: 'detail-title', tabindex: -1 }, titleOf(alert, setting)),
      h('span', { class: 'end' }, close(app)),
    ),
    h('p', { class: 'text' }, alert.text[language].trim()),
    state.alert !== null && marks(app, alert),
    facts(app, alert),
    alert.status === 'firing' && may(state.session, 'alerts') && whatToDo(app, alert),
    course(app, alert),
    told(app, alert),
  )
}

/** @param {App} app */
const close = (app) =>
  linkTo(app, { alert: null }, { class: 'button', id: 'close-detail' }, app.setting.t.back)

/** @param {App} app @param {Alert} alert */
function marks({ setting: { t, language, nowMs }, state }, alert) {
  const { late, acknowledgement, silencedBy, status } = alert
  const end = endOf(alert, t)
  const silences =
    status === 'firing' ? (state.silences ?? []).filter(({ id }) => silencedBy.includes(id)) : []
  const all = [
    late && tag(`${t.late} · ${t.lateText}`, 'warning'),
    end !== null && tag(end),
    acknowledgement !== null && tag(t.acknowledgedBy(acknowledgement.author), 'ok'),
    ...silences.map(({ author, endsAt, comment }) =>
      tag(
        [t.silencedBy(author, moment(endsAt, language, nowMs)), comment]
          .filter(Boolean)
          .join(t.colon),
      ),
    ),
  ].filter((one) => one !== false)
  return all.length === 0 ? null : h('div', { class: 'tags', key: 'marks' }, ...all)
}

/** @param {App} app @param {Alert} alert */
function facts(app, alert) {
  const { setting, kpis } = app
  const { t, language, nowMs } = setting
  const { since, startedAt, endedAt, slice, labels, channel, agentId, contactId } = alert
  const at = (/** @type {string} */ time) => moment(time, language, nowMs)
  /** @type {[string, import('../dom.js').Child][]} */
  const rows = [
    [t.rule, linkTo(app, { view: 'rules', alert: null }, {}, ruleTitle(alert.rule, setting))],
    [t.subject, subjectText(alert.subject, setting)],
    [alert.kind === 'deadline' ? t.waited : t.value, against(alert, setting, kpis.nameOf)],
    [t.where, sliceText(slice, setting)],
    [t.since, at(since)],
  ]
  if (channel !== null) rows.push([t.channel, channelText(channel, setting)])
  if (contactId !== null && agentId !== null) rows.push([t.agent, agentId])
  if (startedAt !== null) rows.push([t.began, at(startedAt)])
  if (endedAt !== null && startedAt !== null) {
    rows.push([
      t.ended,
      `${at(endedAt)} · ${t.lasted} ${ticking(Date.parse(endedAt) - Date.parse(startedAt), t)}`,
    ])
  }
  const said = Object.entries(labels).map(([name, value]) => `${name}=${value}`)
  if (said.length > 0) rows.push([t.labels, said.join(t.comma)])
  return h(
    'dl',
    { class: 'facts' },
    ...rows.flatMap(([name, value]) => [
      h('dt', { key: `${name}-dt` }, name),
      h('dd', { key: name }, value),
    ]),
  )
}

/** @param {App} app @param {Alert} alert */
function whatToDo(app, alert) {
  const { actions, setting } = app
  const { t } = setting
  const { alertId } = alert
  const comment = field('comment', t.comment, { maxlength: 1_000, autocomplete: 'off' })
  const isDone = alert.acknowledgement !== null || isPast(alert)
  return h(
    'div',
    { class: 'fields', key: 'to-do' },
    !isDone &&
      form(
        app,
        `ack-${alertId}`,
        t.acknowledge,
        (element) => actions.acknowledge(`ack-${alertId}`, element, alertId),
        {
          title: t.acknowledge,
          fields: [comment],
          isMain: !isQuiet(alert),
        },
      ),
    alert.silencedBy.length === 0 && silenceForm(app, alert),
  )
}

/** @param {App} app @param {Alert} alert */
function silenceForm(app, alert) {
  const { actions, setting } = app
  const { t } = setting
  const scopes = scopesOf(alert, setting)
  const key = `silence-${alert.alertId}`
  return form(
    app,
    key,
    t.silence,
    (element) =>
      actions.silence(key, element, (said) => scopes[Number(typed(said, 'scope'))]?.matchers ?? []),
    {
      title: t.silenceTitle,
      fields: [
        choice(
          'scope',
          t.silenceWhat,
          scopes.map(({ text }, index) => [String(index), text]),
        ),
        durationChoice(app),
        field('comment', t.comment, { maxlength: 1_000, autocomplete: 'off' }),
      ],
    },
  )
}

/** @param {App} app @param {Alert} alert */
function course({ setting: { t, language, nowMs } }, alert) {
  const steps = courseOf(alert, t).map(({ at, text, comment }, index) => {
    const said = comment === undefined || comment === '' ? text : text + t.colon + comment
    return h(
      'li',
      { key: index },
      h('time', { datetime: at }, moment(at, language, nowMs)),
      h('span', {}, said),
    )
  })
  return h(
    'section',
    { key: 'course' },
    h('h3', {}, t.course),
    h('ol', { class: 'course' }, ...steps),
  )
}

/** @param {App} app @param {Alert} alert */
function told(app, { told: said }) {
  const { state, setting } = app
  const { t, language, nowMs } = setting
  if (said === null) return null
  const deliveries = said.endpoints.map(({ endpoint, deliveryId, status }) => {
    const found = state.deliveries.get(endpoint)?.find(({ id }) => id === deliveryId)
    if (found !== undefined)
      return h('li', { key: endpoint }, deliveryCard(app, endpoint, found, endpoint))
    return h(
      'li',
      { key: endpoint },
      h('div', { class: 'card', 'data-status': 'wait' }, `${endpoint}${t.colon}${t.told[status]}`),
    )
  })
  return h(
    'section',
    { key: 'told' },
    h('h3', {}, t.whoWasTold),
    h(
      'p',
      { class: 'quiet' },
      t.why[said.why],
      said.nextAt !== null && ` ${t.nextTold(moment(said.nextAt, language, nowMs))}`,
    ),
    deliveries.length === 0 ? null : h('ul', {}, ...deliveries),
  )
}
