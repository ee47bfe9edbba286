import type { Clock } from '../config/tenant-config.ts'
import type { DimensionValues } from '../measures/measure.ts'
import {
  type ForecastAhead,
  type IntervalKind,
  isForecastAhead,
  isWaitingRow,
  type OpenRow,
  type WaitingRow,
} from '../open/entry.ts'
import type { EpochMs } from '../time/time.ts'
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
 * calendar its business time is of. Both as at the request.
 */
export type InBacklog = {
  readonly sinceMs: EpochMs
  readonly clock: Clock
  readonly queue: string | null
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
    equalDimensions(a.dimensions, b.dimensions)
  )
}

function equalRows(a: OpenRow, b: OpenRow): boolean {
  if (isWaitingRow(a)) return isWaitingRow(b) && equalWaiting(a, b)
  if (isForecastAhead(a)) return isForecastAhead(b) && equalForecasts(a, b)
  if (
    isWaitingRow(b) ||
    isForecastAhead(b) ||
    a.agentId !== b.agentId ||
    a.contacts !== b.contacts ||
    a.capacity !== b.capacity
  )
    return false
  return (
    a.queues.length === b.queues.length &&
    a.queues.every((queue, place) => queue === b.queues[place])
  )
}

const waitingParts = [
  'contactId',
  'dueAtMs',
  'first',
  'queue',
  'channel',
  'agentId',
  'priority',
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
