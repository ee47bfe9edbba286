import type { TenantConfig } from '@deskpulse/core/config'
import { contribute, contributeChange, type Sink } from '@deskpulse/core/kpis'
import {
  addCount,
  addDuration,
  addMoney,
  addRecord,
  addSpan,
  bucketMs,
  copyOfRecord,
  type CreditScope,
  type DimensionSet,
  emptyRecord,
  isEmpty,
  kept,
  type Measure,
  type MeasureRecord,
  numberOf,
  spreadOverMinutes,
} from '@deskpulse/core/measures'
import type { Subject } from '@deskpulse/core/state'
import type { Moment, Priced, RowChange, Spread } from '@deskpulse/core/subjects'
import { bucketStart, type EpochMs, minuteMs, slotMs } from '@deskpulse/core/time'
import type { ToldDays } from './subject-days.ts'
import type { Tenant } from './tenant.ts'

/** What one fold adds to the records of a minute or, where no record of the minute is needed, of a slot. */
export type BucketDeltas = {
  readonly tenant: Tenant
  /** Where the buckets begin; `null`: no longer kept, and not running. The day is local, in the zone that is in force at the slot's start. */
  readonly starts: {
    readonly minute: EpochMs | null
    readonly slot: EpochMs | null
    readonly day: EpochMs
  }
  readonly records: readonly RecordDelta[]
}

/** What is added to one slice of a bucket. */
export type RecordDelta = { readonly slice: number; readonly delta: MeasureRecord }

/** Told of each row that comes or goes, in order: of one that is replaced, that the old one goes first. */
export type RowChanged = (subject: Subject, change: RowChange) => void

/** Sums up what rows add and take back in one fold, by bucket and slice. */
export class MeasureDeltas {
  readonly #tenants = new Map<Tenant, Buckets>()
  readonly #logTimeMs: EpochMs
  readonly #rowChanged: RowChanged | undefined

  constructor(logTimeMs: EpochMs, rowChanged?: RowChanged) {
    this.#logTimeMs = logTimeMs
    this.#rowChanged = rowChanged
  }

  /** `told`: whose rows they are. A row that comes just behind one of its grain that goes takes its place. */
  add(tenant: Tenant, changes: readonly RowChange[], told: ToldDays): void {
    const [added, taken] = [this.sink(tenant, 1, told), this.sink(tenant, -1, told)]
    for (let place = 0; place < changes.length; place += 1) {
      const change = changes[place]!
      this.#rowChanged?.(told.subject, change)
      const next = changes[place + 1]
      const isReplaced = change.sign === -1 && next?.sign === 1
      if (isReplaced && change.row.grain === next.row.grain) {
        this.#rowChanged?.(told.subject, next)
        contributeChange(change.row, next.row, taken, added)
        place += 1
      } else contribute(change.row, change.sign === 1 ? added : taken)
    }
  }

