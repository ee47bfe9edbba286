import type { CanonicalEvent } from '../../events/event.ts'
import { dateStartIn, type LocalTime } from '../../time/local-time.ts'
import { type DatePeriod, kindsAround } from '../../time/periods.ts'
import { dayMs, type EpochMs } from '../../time/time.ts'
import type { MayNamePeriod, Row } from '../row.ts'
import { begunEverywhereMs, type OwnIdTold } from './own-id.ts'

/** A longer period counts nowhere, nor does one that begins so long after it was told, or ended so long before. */
const spanMaxMs = 366 * dayMs

/** Where a row counts, and the period that it names. */
export type Booked = MayNamePeriod & { readonly atMs: EpochMs }

/**
 * The row of a subject whose last event counts, all of it: in the period that it names, from where that begins, once it has begun everywhere; else at the time of
 * its first event, as what is changed keeps its time.
 */
export function tellBooked(
  events: readonly CanonicalEvent[],
  nowMs: EpochMs,
  localTime: LocalTime,
  rowOf: (told: CanonicalEvent, booked: Booked) => Row,
): OwnIdTold {
  const told = events.at(-1)!
  const period = told.data['period'] as DatePeriod | undefined
  if (period === undefined)
    return { rows: [rowOf(told, { atMs: events[0]!.timeMs, period: null })] }
  if (!isCounted(period, told)) return { rows: [] }
  const { start, end } = period
  const begunMs = begunEverywhereMs(start)
  if (begunMs > nowMs) return { rows: [], aheadMs: begunMs }
  const named = { start, end, within: kindsAround(period) }
  return { rows: [rowOf(told, { atMs: dateStartIn(localTime, start), period: named })] }
}

function isCounted({ start, end }: DatePeriod, { timeMs }: CanonicalEvent): boolean {
  const [startMs, endMs] = [Date.parse(start), Date.parse(end) + dayMs]
  return (
    endMs - startMs <= spanMaxMs && startMs <= timeMs + spanMaxMs && endMs >= timeMs - spanMaxMs
  )
}
