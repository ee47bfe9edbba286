import type { Clock } from '../config/tenant-config.ts'
import type { DimensionValues } from '../measures/measure.ts'
import {
  type AppealRow,
  type ForecastAhead,
  type IntervalKind,
  isAppealRow,
  isForecastAhead,
  isRosterRow,
  isWaitingRow,
  type OpenRow,
  type RosterRow,
  type WaitingRow,
} from '../open/entry.ts'
import type { DurationMs, EpochMs } from '../time/time.ts'
import { equalDimensions } from '../measures/dimension-set.ts'

/** Goes on since `sinceMs`. */
export type OpenInterval = { readonly kind: IntervalKind; readonly sinceMs: EpochMs }

/**
 * What goes on with a contact or an agent, or is ahead by a forecast: at most one interval of a kind. Each is in the slices of these dimensions that the configuration in force at its
 * beginning keeps.
 */
export type OpenSubject = {
  readonly row: OpenRow
  readonly intervals: readonly OpenInterval[]
  readonly dimensions: DimensionValues
}

/**
 * A contact counts as open, in the slices of these dimensions that the configuration in force at `sinceMs` keeps. `clock`: of its class; `queue`: whose
 * calendar its business time is of. `limitMs`: of its resolution. All as at the request. `dueAfterMs`: how long after the request, on its clock, the limit passes. `null`:
 * there is none, or it stands still.
 */
export type InBacklog = {
  readonly sinceMs: EpochMs
  readonly clock: Clock
  readonly queue: string | null
  readonly limitMs: DurationMs | null
  readonly dueAfterMs: DurationMs | null
  readonly dimensions: DimensionValues
}

export function equalOpen(a: OpenSubject | null, b: OpenSubject | null): boolean {
  if (a === null || b === null) return a === b
  return (
    equalRows(a.row, b.row) &&
    equalIntervals(a.intervals, b.intervals) &&
    equalDimensions(a.dimensions, b.dimensions)
  )
}

export function equalBacklog(a: InBacklog | null, b: InBacklog | null): boolean {
  if (a === null || b === null) return a === b
  return (
    a.sinceMs === b.sinceMs &&
    a.clock === b.clock &&
    a.queue === b.queue &&
    a.limitMs === b.limitMs &&
    a.dueAfterMs === b.dueAfterMs &&
    equalDimensions(a.dimensions, b.dimensions)
  )
}

function equalRows(a: OpenRow, b: OpenRow): boolean {
  if (isWaitingRow(a)) return isWaitingRow(b) && equalWaiting(a, b)
  if (isRosterRow(a)) return isRosterRow(b) && equalRosters(a, b)
  if (isAppealRow(a)) return isAppealRow(b) && equalAppeals(a, b)
  if (isForecastAhead(a)) return isForecastAhead(b) && equalForecasts(a, b)
  if (
    isWaitingRow(b) ||
    isRosterRow(b) ||
    isAppealRow(b) ||
    isForecastAhead(b) ||
    a.agentId !== b.agentId ||
    a.contacts !== b.contacts ||
    a.capacity !== b.capacity ||
    a.missedInARow !== b.missedInARow ||
    a.reason !== b.reason
  )
    return false
  return equalTexts(a.queues, b.queues)
}

const equalTexts = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((text, place) => text === b[place])

const equalRosters = (a: RosterRow, b: RosterRow): boolean =>
  a.rosterOf === b.rosterOf &&
  a.entries.length === b.entries.length &&
  a.entries.every(({ from, teams, role, aliases }, place) => {
    const other = b.entries[place]!
    return (
      from === other.from &&
      role === other.role &&
      equalTexts(teams, other.teams) &&
      equalTexts(aliases, other.aliases)
    )
  })

/** Written in one order. */
const equalAppeals = (a: AppealRow, b: AppealRow): boolean =>
  JSON.stringify(a) === JSON.stringify(b)

const waitingParts = [
  'contactId',
  'dueAtMs',
  'first',
  'queue',
  'channel',
  'agentId',
  'priority',
  'customerId',
] as const satisfies (keyof WaitingRow)[]

const equalWaiting = (a: WaitingRow, b: WaitingRow): boolean =>
  waitingParts.every((part) => a[part] === b[part])

const forecastParts = [
  'forecastId',
  'queue',
  'startMs',
  'endMs',
  'offered',
  'workMs',
  'agentMs',
] as const satisfies (keyof ForecastAhead)[]

const equalForecasts = (a: ForecastAhead, b: ForecastAhead): boolean =>
  forecastParts.every((part) => a[part] === b[part])

function equalIntervals(a: readonly OpenInterval[], b: readonly OpenInterval[]): boolean {
  return (
    a.length === b.length &&
    a.every(({ kind, sinceMs }, place) => kind === b[place]!.kind && sinceMs === b[place]!.sinceMs)
  )
}
