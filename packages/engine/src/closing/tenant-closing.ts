import { type ClosedTo, decodeClosedTo, encodeClosedTo, maturityOf } from '@deskpulse/core/closed'
import type { TenantConfig } from '@deskpulse/core/config'
import { maturities, type Maturity, type MeasureRecord } from '@deskpulse/core/measures'
import { closedToKey, closingKey } from '@deskpulse/core/state'
import {
  bucketStart,
  dayMs,
  type EpochMs,
  type LocalTime,
  minuteMs,
  periodAt,
  slotMs,
} from '@deskpulse/core/time'
import type { ChangeSet } from '../partition/change-set.ts'
import type { BucketDeltas } from '../partition/measure-deltas.ts'
import type { Tenant } from '../partition/tenant.ts'
import { ClosingPeriod, fieldOf, type Frame, type IssuedAs, issuedAs } from './closing-period.ts'
import { Frames } from './frames.ts'
import { IssuedList } from './issued-list.ts'

/** A closed period that goes on changing is issued again so long after the first change. */
const changingMaxMs = 10 * minuteMs

/**
 * How far a tenant's periods are closed, and what of them is to be issued. A period is closed at the first tick at which the watermark has come to its end and
 * the grace; what changes in it from then on is issued once a tick found nothing further, or ten minutes after the first change. Changes are seen at ticks
 * alone, before and after: what came and went between two of them depends on how the log was cut, and is none.
 */
export class TenantClosing {
  readonly name: string
  readonly issued: IssuedList
  readonly #frames = new Frames()
  readonly #periods = new Map<string, ClosingPeriod>()
  #to: ClosedTo | null = null
  #isToDirty = false
  #localTime: LocalTime | null = null

  constructor(name: string, stored: ReadonlyMap<string, Uint8Array> = new Map()) {
    this.name = name
    this.issued = new IssuedList(name)
    for (const [field, bytes] of stored) {
      if (field === 'to') this.#to = decodeClosedTo(bytes)
      else this.#periods.set(field, ClosingPeriod.decode(field, bytes))
    }
  }

