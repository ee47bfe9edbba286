import type { EngagedSpan, Engagement } from '@deskpulse/core/subjects'
import type { EpochMs } from '@deskpulse/core/time'

/**
 * What a contact says of an agent's day, in the day's journal: the difference to what it said before, which mostly is a moved end and a mention. A
 * journal of whole engagements would grow with the square of a conversation's length.
 */
export type EngagementNote = {
  readonly contactId: string
  readonly isCall?: boolean
  /** So many of the spans before stay; these follow. */
  readonly sameSpans: number
  readonly spans: readonly EngagedSpan[]
  readonly sameMentions: number
  readonly mentionsMs: readonly EpochMs[]
}

/** `before`: what the contact said until then; `undefined`: nothing. */
export function noteOf(
  before: Engagement | undefined,
  { contactId, isCall, spans, mentionsMs }: Engagement,
): EngagementNote {
  const sameSpans = sameFirst(
    before?.spans ?? [],
    spans,
    (a, b) => a.startMs === b.startMs && a.endMs === b.endMs,
  )
  const sameMentions = sameFirst(before?.mentionsMs ?? [], mentionsMs, (a, b) => a === b)
  return {
    contactId,
    ...(isCall === undefined ? {} : { isCall }),
    sameSpans,
    spans: spans.slice(sameSpans),
    sameMentions,
    mentionsMs: mentionsMs.slice(sameMentions),
  }
}

/** The inverse of `noteOf`, given the same `before`. */
export function engagementOf(before: Engagement | undefined, note: EngagementNote): Engagement {
  const { contactId, isCall, sameSpans, sameMentions } = note
  return {
    contactId,
    ...(isCall === undefined ? {} : { isCall }),
    spans: [...(before?.spans ?? []).slice(0, sameSpans), ...note.spans],
    mentionsMs: [...(before?.mentionsMs ?? []).slice(0, sameMentions), ...note.mentionsMs],
  }
}

function sameFirst<One>(
  before: readonly One[],
  after: readonly One[],
  equal: (a: One, b: One) => boolean,
): number {
  let same = 0
  while (same < before.length && same < after.length && equal(before[same]!, after[same]!))
    same += 1
  return same
}
