import {
  addCount,
  addDuration,
  addRecord,
  addSpan,
  bucketMs,
  bucketStart,
  emptyRecord,
  families,
  kept,
  minuteMs,
  slotMs,
  type EpochMs,
  type Fact,
  type FactChange,
  type Family,
  type MeasureRecord,
  type Resolution,
} from '@deskpulse/core'
import type { Tenant } from './tenant.ts'

/** What one fold adds to one stored record. */
export type RecordDelta = {
  readonly tenant: Tenant
  readonly slice: number
  readonly resolution: Resolution
  readonly bucketStartMs: EpochMs
  /** `null` for a day, which is kept for good. */
  readonly bucketEndMs: EpochMs | null
  readonly family: Family
  readonly delta: MeasureRecord
}

/** By bucket start; one place for each family, filled as it is needed. */
type Buckets = Map<number, (MeasureRecord | undefined)[]>
type SliceDeltas = { readonly minutes: Buckets; readonly slots: Buckets }

/**
 * Sums up the fact changes of one fold. A fact is added to (slice, minute) alone; `total` adds each minute once to its slot, and each slot to its
 * local day, in the zone that is in force at the slot's start. What is older than the minutes that are kept is added to the slot.
 */
export class MeasureDeltas {
  readonly #tenants = new Map<Tenant, Map<number, SliceDeltas>>()
  readonly #logTimeMs: EpochMs

  constructor(logTimeMs: EpochMs) {
    this.#logTimeMs = logTimeMs
  }

  add(tenant: Tenant, { fact, sign }: FactChange): void {
    for (const slice of tenant.slicesOfFact(fact)) {
      const deltas = this.#deltasOf(tenant, slice)
      if (fact.measure.kind === 'span') this.#addSpan(deltas, fact, sign)
      else addInstant(this.#bucketOf(deltas, fact.atMs, fact.measure.family), fact, sign)
    }
  }

  /** The records to change, minutes and slots only where they are still kept. Sums that came to nothing are left out. */
  total(): RecordDelta[] {
    const totals: RecordDelta[] = []
    for (const [tenant, slices] of this.#tenants) {
      for (const [slice, { minutes, slots }] of slices) {
        for (const [startMs, records] of minutes) addAll(slots, bucketStart(startMs as EpochMs, slotMs), records)
        const days: Buckets = new Map()
        for (const [startMs, records] of slots) addAll(days, tenant.calendarAt(startMs as EpochMs).dayStart(startMs as EpochMs), records)
        this.#collect(totals, tenant, slice, 'minute', minutes)
        this.#collect(totals, tenant, slice, 'slot', slots)
        this.#collect(totals, tenant, slice, 'day', days)
      }
    }
    return totals
  }

  #collect(into: RecordDelta[], tenant: Tenant, slice: number, resolution: Resolution, buckets: Buckets): void {
    for (const [start, records] of buckets) {
      const bucketStartMs = start as EpochMs
      const bucketEndMs = resolution === 'day' ? null : ((start + bucketMs[resolution]) as EpochMs)
      if (bucketEndMs !== null && !kept(bucketEndMs, resolution, this.#logTimeMs)) continue
      for (let place = 0; place < records.length; place += 1) {
        const delta = records[place]
        if (delta === undefined || delta.cells.size === 0) continue
        into.push({ tenant, slice, resolution, bucketStartMs, bucketEndMs, family: families[place]!, delta })
      }
    }
  }

  #deltasOf(tenant: Tenant, slice: number): SliceDeltas {
    let slices = this.#tenants.get(tenant)
    if (slices === undefined) this.#tenants.set(tenant, (slices = new Map()))
    let deltas = slices.get(slice)
    if (deltas === undefined) slices.set(slice, (deltas = { minutes: new Map(), slots: new Map() }))
    return deltas
  }

  #bucketOf({ minutes, slots }: SliceDeltas, atMs: EpochMs, family: Family): MeasureRecord {
    const minuteStartMs = bucketStart(atMs, minuteMs)
    const isKept = kept((minuteStartMs + minuteMs) as EpochMs, 'minute', this.#logTimeMs)
    return recordOf(isKept ? minutes : slots, isKept ? minuteStartMs : bucketStart(atMs, slotMs), families.indexOf(family))
  }

  /** A span's overlap with each minute that it covers. */
  #addSpan(deltas: SliceDeltas, fact: Fact, sign: 1 | -1): void {
    const { field, family } = fact.measure
    const endMs = fact.endMs ?? fact.atMs
    for (let startMs = fact.atMs; startMs < endMs;) {
      const nextMs = Math.min(endMs, bucketStart(startMs, minuteMs) + minuteMs) as EpochMs
      addSpan(this.#bucketOf(deltas, startMs, family), field, sign * (nextMs - startMs))
      startMs = nextMs
    }
  }
}

function addInstant(record: MeasureRecord, { measure, value }: Fact, sign: 1 | -1): void {
  if (measure.kind === 'duration') addDuration(record, measure.field, value, sign)
  else addCount(record, measure.field, sign * value)
}

function recordOf(buckets: Buckets, startMs: number, place: number): MeasureRecord {
  let records = buckets.get(startMs)
  if (records === undefined) buckets.set(startMs, (records = []))
  return (records[place] ??= emptyRecord())
}

function addAll(into: Buckets, startMs: number, records: readonly (MeasureRecord | undefined)[]): void {
  for (let place = 0; place < records.length; place += 1) {
    const record = records[place]
    if (record !== undefined && record.cells.size > 0) addRecord(recordOf(into, startMs, place), record)
  }
}
