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

/** What is added to a record. One that gets the deltas of several minutes is named with each. */
type Addition = { readonly to: StoredRecord; readonly delta: MeasureRecord }

/** Adds deltas to the stored records and puts them back whole. Records that are not held are loaded in one round trip. */
export async function writeMeasures(
  deltas: readonly BucketDeltas[],
  records: StoredRecords,
  load: Load,
  changes: ChangeSet,
  logTimeMs: EpochMs,
): Promise<void> {
  const additions: Addition[] = []
  const missing: StoredRecord[] = []
  for (const bucketDeltas of deltas) {
    const buckets = bucketsOf(bucketDeltas, records)
    for (const { place, delta } of bucketDeltas.records) {
      for (const bucket of buckets) {
        let to = bucket.records.get(place)
        if (to === undefined) missing.push((to = bucket.hold(place)))
        additions.push({ to, delta })
      }
    }
  }
  await loadContent(missing, load)
  /** The records that change, and whether they were empty. */
  const wereEmpty = new Map<StoredRecord, boolean>()
  for (const { to, delta } of additions) {
    if (!wereEmpty.has(to)) wereEmpty.set(to, isEmpty(to.content))
    addRecord(to.content, delta)
  }
  for (const [record, wasEmpty] of wereEmpty) put(record, wasEmpty, changes, logTimeMs)
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

function put({ key, bucket, slice, content }: StoredRecord, wasEmpty: boolean, changes: ChangeSet, logTimeMs: EpochMs): void {
  const isNowEmpty = isEmpty(content)
  if (wasEmpty && isNowEmpty) return // The deltas of its minutes came to nothing together.
  if (bucket.resolution === 'day' && isNowEmpty !== wasEmpty) bucket.tenant.sliceDays.add(slice, wasEmpty ? 1 : -1)
  changes.put(key, isNowEmpty ? null : encodeRecord(content), expiryOf(bucket, logTimeMs))
}

/** Garbage collection a day after nobody reads the record any more; a day's record stays for good. */
function expiryOf({ resolution, endMs }: RecordBucket, logTimeMs: EpochMs): number | undefined {
  return endMs === null ? undefined : endMs - logTimeMs + retentionMs[resolution] + dayMs
}
