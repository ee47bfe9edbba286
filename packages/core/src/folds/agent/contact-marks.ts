import type { EngagedSpan, Engagement } from './engagement.ts'

/** Bounds of merged spans, each list ascending. Inside one at t: starts ≤ t outnumber ends ≤ t. */
export type SpanMarks = { readonly startsMs: Float64Array; readonly endsMs: Float64Array }

/** What all contacts of an agent say from an instant on, merged. */
export type ContactMarks = {
  /** Ascending. */
  readonly mentionsMs: Float64Array
  readonly engaged: SpanMarks
  /** Those of `engaged` that are calls. */
  readonly calls: SpanMarks
}

/** Mentions at or after `fromMs`, and the spans that reach beyond it; a span that began before counts as beginning at `fromMs`. */
export function contactMarksFrom(engagements: Iterable<Engagement>, fromMs: number): ContactMarks {
  const mentions: number[] = []
  const engaged = new Bounds()
  const calls = new Bounds()
  for (const { mentionsMs, spans, isCall = false } of engagements) {
    for (let index = mentionsMs.length - 1; index >= 0 && mentionsMs[index]! >= fromMs; index -= 1) mentions.push(mentionsMs[index]!)
    for (const span of spans) {
      engaged.add(span, fromMs)
      if (isCall) calls.add(span, fromMs)
    }
  }
  return { mentionsMs: ascending(mentions), engaged: engaged.marks(), calls: calls.marks() }
}

class Bounds {
  readonly #starts: number[] = []
  readonly #ends: number[] = []

  add({ startMs, endMs }: EngagedSpan, fromMs: number): void {
    const fromStartMs = Math.max(startMs, fromMs)
    if (endMs !== null && endMs <= fromStartMs) return
    this.#starts.push(fromStartMs)
    if (endMs !== null) this.#ends.push(endMs)
  }

  marks(): SpanMarks {
    return { startsMs: ascending(this.#starts), endsMs: ascending(this.#ends) }
  }
}

function ascending(instants: number[]): Float64Array {
  return Float64Array.from(instants).sort()
}
