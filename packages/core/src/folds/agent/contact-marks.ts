import type { EpochMs } from '../../time/time.ts'
import type { EngagementChange, MarkName, MarksOfName } from './engagement.ts'

/** Instants in order, equal ones as often as they were put. */
export class Instants {
  readonly #sorted: EpochMs[] = []

  get count(): number {
    return this.#sorted.length
  }

  at(place: number): EpochMs | undefined {
    return this.#sorted[place]
  }

  /** The place of the first one at or after `atMs`; behind the last: none is. */
  firstFrom(atMs: number): number {
    const sorted = this.#sorted
    let low = 0
    let high = sorted.length
    if (high > 0 && sorted[high - 1]! < atMs) return high // Most of what comes is the last.
    while (low < high) {
      const middle = (low + high) >>> 1
      if (sorted[middle]! < atMs) low = middle + 1
      else high = middle
    }
    return low
  }

  /** How many are at `atMs`. */
  countAt(atMs: EpochMs): number {
    return this.#sorted.length === 0 ? 0 : this.firstFrom(atMs + 1) - this.firstFrom(atMs)
  }

  put(atMs: EpochMs): void {
    const place = this.firstFrom(atMs)
    if (place === this.#sorted.length) this.#sorted.push(atMs)
    else this.#sorted.splice(place, 0, atMs)
  }

  /** One of those at `atMs`. @throws RangeError when there is none: who takes it back said something else before. */
  remove(atMs: EpochMs): void {
    const place = this.firstFrom(atMs)
    if (this.#sorted[place] !== atMs) throw new RangeError(`no instant ${atMs} to take back`)
    if (place === this.#sorted.length - 1) this.#sorted.pop()
    else this.#sorted.splice(place, 1)
  }

  values(): readonly EpochMs[] {
    return this.#sorted
  }
}

/** Bounds of spans, of all contacts together. Inside one at t: starts ≤ t outnumber ends ≤ t. */
export class SpanMarks {
  readonly starts = new Instants()
  readonly ends = new Instants()

  /** How many spans an instant is inside of. */
  countAt(atMs: EpochMs): number {
    return this.starts.firstFrom(atMs + 1) - this.ends.firstFrom(atMs + 1)
  }
}

/** What all contacts of an agent say of a day, together: an agent may have hundreds of contacts, and none of them is kept apart. */
export class ContactMarks {
  readonly mentions = new Instants()
  readonly engaged = new SpanMarks()
  /** Those of `engaged` that are calls. */
  readonly calls = new SpanMarks()
  /** Offers that ended, by how. */
  readonly accepted = new Instants()
  readonly missed = new Instants()
  readonly #byName: readonly (readonly [MarkName, Instants])[] = [
    ['mentions', this.mentions],
    ['starts', this.engaged.starts],
    ['ends', this.engaged.ends],
    ['callStarts', this.calls.starts],
    ['callEnds', this.calls.ends],
    ['accepted', this.accepted],
    ['missed', this.missed],
  ]

  get count(): number {
    return this.#byName.reduce((sum, [, instants]) => sum + instants.count, 0)
  }

  /** A contact says something else. @returns from when on. */
  apply(change: EngagementChange): EpochMs {
    let fromMs = Infinity
    for (const [name, instants] of this.#byName) {
      const marks = change[name]
      if (marks === undefined) continue
      const { gone, come } = marks
      for (const atMs of gone) instants.remove(atMs)
      for (const atMs of come) instants.put(atMs)
      fromMs = Math.min(fromMs, gone[0] ?? Infinity, come[0] ?? Infinity)
    }
    return fromMs as EpochMs
  }

  /** What to apply to none of it to have all of it. */
  whole(): Partial<Record<MarkName, MarksOfName>> {
    return Object.fromEntries(
      this.#byName
        .filter(([, { count }]) => count > 0)
        .map(([name, instants]) => [name, { gone: [], come: instants.values() }]),
    )
  }
}
