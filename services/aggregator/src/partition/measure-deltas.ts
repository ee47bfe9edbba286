import {
  addCount,
  addDuration,
  addSpan,
  bucketMs,
  bucketStart,
  emptyRecord,
  isEmpty,
  kept,
  minuteMs,
  slotMs,
  type EpochMs,
  type Fact,
  type FactChange,
  type MeasureRecord,
} from '@deskpulse/core'
import type { Tenant } from './tenant.ts'

/** What one fold adds to the records of a minute or, where no record of the minute is needed, of a slot. */
export type BucketDeltas = {
  readonly tenant: Tenant
  /** Where the buckets begin; `null`: no longer kept, and not running. The day is local, in the zone that is in force at the slot's start. */
  readonly starts: { readonly minute: EpochMs | null; readonly slot: EpochMs | null; readonly day: EpochMs }
  readonly records: readonly RecordDelta[]
}

/** What is added to one slice of a bucket. */
export type RecordDelta = { readonly slice: number; readonly delta: MeasureRecord }

/** Sums up the fact changes of one fold, by bucket and slice. */
export class MeasureDeltas {
  readonly #tenants = new Map<Tenant, Buckets>()
  readonly #logTimeMs: EpochMs

  constructor(logTimeMs: EpochMs) {
    this.#logTimeMs = logTimeMs
  }

  add(tenant: Tenant, { fact, sign }: FactChange): void {
    let buckets = this.#tenants.get(tenant)
    if (buckets === undefined) this.#tenants.set(tenant, (buckets = new Buckets(tenant, this.#logTimeMs)))
    const slices = tenant.slicesOfFact(fact)
    if (fact.measure.kind === 'span') addToMinutes(buckets, slices, fact, sign)
    else addInstant(buckets.at(fact.atMs), slices, fact, sign)
  }

  /** Sums that came to nothing are left out. */
  total(): BucketDeltas[] {
    return [...this.#tenants.values()].flatMap((buckets) => buckets.total())
  }
}

/** The buckets of a tenant that a fold changes: minutes, and slots of whose minutes there are no records. */
class Buckets {
  readonly #tenant: Tenant
  readonly #minutes = new Map<EpochMs, Bucket>()
  readonly #slots = new Map<EpochMs, Bucket>()
  readonly #logTimeMs: EpochMs
  /** Asked for last: mostly the next one, too. */
  #last: { readonly minuteStartMs: EpochMs; readonly bucket: Bucket } | null = null

  constructor(tenant: Tenant, logTimeMs: EpochMs) {
    this.#tenant = tenant
    this.#logTimeMs = logTimeMs
  }

  at(atMs: EpochMs): Bucket {
    const minuteStartMs = bucketStart(atMs, minuteMs)
    if (this.#last?.minuteStartMs !== minuteStartMs) this.#last = { minuteStartMs, bucket: this.#find(minuteStartMs) }
    return this.#last.bucket
  }

  total(): BucketDeltas[] {
    return [
      ...[...this.#minutes].map(([startMs, bucket]) => this.#total(startMs, true, bucket)),
      ...[...this.#slots].map(([startMs, bucket]) => this.#total(startMs, false, bucket)),
    ]
  }

  #find(minuteStartMs: EpochMs): Bucket {
    const isKept = kept((minuteStartMs + bucketMs.minute) as EpochMs, 'minute', this.#logTimeMs)
    const isMinute = isKept || this.#tenant.minutes.has(minuteStartMs)
    const buckets = isMinute ? this.#minutes : this.#slots
    return buckets.getOrInsertComputed(isMinute ? minuteStartMs : bucketStart(minuteStartMs, slotMs), () => new Bucket())
  }

  #total(startMs: EpochMs, isMinute: boolean, bucket: Bucket): BucketDeltas {
    const tenant = this.#tenant
    const slotStartMs = bucketStart(startMs, slotMs)
    const isSlotKept = kept((slotStartMs + slotMs) as EpochMs, 'slot', this.#logTimeMs)
    const day = tenant.calendarAt(slotStartMs).dayStart(slotStartMs)
    const records = bucket.deltas.filter(({ delta }) => !isEmpty(delta))
    return { tenant, starts: { minute: isMinute ? startMs : null, slot: isSlotKept ? slotStartMs : null, day }, records }
  }
}

class Bucket {
  readonly deltas: RecordDelta[] = []
  readonly #bySlice = new Map<number, MeasureRecord>()

  at(slice: number): MeasureRecord {
    let delta = this.#bySlice.get(slice)
    if (delta === undefined) {
      this.#bySlice.set(slice, (delta = emptyRecord()))
      this.deltas.push({ slice, delta })
    }
    return delta
  }
}

function addInstant(bucket: Bucket, slices: readonly number[], { measure, value }: Fact, sign: 1 | -1): void {
  for (const slice of slices) {
    const delta = bucket.at(slice)
    if (measure.kind === 'duration') addDuration(delta, measure, value, sign)
    else addCount(delta, measure, sign * value)
  }
}

/** A span's overlap with each minute that it covers. */
function addToMinutes(buckets: Buckets, slices: readonly number[], { measure, atMs, endMs = atMs }: Fact, sign: 1 | -1): void {
  for (let startMs = atMs; startMs < endMs;) {
    const nextMs = Math.min(endMs, bucketStart(startMs, minuteMs) + minuteMs) as EpochMs
    const bucket = buckets.at(startMs)
    for (const slice of slices) addSpan(bucket.at(slice), measure, sign * (nextMs - startMs))
    startMs = nextMs
  }
}
