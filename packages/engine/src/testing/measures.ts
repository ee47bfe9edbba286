import { type Cell, families, partsOf, storedParts } from '@deskpulse/core/kpis'
import {
  addRecord,
  bucketMs,
  cellsPerField,
  decodeRecord,
  decodeRunning,
  decodeSliceTable,
  emptyRecord,
  encodeRecord,
  familiesMax,
  isEmpty,
  kept,
  type MeasureRecord,
} from '@deskpulse/core/measures'
import { type Resolution, runningKey, slicesKey } from '@deskpulse/core/state'
import { bucketStart, type EpochMs, slotMs } from '@deskpulse/core/time'
import { placeInHash } from '@deskpulse/stream'
import type { MemoryStore } from '../replay/memory-store.ts'

type Bucket = { readonly slice: number; readonly resolution: Resolution; readonly startMs: EpochMs }

/** All measures of a tenant that a reader would still read, by readable names: `slice resolution bucket family` → cells. Slice numbers differ with the order of events; their texts do not. */
export function measuresOf(
  store: MemoryStore,
  tenant: string,
): Record<string, Record<string, number>> {
  const { texts } = decodeSliceTable(store.records.get(slicesKey(tenant))!)
  const named: Record<string, Record<string, number>> = {}
  for (const bucket of bucketsOf(store, tenant)) {
    const { slice, resolution, startMs } = bucket
    if (
      resolution !== 'day' &&
      !kept((startMs + bucketMs[resolution]) as EpochMs, resolution, store.logTimeMs)
    )
      continue
    const { cells, values } = recordOf(store, tenant, bucket)
    for (const [place, cell] of cells.entries()) {
      const column = Math.floor(cell / cellsPerField)
      const [field, family] = [
        Math.floor(column / familiesMax),
        families.find(({ number }) => number === column % familiesMax)!.name,
      ]
      const found = (named[`${texts[slice]} ${resolution} ${startMs} ${family}`] ??= {})
      found[field * cellsPerField + (cell % cellsPerField)] = values[place]!
    }
  }
  return Object.fromEntries(Object.entries(named).sort(([a], [b]) => (a < b ? -1 : 1)))
}

export type DayRecord = { readonly bucketStartMs: EpochMs; readonly record: Uint8Array }

/** The day records of one slice as a reader sees them, in order of time. */
export function dayRecordsOf(store: MemoryStore, tenant: string, slice: string): DayRecord[] {
  const { texts } = decodeSliceTable(store.records.get(slicesKey(tenant))!)
  return bucketsOf(store, tenant)
    .filter((bucket) => bucket.resolution === 'day' && texts[bucket.slice] === slice)
    .map((bucket) => ({ bucketStartMs: bucket.startMs, record: recordOf(store, tenant, bucket) }))
    .filter(({ record }) => !isEmpty(record))
    .map(({ bucketStartMs, record }) => ({ bucketStartMs, record: encodeRecord(record) }))
    .sort((a, b) => a.bucketStartMs - b.bucketStartMs)
}

/** Buckets that hold something, each once: stored ones, and those of running minutes. */
export function bucketsOf(store: MemoryStore, tenant: string): Bucket[] {
  const running = runningOf(store, tenant)
  const buckets = new Map<string, Bucket>()
  const add = (bucket: Bucket): void =>
    void buckets.set(`${bucket.slice} ${bucket.resolution} ${bucket.startMs}`, bucket)
  for (const key of store.records.keys()) {
    const place = placeInHash(key)
    const [, itsTenant, resolution, start] = place?.hash.split(':') ?? []
    if (place === null || itsTenant !== tenant) continue
    const slice = Number(place.field)
    const startMs = Number(start) as EpochMs
    add({ slice, resolution: resolution as Resolution, startMs })
    const minute =
      resolution === 'minute' ? running.find((one) => one.startMs === startMs) : undefined
    if (minute === undefined) continue
    add({ slice, resolution: 'slot', startMs: bucketStart(startMs, slotMs) })
    add({ slice, resolution: 'day', startMs: minute.dayStartMs })
  }
  return [...buckets.values()]
}

/** What a reader adds up for a bucket. */
export function recordOf(
  store: MemoryStore,
  tenant: string,
  { slice, resolution, startMs }: Bucket,
): MeasureRecord {
  const cells: Cell[] = [{ resolution, startMs, endMs: startMs }]
  const parts = partsOf(tenant, slice, cells, runningOf(store, tenant))
  const total = emptyRecord()
  const values = parts.keys.map((key) => store.records.get(key) ?? null)
  for (const { bytes } of storedParts(parts, values)) addRecord(total, decodeRecord(bytes))
  return total
}

const runningOf = (store: MemoryStore, tenant: string) =>
  decodeRunning(store.records.get(runningKey(tenant)) ?? null)