  /** To be used at once. */
  sink(tenant: Tenant, sign: RowChange['sign'], told: ToldDays | null = null): Sink {
    const buckets = this.#tenants.getOrInsertComputed(
      tenant,
      () => new Buckets(tenant, this.#logTimeMs),
    )
    buckets.told = told
    return sign === 1 ? buckets.added : buckets.taken
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
  /** Of whom what is added next is. */
  told: ToldDays | null = null
  /** Asked for last: mostly the next one, too. */
  #last: { readonly minuteStartMs: EpochMs; readonly bucket: Bucket } | null = null

  constructor(tenant: Tenant, logTimeMs: EpochMs) {
    this.#tenant = tenant
    this.#logTimeMs = logTimeMs
  }

  readonly added: Sink = (measure, at, value, scope, endMs, times = 1) => {
    this.told?.note(at.atMs)
    this.#add(measure, at, value, scope, endMs, times)
  }
  readonly taken: Sink = (measure, at, value, scope, endMs, times = 1) =>
    this.#add(measure, at, value, scope, endMs, times === 1 ? -1 : 1)

  total(): BucketDeltas[] {
    return [
      ...[...this.#minutes].map(([startMs, bucket]) => this.#total(startMs, true, bucket)),
      ...[...this.#slots].map(([startMs, bucket]) => this.#total(startMs, false, bucket)),
    ]
  }

  #add(
    measure: Measure,
    at: Moment,
    value: number,
    scope: CreditScope,
    endMs: EpochMs,
    sign: 1 | -1,
  ): void {
    const { atMs, credit } = at
    const config = this.#tenant.configAt(atMs)
    switch (measure.kind) {
      case 'distinct':
        return this.#addFirsts(measure, (at as Spread).places, scope, sign)
      case 'count':
        return addCount(this.#at(atMs).sumOf(credit, scope, config), measure, sign * value)
      case 'duration':
        return addDuration(this.#at(atMs).sumOf(credit, scope, config), measure, value, sign)
      case 'money': {
        const record = this.#at(atMs).sumOf(credit, scope, config)
        return addMoney(record, measure, (at as Priced).currency, sign * value)
      }
      case 'span':
        return this.#addSpread(measure, at, value, scope, endMs, sign)
    }
  }

  /** Apart from `#add`, which a closure in it would make slower for counts and durations too. */
  #addSpread(
    measure: Measure,
    { atMs, credit }: Moment,
    value: number,
    scope: CreditScope,
    endMs: EpochMs,
    sign: 1 | -1,
  ): void {
    const config = this.#tenant.configAt(atMs)
    spreadOverMinutes(value, atMs, endMs, (startMs, ms) =>
      addSpan(this.#at(startMs).sumOf(credit, scope, config), measure, sign * ms),
    )
  }

  /** In each slice at the first place that falls in it. */
  #addFirsts(measure: Measure, places: readonly Moment[], scope: CreditScope, sign: 1 | -1): void {
    const { slices, configAt } = this.#tenant
    const [{ atMs, credit }] = places as readonly [Moment]
    addCount(this.#at(atMs).sumOf(credit, scope, configAt(atMs)), measure, sign)
    if (places.length === 1) return
    const taken = new Set<number>()
    for (const [nth, { atMs, credit }] of places.entries()) {
      const config = configAt(atMs)
      const first = slices.idsOf(credit, scope, config).filter((slice) => !taken.has(slice))
      if (nth > 0) addCount(this.#at(atMs).sumIn(first), measure, sign)
      for (const slice of first) taken.add(slice)
    }
  }

  #at(atMs: EpochMs): Bucket {
    const minuteStartMs = bucketStart(atMs, minuteMs)
    if (this.#last?.minuteStartMs !== minuteStartMs)
      this.#last = { minuteStartMs, bucket: this.#find(minuteStartMs) }
    return this.#last.bucket
  }

  #find(minuteStartMs: EpochMs): Bucket {
    const isKept = kept((minuteStartMs + bucketMs.minute) as EpochMs, 'minute', this.#logTimeMs)
    const isMinute = isKept || this.#tenant.minutes.has(minuteStartMs)
    const buckets = isMinute ? this.#minutes : this.#slots
    return buckets.getOrInsertComputed(
      isMinute ? minuteStartMs : bucketStart(minuteStartMs, slotMs),
      () => new Bucket(),
    )
  }

  #total(startMs: EpochMs, isMinute: boolean, bucket: Bucket): BucketDeltas {
    const tenant = this.#tenant
    const slotStartMs = bucketStart(startMs, slotMs)
    const isSlotKept = kept((slotStartMs + slotMs) as EpochMs, 'slot', this.#logTimeMs)
    const day = tenant.dayStart(slotStartMs)
    const starts = { minute: isMinute ? startMs : null, slot: isSlotKept ? slotStartMs : null, day }
    return { tenant, starts, records: bucket.bySlice(tenant.slices) }
  }
}

/** What is credited alike, before it is placed into slices: those of a sum are walked over once. */
type Sum = {
  readonly credit: DimensionSet
  readonly scope: CreditScope
  readonly config: TenantConfig
  readonly record: MeasureRecord
}

const scopePlace: Readonly<Record<CreditScope, number>> = { both: 0, wide: 1, agent: 2 }

class Bucket {
  readonly #sums: Sum[] = []
  /** What is added to slices that are known. */
  readonly #placed: { readonly slices: readonly number[]; readonly record: MeasureRecord }[] = []
  /** By the numbers of credit and scope; of the configuration that the last sum has. */
  readonly #known = new Map<number, Sum>()
  #last: Sum | null = null

  sumOf(credit: DimensionSet, scope: CreditScope, config: TenantConfig): MeasureRecord {
    const last = this.#last
    if (last !== null && last.credit === credit && last.scope === scope && last.config === config)
      return last.record
    const key = numberOf(credit) * 3 + scopePlace[scope]
    let sum = this.#known.get(key)
    if (sum?.config !== config) {
      sum = { credit, scope, config, record: emptyRecord() }
      this.#known.set(key, sum)
      this.#sums.push(sum)
    }
    this.#last = sum
    return sum.record
  }

  /** What is added to these slices. */
  sumIn(slices: readonly number[]): MeasureRecord {
    const record = emptyRecord()
    this.#placed.push({ slices, record })
    return record
  }

  bySlice(slices: Tenant['slices']): RecordDelta[] {
    const deltas = new Map<number, MeasureRecord>()
    const own = new Set<MeasureRecord>()
    const add = (ids: Iterable<number>, record: MeasureRecord): void => {
      for (const slice of ids) {
        const known = deltas.get(slice)
        if (known === undefined) {
          deltas.set(slice, record) // Most slices get no other one.
          continue
        }
        const delta = own.has(known) ? known : copyOfRecord(known)
        addRecord(delta, record)
        if (delta === known) continue
        own.add(delta)
        deltas.set(slice, delta)
      }
    }
    for (const { credit, scope, config, record } of this.#sums)
      if (!isEmpty(record)) add(slices.idsOf(credit, scope, config), record)
    for (const { slices: ids, record } of this.#placed) add(ids, record)
    return Array.from(deltas, ([slice, delta]) => ({ slice, delta })).filter(
      ({ delta }) => !isEmpty(delta),
    )
  }
}
