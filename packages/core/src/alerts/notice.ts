import type { DurationMs, EpochMs } from '../time/time.ts'
import { contactRetentionMs } from '../folds/contact/contact.ts'
import { type AlertRule, alertSeverities, type AlertSeverity, lateAfterMs } from './rule.ts'
import { audibleFrom, type Silence, type SilenceableAlert } from './silence.ts'
import type { AlertTransition } from './transition.ts'

/** An alert as it stands now. `acknowledged`: a person has said that they look after it. */
export type AlertStanding = SilenceableAlert &
  Pick<AlertTransition, 'status' | 'late' | 'sinceMs' | 'startedMs' | 'endedMs' | 'end'> & {
    readonly acknowledged: boolean
  }

/** What was last told of one alert: its state, the how-manieth repeat, and everybody who was ever told that it fires. */
export type Told = {
  readonly status: 'firing' | 'resolved'
  readonly atMs: EpochMs
  readonly repeat: number
  readonly endpoints: readonly string[]
}

/** What decides whether an endpoint is told. `tenants`: `null` = all. */
export type NoticeEndpoint = {
  readonly name: string
  readonly tenants: readonly string[] | null
  readonly severityMin: AlertSeverity
}

/** What a rule says of who is told, and when. `warnsOfMs`: of a warning, the limit from which on the alert of the warned rule tells. */
export type NoticeRule = Pick<AlertRule, 'endpoints' | 'repeatMs'> &
  Partial<Pick<AlertRule, 'escalation'>> & { readonly warnsOfMs?: DurationMs }

export type NoticeInput = {
  readonly alert: AlertStanding
  /** `null`: nobody was told anything. */
  readonly told: Told | null
  /** It was told by a state that was lost: nobody knows who heard it, so it is told once more while it fires, as the same notice. */
  readonly again: boolean
  readonly rule: NoticeRule
  readonly endpoints: readonly NoticeEndpoint[]
  /** Of the tenant: those in force, those to come, and those that ended within `lateAfterMs`. */
  readonly silences: readonly Silence[]
  /** The tenant's pipeline alert fires, and this alert is one that it makes pointless: see `isInhibitable`. */
  readonly inhibited: boolean
  readonly nowMs: EpochMs
}

/**
 * Why an alert is told, or not, as people read it. `told`: its present state was told, now or before, and nothing more is due. `not-due`: the next
 * repeat is to come. `late`: it was over when it was found, or its contact had left the backlog. `too-old`: it was over, and had begun too long ago,
 * before anybody could be told. `limit-passed`: it warned of a limit that has passed, so that another alert told what followed. `nobody`: no endpoint wants it.
 */
export const noticeReasons = [
  'told',
  'not-due',
  'late',
  'silenced',
  'inhibited',
  'acknowledged',
  'retracted',
  'too-old',
  'limit-passed',
  'nobody',
] as const
export type NoticeReason = (typeof noticeReasons)[number]

export type NoticeDecision = {
  /** `null`: nothing now. */
  readonly tell: { readonly endpoints: readonly string[]; readonly repeat: number } | null
  readonly why: NoticeReason
  /** The first moment at which it will be told, if nothing but time changes; `null`: never, as things are. */
  readonly nextMs: EpochMs | null
  /** To be stored as what was told so far. */
  readonly told: Told | null
  /** Nothing will ever be told of it again, whatever changes: do not ask again. */
  readonly isFinal: boolean
}

/**
 * Whether an alert's present state is to be told now. To be asked again at `nextMs`, and whenever the alert, its acknowledgement, its rule, the
 * endpoints, the silences or the inhibition change; asking more often changes nothing.
 */
export function decideNotice(input: NoticeInput): NoticeDecision {
  return input.alert.status === 'firing' ? decideFiring(input) : decideResolved(input)
}

/**
 * Told once, however late it was found, then every `repeatMs`, and to the second level once that is due, unless somebody acknowledged; what a silence or an
 * inhibition held back is told when it ends.
 */
