import { agentStates } from '../events/types.ts'
import type { IntervalKind } from '../open/entry.ts'
import type { PeriodKind } from '../time/periods.ts'
import type { EpochMs } from '../time/time.ts'

/** Keys of state.md, without the adapter's prefix `dp:<generation>:{<tag>}:`. Ids inside are percent-encoded for `% , = : { } / *`. */

const reserved = /[%,=:{}/*]/
const reservedAll = /[%,=:{}/*]/g

/** `a:b` → `a%3Ab`; what needs no encoding is returned as it is. A star alone stands for every value of a dimension, so that one in an id is encoded. */
export function encodeId(id: string): string {
  if (!reserved.test(id)) return id
  return id.replace(
    reservedAll,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
  )
}

/** @throws URIError when a percent sign is not followed by two hex digits. */
export function decodeId(text: string): string {
  return text.includes('%') ? decodeURIComponent(text) : text
}

export type Resolution = 'minute' | 'slot' | 'day'

/** Tenants that this partition has seen: JSON array of names. */
export const tenantsKey = 'tenants'
/** Who sends frames, what they hold back and when they were last heard (watermark), and what their clocks said (log time). */
export const sendersKey = 'senders'
/** What is wrong with the clocks in the log (`ClockProblem`): JSON; absent: nothing. Written as it changes. */
export const logClockKey = 'log-clock'

/** Records that are gone before they were counted, as far as they concern this partition. */
export const gapsKey = 'gaps'

/** The version of the folds that made this partition's state: decimal digits. */
export const foldVersionKey = 'fold-version'

export const configKey = (tenant: string): string => `cfg:${tenant}`
/** The last versions of a tenant's alert rules, oldest first; absent: the shipped ones are in force. */
export const rulesKey = (tenant: string): string => `rules:${tenant}`
/** How many of a tenant's entries the folds refused, and the last ones of them. */
export const refusalsKey = (tenant: string): string => `refusals:${tenant}`
/** A full page of those before. */
export const refusalPageKey = (tenant: string, page: number): string => `refusals:${tenant}:${page}`
/** Where a tenant's last accepted events stand; a ring of chunks, this one's place in it being `slot`. */
export const identitiesKey = (tenant: string, slot: number): string => `ids:${tenant}:${slot}`
export const slicesKey = (tenant: string): string => `slices:${tenant}`
/**
 * How many day records each slice has, by the slice's number: a JSON list. −1: none, but records of running minutes. A slice that has neither (0, or not
 * there) holds nothing that was counted.
 */
export const sliceDaysKey = (tenant: string): string => `slice-days:${tenant}`
export const stateKey = (subject: string): string => `s:${subject}`
export const journalKey = (subject: string): string => `j:${subject}`

/** The hash of a bucket: a record of measures for each slice in which there are any. */
export const bucketKey = (tenant: string, resolution: Resolution, bucketStartMs: EpochMs): string =>
  `m:${tenant}:${resolution}:${bucketStartMs}`

/** A record of that hash. `slice` is the number that `slices:<tenant>` gives to the slice's canonical text. */
export function measureKey(
  tenant: string,
  slice: number,
  resolution: Resolution,
  bucketStartMs: EpochMs,
): string {
  return `${bucketKey(tenant, resolution, bucketStartMs)}#${slice}`
}

/** Minutes whose measures are not yet all in their slots and days (`encodeRunning`); absent: none. */
export const runningKey = (tenant: string): string => `running:${tenant}`
/** Of the first of these minutes, slices below this number are in slot and day already (`encodeRolledTo`); absent: 0. */
export const rolledToKey = (tenant: string): string => `rolled-to:${tenant}`

/** Of which UTC days a tenant has lists of subjects, and in how many pieces each: JSON, `[[day, pieces], …]`. */
export const subjectDaysKey = (tenant: string): string => `days:${tenant}`
/**
 * A piece of the list of subjects that have told something that counts on a UTC day (`utcDay`: days since 1970-01-01), one a line, in any order and with repeats: one
 * that took all of it back stays. Nothing is told of a day whose list is gone.
 */
export const daySubjectsKey = (tenant: string, utcDay: number, piece: number): string =>
  `days:${tenant}:${utcDay}:${piece}`
/** How far a tenant's periods are closed, and what of them is to be issued: a hash of records. */
export const closingKey = (tenant: string): string => `closing:${tenant}`
/** The record of that hash that says how far. */
export const closedToKey = (tenant: string): string => `${closingKey(tenant)}#to`

/** The hash of a closed period: the last record of each slice, and those that it superseded. */
const closedPeriodKey = (tenant: string, kind: PeriodKind, startMs: EpochMs): string =>
  `closed:${tenant}:${kind}:${startMs}`
/** A record of that hash: of a slice, by its number; with `revision`, one that was superseded. */
export function closedKey(
  tenant: string,
  slice: number,
  kind: PeriodKind,
  startMs: EpochMs,
  revision?: number,
): string {
  const latest = `${closedPeriodKey(tenant, kind, startMs)}#${slice}`
  return revision === undefined ? latest : `${latest}.${revision}`
}
/** What was issued of a tenant's closed periods, in order: how many, and the last ones. */
export const issuedKey = (tenant: string): string => `issued:${tenant}`
/** A full page of those before. */
export const issuedPageKey = (tenant: string, page: number): string => `issued:${tenant}:${page}`

/** What a slice can be asked for: what goes on in it, stored as *since*. `….due`: waits over their limit; `reply.customers`: customers who are owed a reply, each once; `backlog`: how many contacts are open; `backlog.member`: which; `backlog.overdue`: which of them are past their limit; `roster`: those of all agents, `appeal`: all of them, whatever the slice. */
export type OpenKind =
  | IntervalKind
  | 'reply.live.due'
  | 'reply.deferred.due'
  | 'queue.voice.due'
  | 'reply.customers'
  | 'backlog'
  | 'backlog.member'
  | 'backlog.overdue'
  | 'roster'
  | 'appeal'

/** A hash: what goes on with each subject (`OpenEntry`). */
export const openKey = (tenant: string): string => `open:${tenant}`
/** A hash: how many contacts are open in each slice (`encodeTally`). */
export const backlogKey = (tenant: string): string => `backlog:${tenant}`
/** A hash: which contacts are open, by their ids (`encodeMember`). */
export const backlogMembersKey = (tenant: string): string => `backlog:${tenant}:members`

/** What stands open anywhere is in one of these kinds. */
export const openKinds: readonly OpenKind[] = [
  ...([
    'backlog',
    'reply.live',
    'reply.deferred',
    'queue.voice',
    'lost.reply',
    'lost.queue',
  ] as const),
  ...agentStates.map((state) => `agent.${state}` as const),
  'agent-missed',
]

export type Subject = string

export const contactSubject = (tenant: string, contactId: string): Subject =>
  `c/${tenant}/${encodeId(contactId)}`
export const customerSubject = (tenant: string, customerId: string): Subject =>
  `u/${tenant}/${encodeId(customerId)}`
/** The days of an agent that hold something: what one of them hands on goes to the next of these. */
export const agentSubject = (tenant: string, agentId: string): Subject =>
  `a/${tenant}/${encodeId(agentId)}`
/** `utcDay`: days since 1970-01-01. */
export const agentDaySubject = (tenant: string, agentId: string, utcDay: number): Subject =>
  `a/${tenant}/${encodeId(agentId)}/${utcDay}`

/** A subject with an id of its own, of a kind as `complaint`. */
export const ownIdSubject = (tenant: string, kind: string, id: string): Subject =>
  `o/${tenant}/${kind}/${encodeId(id)}`

/** What a tenant's sources were last heard of, and their alerts. */
export const sourcesSubject = (tenant: string): Subject => `s/${tenant}`

/** Which of a tenant's dimensions are nearly full, and the alerts about that. */
export const dimensionsSubject = (tenant: string): Subject => `d/${tenant}`

/** How many customers of a tenant are under contract. */
export const contractsSubject = (tenant: string): Subject => `k/${tenant}`

export type ParsedSubject =
  | {
      readonly kind: 'contact' | 'customer' | 'agent'
      readonly tenant: string
      readonly id: string
    }
  | {
      readonly kind: 'agent-day'
      readonly tenant: string
      readonly id: string
      readonly utcDay: number
    }
  | { readonly kind: 'own-id'; readonly tenant: string; readonly of: string; readonly id: string }
  | { readonly kind: 'sources' | 'dimensions' | 'contracts'; readonly tenant: string }

/** The inverse of the eight above. @throws RangeError when the text is none of theirs. */
export function parseSubject(subject: Subject): ParsedSubject {
  const [letter, tenant, id, last] = subject.split('/')
  if (tenant !== undefined && letter === 's') return { kind: 'sources', tenant }
  if (tenant !== undefined && letter === 'd') return { kind: 'dimensions', tenant }
  if (tenant !== undefined && letter === 'k') return { kind: 'contracts', tenant }
  if (tenant !== undefined && id !== undefined) {
    if (letter === 'c') return { kind: 'contact', tenant, id: decodeId(id) }
    if (letter === 'u') return { kind: 'customer', tenant, id: decodeId(id) }
    if (letter === 'a' && last !== undefined)
      return { kind: 'agent-day', tenant, id: decodeId(id), utcDay: Number(last) }
    if (letter === 'o' && last !== undefined)
      return { kind: 'own-id', tenant, of: id, id: decodeId(last) }
    if (letter === 'a') return { kind: 'agent', tenant, id: decodeId(id) }
  }
  throw new RangeError(`no subject: ${subject}`)
}
