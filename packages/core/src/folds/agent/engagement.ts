import { equalDimensions } from '../../measures/dimension-set.ts'
import type { DimensionValues } from '../../measures/measure.ts'
import type { EpochMs } from '../../time/time.ts'
import type { Shift } from './shift.ts'

/** `endMs: null`: still engaged, with no end in sight. `queue`: of the contact there; absent: none. */
export type EngagedSpan = {
  readonly startMs: EpochMs
  readonly endMs: EpochMs | null
  readonly queue?: string
  /** The agent has the contact since: what that takes counts in no part that has ended. */
  readonly runs?: true
}

/** Where the agent's part in a contact ended, as the contact counts it. */
export type PartEnd = { readonly atMs: EpochMs; readonly credit: DimensionValues }

/** When and where a contact of the agent was handled. */
export type Handled = { readonly atMs: EpochMs; readonly credit: DimensionValues }

/** What one contact says of an agent on a UTC day. A later one of the same contact replaces it. */
export type Engagement = {
  readonly contactId: string
  /** A voice contact: while it engages the agent, no timeout signs the agent out. */
  readonly isCall?: boolean
  /** When the agent was engaged with the contact: ascending, none overlaps another. A span that was open at the day's start may start there or before. */
  readonly spans: readonly EngagedSpan[]
  /** Instants of the contact's events that name the agent, ascending. */
  readonly mentionsMs: readonly EpochMs[]
  /** When offers of the contact to the agent ended, ascending, each at an instant of `mentionsMs`; absent: none did. */
  readonly acceptedMs?: readonly EpochMs[] | undefined
  readonly missedMs?: readonly EpochMs[] | undefined
  /** The agent's part has ended, and nothing of it lies on a later day. */
  readonly ended?: PartEnd
  /** It has ended on a later day, which counts what it took on this one. */
  readonly continues?: true
}

export type MarkName =
  'mentions' | 'starts' | 'ends' | 'callStarts' | 'callEnds' | 'accepted' | 'missed'

/** Instants of one name that a contact no longer says, and those that it says now. */
export type MarksOfName = { readonly gone: readonly EpochMs[]; readonly come: readonly EpochMs[] }

/** The part of an agent in a contact on a day: the first spans that were known stay, and all others are these. Without spans and an end there is none. */
export type PartChange = {
  readonly contactId: string
  readonly kept: number
  readonly spans: readonly EngagedSpan[]
  readonly ended: PartEnd | null
  readonly continues: boolean
}

/** A contact of the agent was handled on the local day that begins then; `null`: it was not. */
export type HandledChange = {
  readonly contactId: string
  readonly dayStartMs: EpochMs
  readonly handled: Handled | null
}

/** A shift of the agent, as it was told last; `null`: it is none of the day any more. */
export type ShiftChange = { readonly shiftId: string; readonly shift: Shift | null }

/** Whether the attendance of the agent on a local date was told by hand. */
export type DateChange = { readonly date: string; readonly isTold: boolean }

/** What a contact, a shift or an attendance says of an agent's day in another way than before. Names of which nothing changes are not there. */
export type EngagementChange = Readonly<Partial<Record<MarkName, MarksOfName>>> & {
  readonly parts?: readonly PartChange[]
  readonly handled?: readonly HandledChange[]
  readonly shifts?: readonly ShiftChange[]
  readonly dates?: readonly DateChange[]
}

