import type { EpochMs } from '../../time/time.ts'

/** `endMs: null`: still engaged, with no end in sight. */
export type EngagedSpan = { readonly startMs: EpochMs; readonly endMs: EpochMs | null }

/** What one contact says of an agent on a UTC day. A later one of the same contact replaces it. */
export type Engagement = {
  readonly contactId: string
  /** A voice contact: while it engages the agent, no timeout signs the agent out. */
  readonly isCall?: boolean
  /** When the agent was engaged with the contact. A span that was open at the day's start may start there or before. */
  readonly spans: readonly EngagedSpan[]
  /** Instants of the contact's events that name the agent, ascending. */
  readonly mentionsMs: readonly EpochMs[]
}

/**
 * The earliest instant at which two engagements of one contact say different things; before it they say the same. `null`: they never differ.
 * An engagement that is not there (`null`) says nothing. With overlapping spans the instant may be early, never late.
 */
export function engagementDiffersFromMs(
  before: Engagement | null,
  after: Engagement | null,
): EpochMs | null {
  const fromMs = Math.min(
    spansDifferFromMs(before, after),
    mentionsDifferFromMs(before?.mentionsMs ?? [], after?.mentionsMs ?? []),
  )
  return fromMs === Infinity ? null : (fromMs as EpochMs)
}

function spansDifferFromMs(one: Engagement | null, other: Engagement | null): number {
  const before = one?.spans ?? []
  const after = other?.spans ?? []
  // A contact that turns out to be a call, or none, says something else of all of its spans.
  const isOtherKind = (one?.isCall ?? false) !== (other?.isCall ?? false)
  let fromMs = isOtherKind
    ? Math.min(...[...before, ...after].map(({ startMs }) => startMs))
    : Infinity
  for (let index = 0; index < Math.max(before.length, after.length); index += 1) {
    const a = before[index]
    const b = after[index]
    if (a?.startMs !== b?.startMs)
      fromMs = Math.min(fromMs, a?.startMs ?? Infinity, b?.startMs ?? Infinity)
    else if (a?.endMs !== b?.endMs)
      fromMs = Math.min(fromMs, a?.endMs ?? Infinity, b?.endMs ?? Infinity)
  }
  return fromMs
}

function mentionsDifferFromMs(before: readonly EpochMs[], after: readonly EpochMs[]): number {
  const shared = Math.min(before.length, after.length)
  let index = 0
  while (index < shared && before[index] === after[index]) index += 1
  return Math.min(before[index] ?? Infinity, after[index] ?? Infinity)
}

/** The last instant at which the engagement says something; `Infinity` while it is open, `-Infinity` when it is empty. */
export function lastInstantMs(engagement: Engagement): number {
  let lastMs: number = engagement.mentionsMs.at(-1) ?? -Infinity
  for (const span of engagement.spans) lastMs = Math.max(lastMs, span.endMs ?? Infinity)
  return lastMs
}

export function isEngagedAt(engagement: Engagement, atMs: EpochMs): boolean {
  return engagement.spans.some(
    (span) => span.startMs <= atMs && (span.endMs === null || atMs < span.endMs),
  )
}
