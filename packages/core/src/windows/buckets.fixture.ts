import type { Measure } from '../measures/measure.ts'
import { addCount, addDuration, emptyRecord, type MeasureRecord } from '../measures/record.ts'
import { encodeRecord } from '../measures/record-codec.ts'
import { measureKey, type OpenKind } from '../state/keys.ts'
import { dayStartAt, type LocalTime } from '../time/local-time.ts'
import { bucketStart, type EpochMs, minuteMs, slotMs } from '../time/time.ts'
import type { ReadAnswer } from './evaluate.ts'
import type { ReadingPlan } from './plan.ts'

/** The stored buckets of one slice, filled the plain way; answers plans like a store. */
export type Buckets = {
  add(measure: Measure, atMs: EpochMs, value: number): void
  /** A `span`, cut at every minute. */
  span(measure: Measure, startMs: EpochMs, endMs: EpochMs): void
  openSince(kind: OpenKind, ...sinceMs: readonly number[]): void
  answer(plan: ReadingPlan, asOfMs: EpochMs): ReadAnswer
}

export function buckets(tenant: string, sliceId: number, localTime: LocalTime): Buckets {
  const records = new Map<string, MeasureRecord>()
  const open = new Map<OpenKind, number[]>()

  function recordsAt(atMs: EpochMs): MeasureRecord[] {
    const starts = [
      ['minute', bucketStart(atMs, minuteMs)],
      ['slot', bucketStart(atMs, slotMs)],
      ['day', dayStartAt(localTime, atMs)],
    ] as const
    return starts.map(([resolution, startMs]) => {
      const key = measureKey(tenant, sliceId, resolution, startMs)
      const record = records.get(key) ?? emptyRecord()
      records.set(key, record)
      return record
    })
  }

  return {
    add(measure, atMs, value) {
      for (const record of recordsAt(atMs)) {
        if (measure.kind === 'duration') addDuration(record, measure, value, 1)
        else addCount(record, measure, value)
      }
    },
    span(measure, startMs, endMs) {
      for (let at: number = startMs; at < endMs;) {
        const next = Math.min(bucketStart(at as EpochMs, minuteMs) + minuteMs, endMs)
        for (const record of recordsAt(at as EpochMs)) addCount(record, measure, next - at)
        at = next
      }
    },
    openSince(kind, ...sinceMs) {
      open.set(
        kind,
        [...sinceMs].sort((a, b) => a - b),
      )
    },
    answer(plan, asOfMs) {
      const values = plan.keys.map((key) => {
        const record = records.get(key)
        return record === undefined ? null : encodeRecord(record)
      })
      const reads = plan.open.map(({ slice, kind, members }) => {
        const since = ((slice === sliceId && open.get(kind)) || []).filter((ms) => ms <= asOfMs)
        const oldest = since.slice(0, members).map((ms) => ({ sinceMs: ms as EpochMs }))
        return { count: since.length, oldest }
      })
      return { values, open: reads, asOfMs }
    },
  }
}
