import {
  addRecord,
  copyOfRecord,
  decodeRecord,
  encodeRecord,
  isEmpty,
  kept,
  type MeasureRecord,
  retentionMs,
} from '@deskpulse/core/measures'
import { bucketStart, dayMs, type EpochMs, slotMs } from '@deskpulse/core/time'
import type { Load } from '@deskpulse/stream'
import type { ChangeSet } from './change-set.ts'
import { knowMinutes } from './known-minutes.ts'
import type { BucketDeltas } from './measure-deltas.ts'
import type { RecordBucket, StoredRecord, StoredRecords } from './stored-records.ts'
import type { Tenant } from './tenant.ts'
import type { TenantMinute } from './tenant-minutes.ts'

/** A fold rolls at least so many slices of minutes that are over, if there are as many, and no fewer than it puts into minutes that run: none stay behind. */
export const slicesRolledPerFold = 100

/** What measures are written to, and from. `tenants`: those whose minutes may be over. */
export type MeasureStore = {
  readonly records: StoredRecords
  readonly tenants: Iterable<Tenant>
  readonly load: Load
}

/**
 * Adds deltas to the stored records, those of a running minute to the records of the minute alone, and rolls minutes that are over. Records are put back
 * whole. Those that are not held are loaded in one round trip.
 */
export async function writeMeasures(
  deltas: readonly BucketDeltas[],
  { records, tenants, load }: MeasureStore,
  changes: ChangeSet,
  logTimeMs: EpochMs,
): Promise<void> {
  const all = [...tenants]
  await knowMinutes(all, records, load)
  const writing = new Writing(records, logTimeMs)
  for (const bucketDeltas of deltas) writing.addBucket(bucketDeltas)
  let left = Math.max(slicesRolledPerFold, writing.runningCount)
  for (const tenant of all) left -= writing.roll(tenant, left)
  await loadContent(writing.missing, load)
  for (const record of writing.added()) put(record, changes, logTimeMs)
  writing.settle()
}

class Writing {
  readonly #records: StoredRecords
  readonly #logTimeMs: EpochMs
  /** Records to load. */
  readonly missing: StoredRecord[] = []
  /** A record that gets the deltas of several minutes is named with each. */
  readonly #deltas: { readonly to: StoredRecord; readonly delta: MeasureRecord }[] = []
  readonly #rolls: { readonly to: StoredRecord; readonly from: StoredRecord }[] = []
  /** Of minutes that run. */
  readonly #running: { readonly minute: TenantMinute; readonly record: StoredRecord }[] = []

  constructor(records: StoredRecords, logTimeMs: EpochMs) {
    this.#records = records
    this.#logTimeMs = logTimeMs
  }

  get runningCount(): number {
    return this.#running.length
  }

  addBucket({ tenant, starts, records }: BucketDeltas): void {
    if (records.length === 0) return
    const minuteBucket =
      starts.minute === null ? null : this.#records.bucket(tenant, 'minute', starts.minute)
    const slotBucket =
      starts.slot === null ? null : this.#records.bucket(tenant, 'slot', starts.slot)
    const dayBucket = this.#records.bucket(tenant, 'day', starts.day)
    const { minutes } = tenant
    const minute =
      starts.minute === null ? null : minutes.running(starts.minute, starts.day, this.#logTimeMs)
    for (const { slice, delta } of records) {
      if (minuteBucket !== null) {
        const record = this.#find(minuteBucket, slice)
        this.#deltas.push({ to: record, delta })
        if (minute !== null && !minutes.isRolled(minute, slice)) {
          minute.slices.add(slice)
          this.#running.push({ minute, record })
          continue
        }
      }
      if (slotBucket !== null) this.#deltas.push({ to: this.#find(slotBucket, slice), delta })
      this.#deltas.push({ to: this.#find(dayBucket, slice), delta })
    }
  }

  /** @returns how many slices were rolled. */
  roll(tenant: Tenant, slicesMax: number): number {
    let count = 0
    for (const { minute, slices } of tenant.minutes.roll(slicesMax, this.#logTimeMs)) {
      count += slices.length
      const slotStartMs = bucketStart(minute.startMs, slotMs)
      const isSlotKept = kept((slotStartMs + slotMs) as EpochMs, 'slot', this.#logTimeMs)
      const into = [
        ...(isSlotKept ? [this.#records.bucket(tenant, 'slot', slotStartMs)] : []),
        this.#records.bucket(tenant, 'day', minute.dayStartMs),
      ]
      const from = this.#records.bucket(tenant, 'minute', minute.startMs)
      for (const slice of slices) {
        const rolled = this.#find(from, slice)
        tenant.sliceDays.touch(slice)
        for (const bucket of into) this.#rolls.push({ to: this.#find(bucket, slice), from: rolled })
      }
    }
    return count
  }

  /** Adds all up. @returns the records that were added to, each once. */
  added(): StoredRecord[] {
    const changed: StoredRecord[] = []
    const add = (to: StoredRecord, content: MeasureRecord): void => {
      if (to.wasEmpty === null) {
        to.wasEmpty = isEmpty(to.content)
        changed.push(to)
      }
      if (isEmpty(to.content)) to.content = copyOfRecord(content)
      else addRecord(to.content, content)
    }
    for (const { to, delta } of this.#deltas) add(to, delta)
    // Then, as what this fold adds to a minute is rolled with it.
    for (const { to, from } of this.#rolls) if (!isEmpty(from.content)) add(to, from.content)
    return changed
  }

  /** A running minute holds something in the slices of its records that are not empty. */
  settle(): void {
    for (const { minute, record } of this.#running) {
      const { slice, bucket, content } = record
      if (isEmpty(content)) minute.slices.delete(slice)
      bucket.tenant.sliceDays.touch(slice)
    }
  }

  #find(bucket: RecordBucket, slice: number): StoredRecord {
    let record = bucket.records.get(slice)
    if (record === undefined) this.missing.push((record = bucket.hold(slice)))
    return record
  }
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
  if (bucket.resolution === 'day' && isNowEmpty !== wasEmpty)
    bucket.tenant.sliceDays.add(slice, wasEmpty ? 1 : -1)
  if (!isNowEmpty && bucket.resolution !== 'day')
    bucket.tenant.written.add(bucket.resolution, bucket.startMs)
  changes.put(key, isNowEmpty ? null : encodeRecord(content), expiryOf(bucket, logTimeMs))
}

/**
 * Garbage collection a day after nobody reads the record any more. A day's record stays for good; those of a minute that is not yet rolled get their expiry
 * when it is.
 */
function expiryOf(
  { tenant, resolution, startMs, endMs }: RecordBucket,
  logTimeMs: EpochMs,
): number | undefined {
  if (endMs === null || (resolution === 'minute' && tenant.minutes.has(startMs))) return undefined
  return Math.max(1, endMs - logTimeMs + retentionMs[resolution] + dayMs)
}
