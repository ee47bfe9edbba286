import {
  addCount,
  addDuration,
  addSpan,
  bucketMs,
  bucketStart,
  emptyRecord,
  families,
  isEmpty,
  kept,
  minuteMs,
  slotMs,
  type EpochMs,
  type Fact,
  type FactChange,
  type Family,
  type MeasureRecord,
} from '@deskpulse/core'
import type { Tenant } from './tenant.ts'

/** What one fold adds to the records of a minute, or, where the minute is no longer kept, of a slot. Its slot and its day get the same. */
export type BucketDeltas = {
  readonly tenant: Tenant
  /** Where the buckets begin; `null`: no longer kept. The day is local, in the zone that is in force at the slot's start. */
  readonly starts: { readonly minute: EpochMs | null; readonly slot: EpochMs | null; readonly day: EpochMs }
  readonly records: readonly RecordDelta[]
}

/** What is added to one slice and family of a bucket. */
export type RecordDelta = { readonly place: number; readonly delta: MeasureRecord }

/** The records of a bucket are numbered: one for each slice and family. */
export const placeOf = (slice: number, family: Family): number => slice * families.length + families.indexOf(family)
export const sliceAt = (place: number): number => Math.floor(place / families.length)
export const familyAt = (place: number): Family => families[place % families.length]!

/** Sums up the fact changes of one fold, by bucket, slice and family. */
export class MeasureDeltas {
  readonly #tenants = new Map<Tenant, Buckets>()
  readonly #logTimeMs: EpochMs

  constructor(logTimeMs: EpochMs) {
    this.#logTimeMs = logTimeMs
  }

  add(tenant: Tenant, { fact, sign }: FactChange): void {
    let buckets = this.#tenants.get(tenant)
    if (buckets === undefined) this.#tenants.set(tenant, (buckets = new Buckets(this.#logTimeMs)))
    const slices = tenant.slicesOfFact(fact)
    if (fact.measure.kind === 'span') addToMinutes(buckets, slices, fact, sign)
    else addInstant(buckets.at(fact.atMs), slices, fact, sign)
  }

  /** Sums that came to nothing are left out. */
  total(): BucketDeltas[] {
    return [...this.#tenants].flatMap(([tenant, { minutes, slots }]) => [
      ...[...minutes].map(([startMs, bucket]) => this.#total(tenant, startMs, true, bucket)),
      ...[...slots].map(([startMs, bucket]) => this.#total(tenant, startMs, false, bucket)),
    ])
  }

  #total(tenant: Tenant, startMs: EpochMs, isMinute: boolean, bucket: Bucket): BucketDeltas {
    const slotStartMs = bucketStart(startMs, slotMs)
    const isSlotKept = kept((slotStartMs + slotMs) as EpochMs, 'slot', this.#logTimeMs)
    const day = tenant.calendarAt(slotStartMs).dayStart(slotStartMs)
    const records = bucket.deltas.filter(({ delta }) => !isEmpty(delta))
    return { tenant, starts: { minute: isMinute ? startMs : null, slot: isSlotKept ? slotStartMs : null, day }, records }
  }
}

/** The buckets of a tenant that a fold changes: minutes, and slots whose minutes are no longer kept. */
class Buckets {
  readonly minutes = new Map<EpochMs, Bucket>()
  readonly slots = new Map<EpochMs, Bucket>()
  readonly #logTimeMs: EpochMs
  /** Asked for last: mostly the next one, too. */
  #last: { readonly minuteStartMs: EpochMs; readonly bucket: Bucket } | null = null

  constructor(logTimeMs: EpochMs) {
    this.#logTimeMs = logTimeMs
  }

  at(atMs: EpochMs): Bucket {
    const minuteStartMs = bucketStart(atMs, minuteMs)
    if (this.#last?.minuteStartMs !== minuteStartMs) this.#last = { minuteStartMs, bucket: this.#find(minuteStartMs) }
    return this.#last.bucket
  }

  #find(minuteStartMs: EpochMs): Bucket {
    const isKept = kept((minuteStartMs + bucketMs.minute) as EpochMs, 'minute', this.#logTimeMs)
    const buckets = isKept ? this.minutes : this.slots
    const startMs = isKept ? minuteStartMs : bucketStart(minuteStartMs, slotMs)
    let bucket = buckets.get(startMs)
    if (bucket === undefined) buckets.set(startMs, (bucket = new Bucket()))
    return bucket
  }
}

class Bucket {
  readonly deltas: RecordDelta[] = []
  readonly #byPlace = new Map<number, MeasureRecord>()

  at(place: number): MeasureRecord {
    let delta = this.#byPlace.get(place)
    if (delta === undefined) {
      this.#byPlace.set(place, (delta = emptyRecord()))
      this.deltas.push({ place, delta })
    }
    return delta
  }
}

function addInstant(bucket: Bucket, slices: readonly number[], { measure, value }: Fact, sign: 1 | -1): void {
  for (const slice of slices) {
    const delta = bucket.at(placeOf(slice, measure.family))
    if (measure.kind === 'duration') addDuration(delta, measure.field, value, sign)
    else addCount(delta, measure.field, sign * value)
  }
}

/** A span's overlap with each minute that it covers. */
function addToMinutes(buckets: Buckets, slices: readonly number[], { measure, atMs, endMs = atMs }: Fact, sign: 1 | -1): void {
  for (let startMs = atMs; startMs < endMs;) {
    const nextMs = Math.min(endMs, bucketStart(startMs, minuteMs) + minuteMs) as EpochMs
    const bucket = buckets.at(startMs)
    for (const slice of slices) addSpan(bucket.at(placeOf(slice, measure.family)), measure.field, sign * (nextMs - startMs))
    startMs = nextMs
  }
}
