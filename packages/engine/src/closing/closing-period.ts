import { type ClosedCause, closedCauses } from '@deskpulse/core/closed'
import { maturities, type Maturity } from '@deskpulse/core/measures'
import { ByteReader, ByteWriter } from '@deskpulse/core/state'
import { type ClosedKind, closedKinds, type EpochMs, type Interval } from '@deskpulse/core/time'
import { Difference } from './difference.ts'

/** How a change of a closed period is issued: `late`, once it is quiet, or when what it changes has matured. */
export const issuedAs = ['late', ...maturities] as const
export type IssuedAs = (typeof issuedAs)[number]

/** A period that is closed, or will be. */
export type Frame = Interval & { readonly kind: ClosedKind }

/** Under which it is stored what of a period is still to be issued. */
export const fieldOf = ({ kind, startMs }: Frame): string => `${kind}.${startMs}`

/**
 * What of a period is still to be issued. Slices by their numbers; one of them may be in here for nothing, where it changed at a tick and back at another: what
 * has not changed since it was last issued is not issued again.
 */
export class ClosingPeriod {
  #frame: Frame
  /** It runs: slices in which a tick found something counted. It is closed: those in which one found a change since they were last issued. */
  readonly touched = new Set<number>()
  /** What has changed since the last tick; while it runs, in slices that are not touched. */
  readonly fresh: Readonly<Record<IssuedAs, Map<number, Difference>>> = {
    late: new Map(),
    fcrWindow: new Map(),
    week: new Map(),
  }
  /** What matures with time had changed at a tick since the period was closed, by the time that it takes. */
  readonly maturing: Readonly<Record<Maturity, Set<number>>> = {
    fcrWindow: new Set(),
    week: new Set(),
  }
  /** To be issued now. */
  readonly issuing = new Set<number>()
  /** Why. */
  cause: ClosedCause = 'closed'
  /** The first and the last tick at which a change was seen that is not issued; `null`: none was. */
  changed: { readonly firstMs: EpochMs; readonly lastMs: EpochMs } | null = null
  isDirty = false

  constructor(frame: Frame) {
    this.#frame = frame
  }

  get frame(): Frame {
    return this.#frame
  }

  /** It is cut where another configuration begins, or is not after all. */
  endAt(endMs: EpochMs): void {
    if (endMs === this.#frame.endMs) return
    this.#frame = { ...this.#frame, endMs }
    this.isDirty = true
  }

  get field(): string {
    return fieldOf(this.frame)
  }

  get hasFresh(): boolean {
    return issuedAs.some((as) => this.fresh[as].size > 0)
  }

  /** Nothing of it is to be issued any more, as far as is known. */
  get isIdle(): boolean {
    return !this.hasFresh && this.#sets.every(({ size }) => size === 0) && this.changed === null
  }

  /** `value` was added to a cell. */
  note(slice: number, as: IssuedAs, cell: number, value: number): void {
    this.fresh[as].getOrInsertComputed(slice, () => new Difference()).add(cell, value)
    this.isDirty = true
  }

  touch(slice: number): void {
    if (this.touched.has(slice)) return
    this.touched.add(slice)
    this.isDirty = true
  }

  mature(slice: number, maturity: Maturity): void {
    const maturing = this.maturing[maturity]
    if (maturing.has(slice)) return
    maturing.add(slice)
    this.isDirty = true
  }

  /** It is over, or was quiet for long enough. */
  issue(cause: ClosedCause, slices: Set<number>): void {
    for (const slice of slices) this.issuing.add(slice)
    slices.clear()
    this.cause = cause
    this.isDirty = true
  }

  /** A slice was issued, or holds what it held when it last was. */
  issued(slice: number): void {
    this.issuing.delete(slice)
    this.isDirty = true
  }

  /** It cannot be issued any more. */
  drop(): void {
    for (const set of [...Object.values(this.fresh), ...this.#sets]) set.clear()
    this.changed = null
    this.isDirty = true
  }

  /** As they are stored. */
  get #sets(): readonly Set<number>[] {
    return [this.touched, ...maturities.map((maturity) => this.maturing[maturity]), this.issuing]
  }

  encode(): Uint8Array {
    writer.time(this.frame.endMs)
    for (const slices of this.#sets) writeSlices(slices)
    writer.byte(closedCauses.indexOf(this.cause))
    writer.byte(this.changed === null ? 0 : 1)
    if (this.changed !== null) {
      writer.time(this.changed.firstMs)
      writer.time(this.changed.lastMs)
    }
    for (const as of issuedAs) {
      writer.count(this.fresh[as].size)
      for (const [slice, difference] of this.fresh[as]) {
        writer.count(slice)
        for (const part of difference.parts) writer.count(part)
      }
    }
    return writer.take()
  }

  /** The inverse; `field`: under which it was stored. @throws RangeError */
  static decode(field: string, bytes: Uint8Array): ClosingPeriod {
    const [kind, start] = field.split('.')
    const reader = new ByteReader(bytes)
    const period = new ClosingPeriod({
      kind: closedKinds.find((one) => one === kind)!,
      startMs: Number(start) as EpochMs,
      endMs: reader.time(),
    })
    for (const set of period.#sets) readSlices(reader, set)
    period.cause = closedCauses[reader.byte()]!
    if (reader.byte() === 1) period.changed = { firstMs: reader.time(), lastMs: reader.time() }
    for (const as of issuedAs)
      for (let left = reader.count(); left > 0; left -= 1)
        period.fresh[as].set(reader.count(), new Difference(reader.count(), reader.count()))
    return period
  }
}

const writer = new ByteWriter()

/** In ascending order, as the distance from the one before. */
function writeSlices(slices: ReadonlySet<number>): void {
  writer.count(slices.size)
  let before = 0
  for (const slice of [...slices].sort((a, b) => a - b)) {
    writer.count(slice - before)
    before = slice
  }
}

function readSlices(reader: ByteReader, into: Set<number>): void {
  let slice = 0
  for (let left = reader.count(); left > 0; left -= 1) into.add((slice += reader.count()))
}
