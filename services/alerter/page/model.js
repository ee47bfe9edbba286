// From the server's answers to what the page shows of them. No document in here.
import { amount, duration, moment, ticking } from './format.js'
import {
  channelText,
  queueOf,
  readable,
  ruleTitle,
  sliceText,
  stateText,
  subjectText,
} from './words.js'

/**
 * @typedef {import('./source.js').Alert} Alert
 * @typedef {import('./texts.js').Texts} Texts
 * @typedef {import('./settings.js').Language} Language
 * @typedef {{ t: Texts, words: import('./words.js').Words, language: Language, nowMs: number }} Setting `nowMs`: log time of this instant, between two answers
 * @typedef {'ok' | 'info' | 'warning' | 'critical' | 'wait' | 'none'} Status
 */

const gravity = { critical: 0, warning: 1, info: 2 }

/** Found late, and nobody is told of it: it was over, or is history, or more of it may come. @param {Alert} alert */
export const isPast = ({ late, told }) => late && (told === null || told.why === 'late')

/** The gravest first, then the oldest; what came too late behind all. @param {readonly Alert[]} alerts */
export function ordered(alerts) {
  return alerts.toSorted(
    (a, b) =>
      Number(isPast(a)) - Number(isPast(b)) ||
      gravity[a.severity] - gravity[b.severity] ||
      Date.parse(a.startedAt ?? a.since) - Date.parse(b.startedAt ?? b.since) ||
      (a.alertId < b.alertId ? -1 : 1),
  )
}

/** Nobody has to do anything about it now. @param {Alert} alert */
export const isQuiet = (alert) =>
  isPast(alert) ||
  alert.acknowledgement !== null ||
  alert.silencedBy.length > 0 ||
  alert.status !== 'firing'

/** @param {Alert} alert @returns {Status} */
export const statusOf = ({ status, severity }) =>
  status === 'resolved' ? 'ok' : status === 'pending' ? 'wait' : severity

/** How long it goes on, or went on. @param {Alert} alert @param {Setting} setting */
export function lasting({ since, endedAt }, { t, nowMs }) {
  return ticking((endedAt === null ? nowMs : Date.parse(endedAt)) - Date.parse(since), t)
}

/** What a person needs first: rule, queue, channel, agent. Within a group rule and queue are said already. @param {Alert} alert @param {Setting} setting @param {boolean} [isInGroup] */
export function titleOf(alert, setting, isInGroup = false) {
  const { rule, kind, slice, subject, contactId, agentId, channel, state } = alert
  const isSliceSaid =
    slice === 'all' ||
    (isInGroup && queueOf(slice) !== null) ||
    (agentId !== null && slice.startsWith('agent='))
  const parts = [
    isInGroup ? '' : ruleTitle(rule, setting),
    isSliceSaid ? '' : sliceText(slice, setting),
    channel === null ? '' : channelText(channel, setting),
    agentId === null ? '' : subjectText(`agent/${agentId}`, setting),
    state === null ? '' : stateText(state, setting),
    kind === 'deadline' && contactId === null && agentId === null && subject !== 'pipeline'
      ? subjectText(subject, setting)
      : '',
  ].filter((part) => part !== '')
  return parts.length === 0 ? subjectText(subject, setting) : parts.join(' · ')
}

/** @typedef {{ key: string, rule: string, queue: string | null, alerts: Alert[] }} Group */

/** Alerts of one rule and queue together, where the first of them stands; those that are past by themselves. @param {readonly Alert[]} alerts @returns {Group[]} */
export function groupsOf(alerts) {
  /** @type {Map<string, Group>} */
  const groups = new Map()
  for (const alert of alerts) {
    const { rule, status } = alert
    const queue = queueOf(alert.slice)
    const key = JSON.stringify([status, isPast(alert), rule, queue])
    const group = groups.get(key) ?? { key, rule, queue, alerts: [] }
    groups.set(key, group)
    group.alerts.push(alert)
  }
  return [...groups.values()]
}

/** It has no limit: what was lost is lost. @param {Alert} alert */
const isOfRecords = ({ subject }) => subject.startsWith('records/')

/** `70 records`. @param {Alert} alert @param {Setting} setting */
const recordsText = ({ value, unit }, setting) =>
  `${amount(value, unit, setting.t, setting.language)} ${subjectText('records/', setting)}`

/** In a list, where the time that goes on stands large beside it: its limit; a value against its limit. @param {Alert} alert @param {Setting} setting @param {(id: string) => string} nameOf */
export function inShort(alert, setting, nameOf) {
  const { t, language } = setting
  if (isOfRecords(alert)) return recordsText(alert, setting)
  if (alert.kind === 'windowed' || isPast(alert) || alert.status === 'resolved')
    return against(alert, setting, nameOf)
  return `${t.limit} ${amount(alert.limit, alert.unit, t, language)}`
}

