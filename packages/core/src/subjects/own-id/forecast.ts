import type { CanonicalEvent, EventData } from '../../events/event.ts'
import type { OpenSubject } from '../../folds/open-subject.ts'
import { dimensionSet } from '../../measures/dimension-set.ts'
import { bucketStart, dayMs, type EpochMs, hourMs, slotMs } from '../../time/time.ts'
import { minuteEnd, type Spreading, spreadingOf } from '../../workforce/forecast.ts'
import type { ForecastRow } from '../row.ts'
import type { OwnIdKind } from './own-id.ts'

/** A longer interval is none: it is counted minute by minute. */
export const forecastIntervalMaxMs = 31 * dayMs
/** What begins so long after it was told, or was over so long before, counts nowhere: an interval of the year 9999 would be kept for good. */
const [aheadMaxMs, behindMaxMs] = [366 * dayMs, 35 * dayMs]
/** So long before it begins, and until it is over, a forecast can be read. */
const readableMs = 48 * hourMs

/** Times of the log are UTC and of one form: neither has a slash. */
const idOf = ({ start, end, queue }: EventData): string =>
  `${start as string}/${end as string}/${queue}`

/** What is expected in a queue from one instant to another: the last word counts, minute by minute as they begin. */
export const forecast: OwnIdKind = {
  name: 'forecast',
  types: ['workload.forecast'],
  idOf,
  tell(events, nowMs) {
    const told = events.at(-1)!
    const its = intervalOf(told)
    if (!isCounted(its, told)) return { rows: [] }
    const changed = { rows: rowsOf(its, told, nowMs), aheadMs: nextMs(its, nowMs) }
    const isReadable = its.startMs - readableMs <= nowMs && nowMs < its.endMs
    return isReadable ? { ...changed, open: aheadOf(its, told) } : changed
  },
}

/** It stands since it could be read. */
function aheadOf(its: Spreading, { data }: CanonicalEvent): OpenSubject {
  const queue = data.queue!
  return {
    row: { forecastId: idOf(data), queue, ...its },
    intervals: [{ kind: 'forecast', sinceMs: (its.startMs - readableMs) as EpochMs }],
    dimensions: { queue },
  }
}

function intervalOf({ data }: CanonicalEvent): Spreading {
  const { start, end, offered, averageHandleMs, agents } = data as Readonly<
    Record<'start' | 'end', string> &
      Record<'offered', number> &
      Record<'averageHandleMs' | 'agents', number | undefined>
  >
  const [startMs, endMs] = [Date.parse(start) as EpochMs, Date.parse(end) as EpochMs]
  return spreadingOf({ startMs, endMs, offered, averageHandleMs, agents })
}

const isCounted = ({ startMs, endMs }: Spreading, { timeMs: toldMs }: CanonicalEvent): boolean =>
  endMs - startMs <= forecastIntervalMaxMs &&
  startMs <= toldMs + aheadMaxMs &&
  endMs >= toldMs - behindMaxMs

/** The minutes that have begun, a row for each quarter-hour. */
function rowsOf(its: Spreading, { timeMs, data }: CanonicalEvent, nowMs: EpochMs): ForecastRow[] {
  const credit = dimensionSet({ queue: data.queue! })
  const begunMs = nowMs < its.startMs ? its.startMs : minuteEnd(its, nowMs)
  const rows: ForecastRow[] = []
  for (let atMs = its.startMs; atMs < begunMs;) {
    const toMs = Math.min(bucketStart(atMs, slotMs) + slotMs, begunMs) as EpochMs
    rows.push({ grain: 'forecast', ...its, toldMs: timeMs, from: { atMs, credit }, toMs })
    atMs = toMs
  }
  return rows
}

/** It can be read, a minute begins, or it is over: what it tells changes then. */
function nextMs(its: Spreading, nowMs: EpochMs): EpochMs {
  const { startMs, endMs } = its
  const fromMs = (startMs - readableMs) as EpochMs
  if (nowMs < fromMs) return fromMs
  if (nowMs < startMs) return startMs
  return nowMs < endMs ? minuteEnd(its, nowMs) : endMs
}
