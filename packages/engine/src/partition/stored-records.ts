import { bucketMs, emptyRecord, type MeasureRecord } from '@deskpulse/core/measures'
import { measureKey, type Resolution } from '@deskpulse/core/state'
import type { EpochMs } from '@deskpulse/core/time'
import { Generations, trimsPerWeighing } from './cache.ts'
import type { Tenant } from './tenant.ts'

/** About what the objects of a record take, and those of one of its cells. */
const [recordBytes, cellBytes] = [300, 24]

/** A record of the store, as the worker holds it. */
export class StoredRecord {
  readonly key: string
  readonly bucket: RecordBucket
  readonly slice: number
  content: MeasureRecord = emptyRecord()
  /** Before what is being added to it; `null`: nothing is. */
  wasEmpty: boolean | null = null

  /** About what it takes of the memory. */
  get bytes(): number {
    return recordBytes + this.content.cells.length * cellBytes
  }

  constructor(bucket: RecordBucket, slice: number) {
    const { tenant, resolution, startMs } = bucket
    this.bucket = bucket
    this.slice = slice
    this.key = measureKey(tenant.name, slice, resolution, startMs)
  }
}

/** The records of one bucket of a tenant that are held, by slice. */
export class RecordBucket {
  readonly tenant: Tenant
  readonly resolution: Resolution
  readonly startMs: EpochMs
  /** `null`: of a day, which is kept for good. */
  readonly endMs: EpochMs | null
  readonly records = new Generations<number, StoredRecord>(({ bytes }) => bytes)

  constructor(tenant: Tenant, resolution: Resolution, startMs: EpochMs) {
    this.tenant = tenant
    this.resolution = resolution
    this.startMs = startMs
    this.endMs = resolution === 'day' ? null : ((startMs + bucketMs[resolution]) as EpochMs)
  }

  /** Holds a record whose content is to be loaded. */
  hold(slice: number): StoredRecord {
    const record = new StoredRecord(this, slice)
    this.records.set(slice, record)
    return record
  }
}

/** The records that the worker holds, by bucket. When told to, it forgets those that were not used for long, whatever their bucket: by halves of its room. */
export class StoredRecords {
  readonly #maxBytes: number
  readonly #buckets = new Map<string, RecordBucket>()
  #trims = 0

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes
  }

  bucket(tenant: Tenant, resolution: Resolution, startMs: EpochMs): RecordBucket {
    const key = `${tenant.name}:${resolution}:${startMs}`
    let bucket = this.#buckets.get(key)
    if (bucket === undefined)
      this.#buckets.set(key, (bucket = new RecordBucket(tenant, resolution, startMs)))
    return bucket
  }

  trim(): void {
    const weighs = ++this.#trims % trimsPerWeighing === 0
    let young = 0
    for (const { records } of this.#buckets.values()) {
      if (weighs) records.weighAgain()
      young += records.youngWeight
    }
    if (young <= this.#maxBytes / 2) return
    for (const [key, { records }] of this.#buckets) {
      records.age()
      if (records.isEmpty) this.#buckets.delete(key)
    }
  }
}
