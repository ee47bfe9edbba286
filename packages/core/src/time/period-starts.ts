import { calendarOf } from './calendar.ts'
import { type LocalTime, zonedAt } from './local-time.ts'
import { type ClosedKind, closedKinds, periodAt } from './periods.ts'
import { bucketStart, type EpochMs, slotMs } from './time.ts'

/** Where the period of each kind begins that holds an instant. */
export type PeriodStarts = Readonly<Record<ClosedKind, EpochMs>>

type Longer = Omit<PeriodStarts, 'hour' | 'day'>

const heldMax = 20_000

/** By zone. A memo, not state: what comes is mostly of the hour and the day of what came before. */
const known = new Map<string, { hours: Map<EpochMs, EpochMs>; days: Map<EpochMs, Longer> }>()

/** @throws RangeError when the zone is not known. */
export function periodStarts(atMs: EpochMs, localTime: LocalTime): PeriodStarts {
  const { timeZone, startMs } = zonedAt(localTime, atMs)
  const starts = startsInZone(atMs, timeZone)
  if (Math.min(starts.week, starts.year) >= startMs) return starts // A week may begin before its year.
  const cut = closedKinds.map((kind) => [kind, Math.max(starts[kind], startMs)] as const)
  return Object.fromEntries(cut) as PeriodStarts
}

function startsInZone(atMs: EpochMs, timeZone: string): PeriodStarts {
  const { hours, days } = known.getOrInsertComputed(timeZone, () => ({
    hours: new Map(),
    days: new Map(),
  }))
  const startOf = (kind: ClosedKind, withinMs: EpochMs): EpochMs =>
    periodAt(kind, withinMs, timeZone).startMs
  const day = calendarOf(timeZone).dayStart(atMs)
  for (const memo of [hours, days]) if (memo.size > heldMax) memo.clear()
  return {
    // Hours of every zone are whole quarter-hours, since 1972.
    hour: hours.getOrInsertComputed(bucketStart(atMs, slotMs), (slot) => startOf('hour', slot)),
    day,
    ...days.getOrInsertComputed(day, (start) => ({
      week: startOf('week', start),
      month: startOf('month', start),
      quarter: startOf('quarter', start),
      year: startOf('year', start),
    })),
  }
}
