import type { EpochMs } from '../../time/time.ts'

/** `endMs: null`: still engaged, with no end in sight. */
export type EngagedSpan = { readonly startMs: EpochMs; readonly endMs: EpochMs | null }

/** What one contact says of an agent on a UTC day. A later one of the same contact replaces it. */
export type Engagement = {
  /** A voice contact: while it engages the agent, no timeout signs the agent out. */
  readonly isCall?: boolean
  /** When the agent was engaged with the contact: ascending, none overlaps another. A span that was open at the day's start may start there or before. */
  readonly spans: readonly EngagedSpan[]
  /** Instants of the contact's events that name the agent, ascending. */
  readonly mentionsMs: readonly EpochMs[]
  /** When offers of the contact to the agent ended, ascending, each at an instant of `mentionsMs`; absent: none did. */
  readonly acceptedMs?: readonly EpochMs[] | undefined
  readonly missedMs?: readonly EpochMs[] | undefined
}

const markNames = [
  'mentions',
  'starts',
  'ends',
  'callStarts',
  'callEnds',
  'accepted',
  'missed',
] as const
export type MarkName = (typeof markNames)[number]

/** Instants of one name that a contact no longer says, and those that it says now. */
export type MarksOfName = { readonly gone: readonly EpochMs[]; readonly come: readonly EpochMs[] }

/** What a contact says of an agent's day in another way than before. Names of which nothing changes are not there. */
export type EngagementChange = Readonly<Partial<Record<MarkName, MarksOfName>>>

const nothing: Engagement = { spans: [], mentionsMs: [] }

/** The difference between what a contact said and what it says; `null` in place of one: nothing. @returns `null` when they say the same. */
export function engagementChange(
  before: Engagement | null,
  after: Engagement | null,
): EngagementChange | null {
  const [from, to] = [before ?? nothing, after ?? nothing]
  const change: Partial<Record<MarkName, MarksOfName>> = {}
  let isChange = false
  for (const name of markNames) {
    const differs = difference(marksOf(from, name), marksOf(to, name))
    if (differs === null) continue
    change[name] = differs
    isChange = true
  }
  return isChange ? change : null
}

function marksOf(engagement: Engagement, name: MarkName): readonly EpochMs[] {
  const { isCall = false, spans, mentionsMs, acceptedMs = [], missedMs = [] } = engagement
  switch (name) {
    case 'mentions':
      return mentionsMs
    case 'starts':
      return startsOf(spans)
    case 'ends':
      return endsOf(spans)
    case 'callStarts':
      return isCall ? startsOf(spans) : []
    case 'callEnds':
      return isCall ? endsOf(spans) : []
    case 'accepted':
      return acceptedMs
    case 'missed':
      return missedMs
  }
}

/** A span without length engages nobody. */
const hasLength = ({ startMs, endMs }: EngagedSpan): boolean => endMs === null || endMs > startMs

const startsOf = (spans: readonly EngagedSpan[]): EpochMs[] =>
  spans.filter(hasLength).map(({ startMs }) => startMs)

const endsOf = (spans: readonly EngagedSpan[]): EpochMs[] =>
  spans.flatMap((span) => (span.endMs === null || !hasLength(span) ? [] : [span.endMs]))

/** Both ascend; an instant may be in either several times. */
function difference(before: readonly EpochMs[], after: readonly EpochMs[]): MarksOfName | null {
  const gone: EpochMs[] = []
  const come: EpochMs[] = []
  let [old, now] = [0, 0]
  while (old < before.length || now < after.length) {
    const [a, b] = [before[old] ?? Infinity, after[now] ?? Infinity]
    if (a === b) {
      old += 1
      now += 1
    } else if (a < b) {
      gone.push(a as EpochMs)
      old += 1
    } else {
      come.push(b as EpochMs)
      now += 1
    }
  }
  return gone.length + come.length === 0 ? null : { gone, come }
}