/** The difference between what a contact said and what it says; `null` in place of one: nothing. @returns `null` when they say the same. */
export function engagementChange(
  before: Engagement | null,
  after: Engagement | null,
): EngagementChange | null {
  const contactId = (before ?? after)?.contactId ?? ''
  const nothing: Engagement = { contactId, spans: [], mentionsMs: [] }
  const [from, to] = [before ?? nothing, after ?? nothing]
  const change: Changing = {}
  const [were, are] = [from.spans.filter(hasLength), to.spans.filter(hasLength)]
  const [starts, ends] = [were.map(startOf), were.flatMap(endOf)]
  const [startsNow, endsNow] = [are.map(startOf), are.flatMap(endOf)]
  mark(change, 'mentions', from.mentionsMs, to.mentionsMs)
  mark(change, 'starts', starts, startsNow)
  mark(change, 'ends', ends, endsNow)
  mark(change, 'callStarts', from.isCall ? starts : none, to.isCall ? startsNow : none)
  mark(change, 'callEnds', from.isCall ? ends : none, to.isCall ? endsNow : none)
  mark(change, 'accepted', from.acceptedMs, to.acceptedMs)
  mark(change, 'missed', from.missedMs, to.missedMs)
  const part = partChange([from, were], [to, are])
  if (part !== null) change.parts = [part]
  return Object.keys(change).length === 0 ? null : change
}

type Changing = { -readonly [Name in keyof EngagementChange]: EngagementChange[Name] }

function mark(
  change: Changing,
  name: MarkName,
  before: Instants = none,
  after: Instants = none,
): void {
  const differs = difference(before, after)
  if (differs !== null) change[name] = differs
}

type WithSpans = readonly [engagement: Engagement, spans: readonly EngagedSpan[]]

/** `null`: the part is the same. */
function partChange([before, from]: WithSpans, [after, to]: WithSpans): PartChange | null {
  const { contactId, ended = null, continues = false } = after
  let kept = 0
  while (kept < from.length && kept < to.length && equalSpans(from[kept]!, to[kept]!)) kept += 1
  if (
    kept === Math.max(from.length, to.length) &&
    equalEnds(before.ended, after.ended) &&
    before.continues === after.continues
  )
    return null
  return { contactId, kept, spans: to.slice(kept), ended, continues }
}

export function equalEngagements(a: Engagement, b: Engagement): boolean {
  if (
    a.contactId !== b.contactId ||
    a.isCall !== b.isCall ||
    a.continues !== b.continues ||
    a.mentionsMs.length !== b.mentionsMs.length ||
    a.spans.length !== b.spans.length ||
    !equalEnds(a.ended, b.ended) ||
    !equalInstants(a.acceptedMs, b.acceptedMs) ||
    !equalInstants(a.missedMs, b.missedMs)
  )
    return false
  // Compared from the end: what differs is mostly the last instant.
  for (let index = a.mentionsMs.length - 1; index >= 0; index -= 1)
    if (a.mentionsMs[index] !== b.mentionsMs[index]) return false
  return a.spans.every((span, index) => equalSpans(span, b.spans[index]!))
}

const equalInstants = (a: readonly EpochMs[] = [], b: readonly EpochMs[] = []): boolean =>
  a.length === b.length && a.every((atMs, place) => atMs === b[place])

const equalSpans = (a: EngagedSpan, b: EngagedSpan): boolean =>
  a.startMs === b.startMs && a.endMs === b.endMs && a.queue === b.queue && a.runs === b.runs

export function equalEnds(a: PartEnd | undefined, b: PartEnd | undefined): boolean {
  if (a === undefined || b === undefined) return a === b
  return a.atMs === b.atMs && equalDimensions(a.credit, b.credit)
}

type Instants = readonly EpochMs[]
const none: Instants = []

/** A span without length engages nobody. */
const hasLength = ({ startMs, endMs }: EngagedSpan): boolean => endMs === null || endMs > startMs

const startOf = ({ startMs }: EngagedSpan): EpochMs => startMs
const endOf = ({ endMs }: EngagedSpan): Instants => (endMs === null ? none : [endMs])

/** Both ascend; an instant may be in either several times. */
function difference(before: Instants, after: Instants): MarksOfName | null {
  let same = 0 // Mostly all of what was before.
  while (same < before.length && before[same] === after[same]) same += 1
  if (same === before.length && same === after.length) return null
  const gone: EpochMs[] = []
  const come: EpochMs[] = []
  let [old, now] = [same, same]
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
  return { gone, come }
}