function decideFiring(input: NoticeInput): NoticeDecision {
  const { alert, told, again, rule, nowMs } = input
  if (told === null && hasLeftBacklog(alert, nowMs)) return quiet(input, 'late')
  const ownMs = told === null || again ? nowMs : repeatDue(told, rule.repeatMs)
  const escalatesMs = escalationDue(input)
  if (ownMs === null && escalatesMs === null) return quiet(input, 'told')
  if (alert.acknowledged) return quiet(input, 'acknowledged')
  const againMs = heardFrom(input, ownMs)
  const dueMs = earlier(againMs, escalatesMs)
  if (dueMs === null) return quiet(input, 'nobody')
  if (input.inhibited) return quiet(input, 'inhibited')
  const audibleMs = audible(input, dueMs > nowMs ? dueMs : nowMs)
  if (audibleMs > nowMs) return quiet(input, dueMs > nowMs ? 'not-due' : 'silenced', audibleMs)
  return againMs !== null && againMs <= nowMs
    ? tellFiring(input, listeners(input), nowMs)
    : tellFiring(input, untoldLevel(input), told!.atMs) // Others are told again when they would have been.
}

const earlier = (a: EpochMs | null, b: EpochMs | null): EpochMs | null =>
  a === null || (b !== null && b < a) ? b : a

/** From when on somebody listens, not before `atMs`; `null`: nobody does. */
function heardFrom(input: NoticeInput, atMs: EpochMs | null): EpochMs | null {
  if (atMs === null) return null
  const levelMs = (input.alert.startedMs + (input.rule.escalation?.afterMs ?? 0)) as EpochMs
  const candidates = [atMs, levelMs > atMs ? levelMs : atMs]
  return candidates.find((fromMs) => listeners({ ...input, nowMs: fromMs }).length > 0) ?? null
}

/** When the second level is to be told; `null`: never, or all of it was. */
function escalationDue(input: NoticeInput): EpochMs | null {
  const { alert, rule, told } = input
  const isOver = told?.status === 'resolved'
  if (!rule.escalation || isOver || untoldLevel(input).length === 0) return null
  return (alert.startedMs + rule.escalation.afterMs) as EpochMs
}

/** Those of the second level who were told nothing yet. */
function untoldLevel(input: NoticeInput): readonly string[] {
  const { rule, told } = input
  const level = rule.escalation?.endpoints ?? []
  return audience(input, ({ name }) => level.includes(name)).filter(
    (name) => told === null || !told.endpoints.includes(name),
  )
}

/**
 * Told, once, to those who were told that it fires, after a silence or an inhibition if need be: nobody is left with an alarm for good. What nobody
 * was told of is told, as one state, if it is fresh and nothing would have kept it back while it fired; else never.
 */
function decideResolved(input: NoticeInput): NoticeDecision {
  const { told, nowMs } = input
  if (told?.status === 'resolved') return final(input, 'told')
  if (told === null) return decideUntold(input)
  if (hasPassedLimit(input)) return final(input, 'limit-passed')
  const endpoints = wanted(input, told.endpoints)
  if (endpoints.length === 0) return final(input, 'nobody')
  if (input.inhibited) return quiet(input, 'inhibited')
  const audibleMs = audible(input, nowMs)
  return audibleMs > nowMs ? quiet(input, 'silenced', audibleMs) : tellResolved(input, endpoints)
}

function decideUntold(input: NoticeInput): NoticeDecision {
  const { alert, nowMs } = input
  if (alert.late) return final(input, 'late')
  if (alert.end === 'retracted') return final(input, 'retracted')
  if (nowMs - alert.startedMs >= lateAfterMs) return final(input, 'too-old')
  if (alert.acknowledged) return final(input, 'acknowledged')
  if (input.inhibited) return final(input, 'inhibited')
  if (wasSilent(input) || audible(input, nowMs) > nowMs) return final(input, 'silenced')
  const endpoints = listeners(input)
  return endpoints.length === 0 ? final(input, 'nobody') : tellResolved(input, endpoints)
}

/** It warned of a limit that passed: those who were told are told the rest by the alert of that limit. */
function hasPassedLimit({ alert, rule: { warnsOfMs } }: NoticeInput): boolean {
  const { sinceMs, endedMs } = alert
  return warnsOfMs !== undefined && endedMs !== null && endedMs - sinceMs > warnsOfMs
}

/** History that is filled in: a contact that nobody closed is no customer who still waits. */
const hasLeftBacklog = ({ contactId, sinceMs }: AlertStanding, nowMs: EpochMs): boolean =>
  contactId !== undefined && nowMs - sinceMs >= contactRetentionMs

/** It was silenced for as long as it fired: had it been looked at in time, nobody would have been told. */
function wasSilent(input: NoticeInput): boolean {
  const { startedMs, endedMs } = input.alert
  const audibleMs = audible(input, startedMs)
  return audibleMs > startedMs && endedMs !== null && audibleMs >= endedMs
}

