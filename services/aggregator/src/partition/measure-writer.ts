import {
  addRecord,
  dayMs,
  decodeRecord,
  encodeRecord,
  isEmpty,
  retentionMs,
  type EpochMs,
  type MeasureRecord,
  type Resolution,
} from '@deskpulse/core'
import type { Load } from '@deskpulse/stream'
import type { ChangeSet } from './change-set.ts'
import type { BucketDeltas } from './measure-deltas.ts'
import type { RecordBucket, StoredRecord, StoredRecords } from './stored-records.ts'

/** Adds deltas to the stored records and puts them back whole. Records that are not held are loaded in one round trip. */
export async function writeMeasures(
  deltas: readonly BucketDeltas[],
  records: StoredRecords,
  load: Load,
  changes: ChangeSet,
  logTimeMs: EpochMs,
): Promise<void> {
  /** Parallel. A record that gets the deltas of several minutes is named with each. */
  const targets: StoredRecord[] = []
  const added: MeasureRecord[] = []
  const missing: StoredRecord[] = []
  for (const bucketDeltas of deltas) {
    const buckets = bucketsOf(bucketDeltas, records)
    for (const { place, delta } of bucketDeltas.records) {
      for (const bucket of buckets) {
        let target = bucket.records.get(place)
        if (target === undefined) missing.push((target = bucket.hold(place)))
        targets.push(target)
        added.push(delta)
      }
    }
  }
  await loadContent(missing, load)
  const changed: StoredRecord[] = []
  for (let index = 0; index < targets.length; index += 1) {
    const target = targets[index]!
    if (target.wasEmpty === null) {
      target.wasEmpty = isEmpty(target.content)
      changed.push(target)
    }
    addRecord(target.content, added[index]!)
  }
  for (const record of changed) put(record, changes, logTimeMs)
}

const resolutions = ['minute', 'slot', 'day'] as const satisfies readonly Resolution[]

function bucketsOf({ tenant, starts }: BucketDeltas, records: StoredRecords): RecordBucket[] {
  return resolutions.flatMap((resolution) => {
    const startMs = starts[resolution]
    return startMs === null ? [] : [records.bucket(tenant, resolution, startMs)]
  })
}

async function loadContent(records: readonly StoredRecord[], load: Load): Promise<void> {
  if (records.length === 0) return
  const { values } = await load(
    records.map(({ key }) => key),
    null,
  )
  for (const [index, record] of records.entries()) {
    const bytes = values[index] ?? null
    if (bytes !== null) record.content = decodeRecord(bytes)
  }
}

function put(record: StoredRecord, changes: ChangeSet, logTimeMs: EpochMs): void {
  const { key, bucket, slice, content, wasEmpty } = record
  const isNowEmpty = isEmpty(content)
  record.wasEmpty = null
  if (wasEmpty && isNowEmpty) return // The deltas of its minutes came to nothing together.
  if (bucket.resolution === 'day' && isNowEmpty !== wasEmpty) bucket.tenant.sliceDays.add(slice, wasEmpty ? 1 : -1)
  changes.put(key, isNowEmpty ? null : encodeRecord(content), expiryOf(bucket, logTimeMs))
}

/** Garbage collection a day after nobody reads the record any more; a day's record stays for good. */
function expiryOf({ resolution, endMs }: RecordBucket, logTimeMs: EpochMs): number | undefined {
  return endMs === null ? undefined : endMs - logTimeMs + retentionMs[resolution] + dayMs
}
