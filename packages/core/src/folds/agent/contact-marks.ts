import type { Engagement } from './engagement.ts'

/** What all contacts of an agent say from an instant on, merged: each list ascending. Engaged at t: starts ≤ t outnumber ends ≤ t. */
export type ContactMarks = {
  readonly mentionsMs: Float64Array
  readonly startsMs: Float64Array
  readonly endsMs: Float64Array
}

/** Mentions at or after `fromMs`, and the spans that reach beyond it; a span that began before counts as beginning at `fromMs`. */
export function contactMarksFrom(engagements: Iterable<Engagement>, fromMs: number): ContactMarks {
  const mentions: number[] = []
  const starts: number[] = []
  const ends: number[] = []
  for (const { mentionsMs, spans } of engagements) {
    for (let index = mentionsMs.length - 1; index >= 0 && mentionsMs[index]! >= fromMs; index -= 1) mentions.push(mentionsMs[index]!)
    for (const { startMs, endMs } of spans) {
      const fromStartMs = Math.max(startMs, fromMs)
      if (endMs !== null && endMs <= fromStartMs) continue
      starts.push(fromStartMs)
      if (endMs !== null) ends.push(endMs)
    }
  }
  return { mentionsMs: ascending(mentions), startsMs: ascending(starts), endsMs: ascending(ends) }
}

function ascending(instants: number[]): Float64Array {
  return Float64Array.from(instants).sort()
}