/** `atMs`: from which on the next repeat is counted. */
function tellFiring(
  input: NoticeInput,
  endpoints: readonly string[],
  atMs: EpochMs,
): NoticeDecision {
  const { told, again, rule } = input
  const repeat = told === null ? 0 : told.repeat + (again ? 0 : 1)
  const everyone = [...new Set([...(told?.endpoints ?? []), ...endpoints])]
  const after: Told = { status: 'firing', atMs, repeat, endpoints: everyone }
  const escalatesMs = escalationDue({ ...input, told: after })
  const dueMs = earlier(repeatDue(after, rule.repeatMs), escalatesMs)
  const nextMs = dueMs === null ? null : audible(input, dueMs)
  return { tell: { endpoints, repeat }, why: 'told', nextMs, told: after, isFinal: false }
}

function tellResolved({ nowMs }: NoticeInput, endpoints: readonly string[]): NoticeDecision {
  const told = { status: 'resolved', atMs: nowMs, repeat: 0, endpoints } as const
  return { tell: { endpoints, repeat: 0 }, why: 'told', nextMs: null, told, isFinal: true }
}

const quiet = (
  { told }: NoticeInput,
  why: NoticeReason,
  nextMs: EpochMs | null = null,
): NoticeDecision => {
  return { tell: null, why, nextMs, told, isFinal: false }
}
const final = ({ told }: NoticeInput, why: NoticeReason): NoticeDecision => ({
  tell: null,
  why,
  nextMs: null,
  told,
  isFinal: true,
})

/** A wait that nobody will end, as of a visitor who left without a word, is not told of for ever. */
export const repeatsMax = 48

/** `null`: it is not told again. */
function repeatDue({ status, atMs, repeat }: Told, repeatMs: DurationMs | null): EpochMs | null {
  return status === 'resolved' || repeatMs === null || repeat >= repeatsMax
    ? null
    : ((atMs + repeatMs) as EpochMs)
}
const audible = ({ alert, silences }: NoticeInput, fromMs: EpochMs): EpochMs =>
  audibleFrom(alert, silences, fromMs)

/** Endpoints that are told now: named by the rule (or all but those of the second level), and those of the second level once that is due. */
function listeners(input: NoticeInput): readonly string[] {
  const { alert, rule, nowMs } = input
  const { endpoints: named, escalation } = rule
  const level = escalation?.endpoints ?? []
  const dueMs = escalation ? alert.startedMs + escalation.afterMs : Infinity
  const isDue = dueMs <= nowMs && (alert.endedMs === null || dueMs < alert.endedMs)
  return audience(input, ({ name }) => {
    const isSecond = level.includes(name)
    return (isSecond && isDue) || (named === null ? !isSecond : named.includes(name))
  })
}

/** Of the tenant, of the severity, and not the one that the alert is about. */
function audience(
  { alert, endpoints }: NoticeInput,
  isWanted: (endpoint: NoticeEndpoint) => boolean,
): readonly string[] {
  const named = endpoints.filter(isWanted)
  const grave = named.filter(({ severityMin }) => rankOf(alert.severity) >= rankOf(severityMin))
  return grave
    .filter((endpoint) => isOf(endpoint, alert) && alert.subject !== endpointSubject(endpoint.name))
    .map(({ name }) => name)
}

/** Of those who were told before, the ones that still exist and may hear of the tenant, whatever rule and severity are now. */
function wanted({ alert, endpoints }: NoticeInput, before: readonly string[]): readonly string[] {
  return endpoints
    .filter((endpoint) => before.includes(endpoint.name) && isOf(endpoint, alert))
    .map(({ name }) => name)
}

const rankOf = (severity: AlertSeverity): number => alertSeverities.indexOf(severity)
const isOf = ({ tenants }: NoticeEndpoint, { tenant }: AlertStanding): boolean =>
  tenants === null || tenants.includes(tenant)

export const pipelineSubject = 'pipeline'
export const clockSubject = 'clock'
export const endpointSubject = (endpoint: string): string => `endpoint/${endpoint}`
/** Lost records, by the id of their gap. */
export const recordsSubject = (gapId: string): string => `records/${gapId}`
/** `null`: it is about something else. */
export const gapIdOfSubject = (subject: string): string | null =>
  subject.startsWith(recordsSubject('')) ? subject.slice(recordsSubject('').length) : null

/** A stalled pipeline makes alerts about what goes through it pointless; not those about itself or about delivery. */
export const isInhibitable = (subject: string): boolean =>
  subject !== pipelineSubject &&
  subject !== clockSubject &&
  !subject.startsWith(endpointSubject('')) &&
  gapIdOfSubject(subject) === null
