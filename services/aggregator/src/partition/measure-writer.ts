import {
  addRecord,
  dayMs,
  decodeRecord,
  emptyRecord,
  encodeRecord,
  isEmpty,
  measureKey,
  retentionMs,
  type EpochMs,
  type MeasureRecord,
} from '@deskpulse/core'
import type { Load } from '@deskpulse/stream'
import type { Cache } from './cache.ts'
import type { ChangeSet } from './change-set.ts'
import type { RecordDelta } from './measure-deltas.ts'

/** Adds deltas to the stored records and puts them back whole. Records that are not cached are loaded in one round trip. */
export async function writeMeasures(
  deltas: readonly RecordDelta[],
  records: Cache<MeasureRecord>,
  load: Load,
  changes: ChangeSet,
  logTimeMs: EpochMs,
): Promise<void> {
  const keys = deltas.map(keyOf)
  const missing = [...new Set(keys.filter((key) => !records.has(key)))]
  if (missing.length > 0) {
    const { values } = await load(missing, null)
    for (const [index, key] of missing.entries()) {
      const bytes = values[index] ?? null
      records.set(key, bytes === null ? emptyRecord() : decodeRecord(bytes))
    }
  }
  for (const [index, { tenant, slice, delta, resolution, bucketEndMs }] of deltas.entries()) {
    const key = keys[index]!
    const record = records.get(key)!
    const wasEmpty = isEmpty(record)
    addRecord(record, delta)
    if (resolution === 'day' && isEmpty(record) !== wasEmpty) tenant.sliceDays.add(slice, wasEmpty ? 1 : -1)
    changes.put(key, isEmpty(record) ? null : encodeRecord(record), expiryOf(resolution, bucketEndMs, logTimeMs))
  }
}

function keyOf({ tenant, slice, resolution, bucketStartMs, family }: RecordDelta): string {
  return measureKey(tenant.name, slice, resolution, bucketStartMs, family)
}

/** Garbage collection a day after nobody reads the record any more; a day's record stays for good. */
function expiryOf(resolution: RecordDelta['resolution'], bucketEndMs: EpochMs | null, logTimeMs: EpochMs): number | undefined {
  return bucketEndMs === null ? undefined : bucketEndMs - logTimeMs + retentionMs[resolution] + dayMs
}
