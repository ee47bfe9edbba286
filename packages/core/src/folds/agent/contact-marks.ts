import type { EpochMs } from '../../time/time.ts'
import type { EngagedSpan, Engagement } from './engagement.ts'

/** Instants in order, equal ones as often as they were put. */
export class Instants {
  readonly #sorted: number[] = []

  get count(): number {
    return this.#sorted.length
  }

  at(place: number): number | undefined {
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

  put(atMs: EpochMs): void {
    const place = this.firstFrom(atMs)
    if (place === this.#sorted.length) this.#sorted.push(atMs)
    else this.#sorted.splice(place, 0, atMs)
  }

  remove(atMs: EpochMs): void {
    const place = this.firstFrom(atMs)
    if (place === this.#sorted.length - 1) this.#sorted.pop()
    else this.#sorted.splice(place, 1)
  }
}

/** Bounds of merged spans. Inside one at t: starts ≤ t outnumber ends ≤ t. */
export class SpanMarks {
  readonly starts = new Instants()
  readonly ends = new Instants()

  /** What of a span's bounds lies at or after `fromMs` is put, or removed. */
  change(how: 'put' | 'remove', { startMs, endMs }: EngagedSpan, fromMs: EpochMs): void {
    if (endMs !== null && endMs <= startMs) return
    if (startMs >= fromMs) this.starts[how](startMs)
    if (endMs !== null && endMs >= fromMs) this.ends[how](endMs)
  }
}

/** What all contacts of an agent say of a day, merged, and kept by differences: an agent may have hundreds of contacts. */
export class ContactMarks {
  readonly mentions = new Instants()
  readonly engaged = new SpanMarks()
  /** Those of `engaged` that are calls. */
  readonly calls = new SpanMarks()

  /** One engagement takes the place of another one, from which it differs from `fromMs` on; `null`: there was none, or is none any more. */
  replace(before: Engagement | null, after: Engagement | null, fromMs: EpochMs): void {
    if (before !== null) this.#change('remove', before, fromMs)
    if (after !== null) this.#change('put', after, fromMs)
  }

  #change(
    how: 'put' | 'remove',
    { mentionsMs, spans, isCall = false }: Engagement,
    fromMs: EpochMs,
  ): void {
    for (let index = mentionsMs.length - 1; index >= 0 && mentionsMs[index]! >= fromMs; index -= 1)
      this.mentions[how](mentionsMs[index]!)
    for (const span of spans) {
      this.engaged.change(how, span, fromMs)
      if (isCall) this.calls.change(how, span, fromMs)
    }
  }
}