  /** Its first entry was met: what ended before, and longer ago than the grace, counts as closed. */
  begin(logTimeMs: EpochMs, { closing: { graceMs }, fcrWindowMs }: TenantConfig): void {
    if (this.#to !== null) return
    const beganMs = bucketStart(logTimeMs, minuteMs)
    const toMs = bucketStart((beganMs - graceMs) as EpochMs, slotMs)
    this.#to = { beganMs, toMs, graceMs, fcrWindowMs }
    this.#isToDirty = true
  }

  /** Periods are closed by what is configured last, and end where a configuration begins. */
  follow({ newestConfig, localTime }: Pick<Tenant, 'newestConfig' | 'localTime'>): void {
    if (localTime !== this.#localTime) {
      for (const period of this.#periods.values()) {
        const { kind, startMs } = period.frame
        period.endAt(periodAt(kind, startMs, localTime).endMs)
      }
    }
    this.#localTime = localTime
    const { graceMs } = newestConfig.closing
    const { fcrWindowMs } = newestConfig
    const to = this.#to!
    if (to.graceMs === graceMs && to.fcrWindowMs === fcrWindowMs) return
    this.#to = { ...to, graceMs, fcrWindowMs }
    this.#isToDirty = true
  }

  /** It ended before the tenant began. */
  isBefore({ endMs }: Frame): boolean {
    return endMs <= bucketStart(this.#to!.beganMs, slotMs)
  }

  isClosed({ endMs }: Frame): boolean {
    return endMs <= this.#to!.toMs
  }

  /** What a fold has added to a bucket. */
  note({ starts, records }: BucketDeltas, tenant: Tenant): void {
    if (records.length === 0) return
    const hour = starts.slot === null ? null : this.#period(this.#hourOf(tenant, starts.slot))
    const day = this.#period(this.#daysOf(tenant, starts.day)[0])
    for (const { slice, delta } of records) {
      if (hour !== null) this.#noteIn(hour, slice, delta)
      this.#noteIn(day, slice, delta)
    }
  }

  /** What changed in an hour, or in a day and what is longer. What it holds while it runs is asked for once it is over: there one change is as good as many. */
  #noteIn(period: ClosingPeriod, slice: number, delta: MeasureRecord): void {
    const isOpen = !this.isClosed(period.frame)
    if (isOpen && period.touched.has(slice)) return
    for (const [place, cell] of delta.cells.entries()) {
      const maturity = isOpen ? null : maturityOf(cell)
      const isMature = maturity === null || this.#isMature(period, maturity)
      period.note(slice, isMature ? 'late' : maturity, cell, delta.values[place]!)
    }
  }

  /** There are changes whose longer periods are to be found. */
  get hasFresh(): boolean {
    return this.#periods.values().some(({ hasFresh }) => hasFresh)
  }

  /**
   * A tick. @param tenant where `hasFresh`. @returns the periods of which something is to be issued now.
   */
  pass(tickMs: EpochMs, watermarkMs: EpochMs, tenant: Tenant | null): ClosingPeriod[] {
    if (this.#to === null) return []
    for (const period of [...this.#periods.values()])
      if (period.hasFresh) this.#see(period, tickMs, tenant!)
    const periods = [...this.#periods.values()]
    const toMs = bucketStart((watermarkMs - this.#to.graceMs) as EpochMs, slotMs)
    if (toMs > this.#to.toMs) {
      for (const period of periods)
        if (!this.isClosed(period.frame) && period.frame.endMs <= toMs)
          period.issue('closed', period.touched)
      this.#to = { ...this.#to, toMs }
      this.#isToDirty = true
    }
    const closed = periods.filter((period) => this.isClosed(period.frame))
    for (const period of closed) this.#decide(period, tickMs)
    return closed.filter(({ issuing }) => issuing.size > 0)
  }

  /** What came and went since the last tick is no change. */
  #see(period: ClosingPeriod, tickMs: EpochMs, tenant: Tenant): void {
    const { fresh, frame } = period
    const others = frame.kind === 'day' ? this.#daysOf(tenant, frame.startMs).slice(1) : []
    const all = [period, ...others.map((other) => this.#period(other))]
    for (const as of issuedAs) {
      const changed = [...fresh[as]].flatMap(([slice, { isNothing }]) => (isNothing ? [] : [slice]))
      fresh[as].clear()
      if (changed.length > 0) for (const one of all) this.#change(one, changed, as, tickMs)
    }
    period.isDirty = true
  }

  #change(period: ClosingPeriod, slices: readonly number[], as: IssuedAs, tickMs: EpochMs): void {
    const isClosed = this.isClosed(period.frame)
    for (const slice of slices)
      if (isClosed && as !== 'late') period.mature(slice, as)
      else period.touch(slice)
    if (!isClosed || as !== 'late') return
    period.changed = { firstMs: period.changed?.firstMs ?? tickMs, lastMs: tickMs }
    period.isDirty = true
  }

  #decide(period: ClosingPeriod, tickMs: EpochMs): void {
    if (period.issuing.size > 0) return // What it holds now is still being issued.
    const { changed } = period
    if (
      changed !== null &&
      (changed.lastMs < tickMs || tickMs - changed.firstMs >= changingMaxMs)
    ) {
      period.changed = null
      period.issue('late', period.touched)
      return
    }
    for (const maturity of maturities)
      if (period.maturing[maturity].size > 0 && this.#isMature(period, maturity))
        period.issue('matured', period.maturing[maturity])
  }

  #isMature({ frame }: ClosingPeriod, maturity: Maturity): boolean {
    const { toMs, fcrWindowMs } = this.#to!
    return frame.endMs + (maturity === 'week' ? 7 * dayMs : fcrWindowMs) <= toMs
  }

  #hourOf(tenant: Tenant, slotStartMs: EpochMs): Frame {
    return this.#frames.hourOf(slotStartMs, tenant.localTime)
  }

  #daysOf(tenant: Tenant, dayStartMs: EpochMs): readonly [day: Frame, ...longer: Frame[]] {
    return this.#frames.daysOf(dayStartMs, tenant.localTime)
  }

  #period(frame: Frame): ClosingPeriod {
    return this.#periods.getOrInsertComputed(fieldOf(frame), () => new ClosingPeriod(frame))
  }

  write(changes: ChangeSet): void {
    this.issued.write(changes)
    if (this.#isToDirty) changes.put(closedToKey(this.name), encodeClosedTo(this.#to!))
    this.#isToDirty = false
    for (const [field, period] of this.#periods) {
      if (period.isIdle) this.#periods.delete(field)
      if (!period.isDirty) continue
      changes.put(`${closingKey(this.name)}#${field}`, period.isIdle ? null : period.encode())
      period.isDirty = false
    }
  }
}