/** The value against its limit; a wait ticks. @param {Alert} alert @param {Setting} setting @param {(id: string) => string} nameOf */
export function against(alert, setting, nameOf) {
  const { t, language, nowMs } = setting
  if (isOfRecords(alert)) return recordsText(alert, setting)
  const limit = amount(alert.limit, alert.unit, t, language)
  if (alert.kind === 'windowed') {
    const name = alert.kpi === null ? '' : nameOf(alert.kpi)
    if (alert.status === 'pending') return `${name} · ${t.threshold(limit)}`
    return `${name} ${t.valueAgainst(amount(alert.value, alert.unit, t, language), limit)}`
  }
  const goesOn = alert.status === 'firing' && !isPast(alert)
  const ms = goesOn ? nowMs - Date.parse(alert.since) : (alert.value ?? 0)
  return t.valueAgainst(goesOn ? ticking(ms, t) : duration(ms, t), limit)
}

/** @param {import('./source.js').Delivered} status @returns {Status} */
export function deliveryStatus(status) {
  switch (status) {
    case 'delivered':
      return 'ok'
    case 'failing':
    case 'disabled':
      return 'warning'
    case 'given-up':
      return 'critical'
    case 'waiting':
      return 'wait'
    case 'coalesced':
      return 'none'
  }
}

/** @param {import('./source.js').Told} told @param {Setting} setting */
export function toldText({ endpoint, status, at, attempts }, { t, language, nowMs }) {
  const when = status === 'delivered' && at !== null ? ` ${moment(at, language, nowMs)}` : ''
  const tries = attempts > 1 || status === 'failing' ? t.comma + t.attempts(attempts) : ''
  return `${endpoint}${t.colon}${t.told[status]}${when}${tries}`
}

/** How it ended, and why; `null`: it goes on, or it was resolved. @param {Alert} alert @param {Texts} t */
export function endOf({ retracted, withdrawn, contactId }, t) {
  if (retracted)
    return `${t.retracted} · ${t.retractedText[contactId === null ? 'other' : 'contact']}`
  return withdrawn ? `${t.withdrawn} · ${t.withdrawnText}` : null
}

/** @typedef {{ at: string, text: string, comment?: string }} Step */

/** All that is known of an alert, as it came. @param {Alert} alert @param {Texts} t @returns {Step[]} */
export function courseOf(alert, t) {
  const { since, startedAt, endedAt, acknowledgement, told } = alert
  /** @type {Step[]} */
  const steps = [{ at: since, text: t.courseSince }]
  if (startedAt !== null) steps.push({ at: startedAt, text: t.courseFired })
  if (told?.at) steps.push({ at: told.at, text: t.courseTold })
  if (acknowledgement !== null) {
    const { author, comment, at } = acknowledgement
    steps.push({ at, text: t.courseAcknowledged(author), comment })
  }
  if (endedAt !== null) steps.push({ at: endedAt, text: endOf(alert, t) ?? t.status.resolved })
  return steps.toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at))
}

/** What a silence of this alert could match, the narrowest first. @param {Alert} alert @param {Setting} setting */
export function scopesOf({ rule, subject, slice, kind }, setting) {
  const { t } = setting
  const title = ruleTitle(rule, setting)
  const byRule = { on: 'rule', value: rule }
  const scopes = [{ text: t.scopes.rule(title), matchers: [byRule] }]
  if (slice !== 'all') {
    const bySlice = { on: 'slice', value: slice }
    const where = sliceText(slice, setting)
    scopes.unshift({ text: t.scopes.slice(title, where), matchers: [byRule, bySlice] })
    scopes.push({ text: t.scopes.everything(where), matchers: [bySlice] })
  }
  if (kind === 'deadline') {
    const bySubject = { on: 'subject', value: subject }
    scopes.unshift({
      text: t.scopes.subject(title, subjectText(subject, setting)),
      matchers: [byRule, bySubject],
    })
  }
  return scopes
}

/** @param {import('./source.js').Matcher} matcher @param {Setting} setting */
export function matcherText({ on, label, value }, setting) {
  const { t } = setting
  const name =
    on === 'label'
      ? `${t.on.label} ${label ?? ''}`
      : on in t.on
        ? t.on[/** @type {keyof Texts['on']} */ (on)]
        : on
  return `${name} = ${on === 'rule' ? ruleTitle(value, setting) : on === 'slice' ? sliceText(value, setting) : readable(value)}`
}
