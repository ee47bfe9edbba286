// From the server's answers to what the page shows of them. No document in here.
import { amount, duration, moment, ticking } from './format.js'

/**
 * @typedef {import('./source.js').Alert} Alert
 * @typedef {import('./texts.js').Texts} Texts
 * @typedef {import('./settings.js').Language} Language
 * @typedef {{ t: Texts, language: Language, nowMs: number }} Setting `nowMs`: log time of this instant, between two answers
 * @typedef {'ok' | 'info' | 'warning' | 'critical' | 'wait' | 'none'} Status
 */

const gravity = { critical: 0, warning: 1, info: 2 }

/** The gravest first, then the oldest; what came too late behind all. @param {readonly Alert[]} alerts */
export function ordered(alerts) {
  return alerts.toSorted(
    (a, b) =>
      Number(a.late) - Number(b.late) ||
      gravity[a.severity] - gravity[b.severity] ||
      Date.parse(a.startedAt ?? a.since) - Date.parse(b.startedAt ?? b.since) ||
      (a.alertId < b.alertId ? -1 : 1),
  )
}

/** Nobody has to do anything about it now. @param {Alert} alert */
export const isQuiet = ({ late, acknowledgement, silencedBy, status }) =>
  late || acknowledgement !== null || silencedBy.length > 0 || status !== 'firing'

/** @param {Alert} alert @returns {Status} */
export const statusOf = ({ status, severity }) => (status === 'resolved' ? 'ok' : status === 'pending' ? 'wait' : severity)

/** How long it goes on, or went on. @param {Alert} alert @param {Setting} setting */
export function lasting({ since, endedAt }, { t, nowMs }) {
  return ticking((endedAt === null ? nowMs : Date.parse(endedAt)) - Date.parse(since), t)
}

/** What it is about, in few words: `c-17`, `queue=billing`. @param {Alert} alert @param {Texts} t */
export function topicOf({ contactId, agentId, subject, slice }, t) {
  if (contactId !== null) return contactId
  if (agentId !== null) return agentId
  const at = subject.indexOf('/')
  const rest = at < 0 ? subject : subject.slice(at + 1)
  if (!subject.startsWith('slice/')) return rest
  return slice === 'all' ? t.everything : readable(slice)
}

/** @param {string} slice */
export function readable(slice) {
  try {
    return decodeURIComponent(slice)
  } catch {
    return slice
  }
}

/** In a list, where the time that goes on stands large beside it: its limit; a value against its limit. @param {Alert} alert @param {Setting} setting @param {(id: string) => string} nameOf */
export function inShort(alert, setting, nameOf) {
  const { t, language } = setting
  if (alert.kind === 'windowed' || alert.late || alert.status === 'resolved') return against(alert, setting, nameOf)
  return `${t.limit} ${amount(alert.limit, alert.unit, t, language)}`
}

/** The value against its limit; a wait ticks. @param {Alert} alert @param {Setting} setting @param {(id: string) => string} nameOf */
export function against(alert, setting, nameOf) {
  const { t, language, nowMs } = setting
  const limit = amount(alert.limit, alert.unit, t, language)
  if (alert.kind === 'windowed') {
    const name = alert.kpi === null ? '' : `${nameOf(alert.kpi)} `
    return alert.status === 'pending' ? `${name}(${limit})` : name + t.valueAgainst(amount(alert.value, alert.unit, t, language), limit)
  }
  const goesOn = alert.status === 'firing' && !alert.late
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
  const tries = attempts > 1 || status === 'failing' ? `, ${t.attempts(attempts)}` : ''
  return `${endpoint}: ${t.told[status]}${when}${tries}`
}

/** @typedef {{ at: string, text: string, comment?: string }} Step */

/** All that is known of an alert, as it came. @param {Alert} alert @param {Texts} t @returns {Step[]} */
export function courseOf({ since, startedAt, endedAt, acknowledgement, told, retracted, withdrawn }, t) {
  /** @type {Step[]} */
  const steps = [{ at: since, text: t.courseSince }]
  if (startedAt !== null) steps.push({ at: startedAt, text: t.courseFired })
  if (told?.at) steps.push({ at: told.at, text: t.courseTold })
  if (acknowledgement !== null) {
    const { author, comment, at } = acknowledgement
    steps.push({ at, text: t.courseAcknowledged(author), comment })
  }
  if (endedAt !== null) {
    const how = retracted ? ` · ${t.retractedText}` : withdrawn ? ` · ${t.withdrawnText}` : ''
    steps.push({ at: endedAt, text: t.courseEnded + how })
  }
  return steps.toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at))
}

/** What a silence of this alert could match, the narrowest first. @param {Alert} alert @param {Texts} t */
export function scopesOf({ rule, subject, slice, kind }, t) {
  const byRule = { on: 'rule', value: rule }
  const scopes = [{ text: t.scopes.rule(rule), matchers: [byRule] }]
  if (slice !== 'all') {
    const bySlice = { on: 'slice', value: slice }
    scopes.unshift({ text: t.scopes.slice(rule, readable(slice)), matchers: [byRule, bySlice] })
    scopes.push({ text: t.scopes.everything(readable(slice)), matchers: [bySlice] })
  }
  if (kind === 'deadline') {
    const bySubject = { on: 'subject', value: subject }
    scopes.unshift({ text: t.scopes.subject(rule, readable(subject)), matchers: [byRule, bySubject] })
  }
  return scopes
}

/** @param {import('./source.js').Matcher} matcher @param {Texts} t */
export function matcherText({ on, label, value }, t) {
  const name = on === 'label' ? `${t.on.label} ${label ?? ''}` : on in t.on ? t.on[/** @type {keyof Texts['on']} */ (on)] : on
  return `${name} = ${readable(value)}`
}
