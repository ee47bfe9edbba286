import { calendarOf } from './calendar.ts'
import { type LocalTime, zonedAt, zonedIn } from './local-time.ts'
import {
  type ClosedKind,
  closedKinds,
  periodAt,
  type WholeDayKind,
  wholeDayKinds,
} from './periods.ts'
import { bucketStart, type EpochMs, type Interval, slotMs } from './time.ts'

/** Where the period of each kind begins that holds an instant. */
export type PeriodStarts = Readonly<Record<ClosedKind, EpochMs>>

/** The same, of where each of them ends. */
export type PeriodEnds = PeriodStarts

type Bounds = Readonly<Record<keyof Interval, Omit<PeriodStarts, 'hour'>>>

const heldMax = 20_000

/** By zone. A memo, not state: what comes is mostly of the hour and the day of what came before. */
const known = new Map<string, { hours: Map<EpochMs, Interval>; days: Map<EpochMs, Bounds> }>()

/** @throws RangeError when the zone is not known. */
export function periodStarts(atMs: EpochMs, localTime: LocalTime): PeriodStarts {
  const { timeZone, startMs } = zonedAt(localTime, atMs)
  const starts = startsInZone(atMs, timeZone)
  if (Math.min(starts.week, starts.year) >= startMs) return starts // A week may begin before its year.
  const cut = closedKinds.map((kind) => [kind, Math.max(starts[kind], startMs)] as const)
  return Object.fromEntries(cut) as PeriodStarts
}

/** Where the period of each kind begins that holds an instant: as a zone has it, whatever cuts it. @throws RangeError when the zone is not known. */
export const startsInZone = (atMs: EpochMs, timeZone: string): PeriodStarts =>
  boundsInZone('startMs', atMs, timeZone)

/** Where it ends, and the next one of its kind begins. @throws RangeError when the zone is not known. */
export const endsInZone = (atMs: EpochMs, timeZone: string): PeriodEnds =>
  boundsInZone('endMs', atMs, timeZone)

/** The begin of a period of whole days. */
export type PeriodBegin = { readonly period: WholeDayKind; readonly startMs: EpochMs }

/** Where periods of whole days begin after one instant and up to another, inside: each in the zone that applies there, so that what cuts a period begins none. In order. */
export function* periodBegins(
  { afterMs, toMs }: { readonly afterMs: EpochMs; readonly toMs: EpochMs },
  localTime: LocalTime,
): Generator<PeriodBegin> {
  for (const zoned of zonedIn(localTime, { startMs: afterMs, endMs: (toMs + 1) as EpochMs })) {
    const { timeZone } = zoned
    const lastMs = Math.min(toMs, zoned.endMs - 1)
    const next = (atMs: number): EpochMs => endsInZone(atMs as EpochMs, timeZone).day
    const firstMs = next(Math.max(afterMs, zoned.startMs - 1))
    for (let startMs = firstMs; startMs <= lastMs; startMs = next(startMs)) {
      const starts = startsInZone(startMs, timeZone)
      for (const period of wholeDayKinds) if (starts[period] === startMs) yield { period, startMs }
    }
  }
}

function boundsInZone(bound: keyof Interval, atMs: EpochMs, timeZone: string): PeriodStarts {
  const { hours, days } = known.getOrInsertComputed(timeZone, () => ({
    hours: new Map(),
    days: new Map(),
  }))
  const day = calendarOf(timeZone).dayStart(atMs)
  for (const memo of [hours, days]) if (memo.size > heldMax) memo.clear()
  // Hours of every zone are whole quarter-hours, since 1972.
  const slot = bucketStart(atMs, slotMs)
  const hour = hours.getOrInsertComputed(slot, () => periodAt('hour', slot, timeZone))
  const longer = days.getOrInsertComputed(day, () => longerBounds(day, timeZone))
  return { hour: hour[bound], ...longer[bound] }
}

function longerBounds(dayStartMs: EpochMs, timeZone: string): Bounds {
  const at = (bound: keyof Interval, kind: ClosedKind): EpochMs =>
    periodAt(kind, dayStartMs, timeZone)[bound]
  const all = (bound: keyof Interval) => ({
    day: at(bound, 'day'),
    week: at(bound, 'week'),
    month: at(bound, 'month'),
    quarter: at(bound, 'quarter'),
    year: at(bound, 'year'),
  })
  return { startMs: all('startMs'), endMs: all('endMs') }
}
