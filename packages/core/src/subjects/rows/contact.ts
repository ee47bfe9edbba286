import type { Clock, OutsideHours } from '../../config/tenant-config.ts'
import type { DimensionSet } from '../../measures/dimension-set.ts'
import type { DurationMs, EpochMs } from '../../time/time.ts'
import type { Deadline, Moment, Threshold } from './moment.ts'

/** An owed reply. An answer and a cancellation exclude each other; a reply that was missed may have both `due` and `answered`. */
export type ReplyRow<Credit = DimensionSet> = ReplyOnClock<Credit> & {
  readonly grain: 'reply'
  /** Counts the owed replies of the contact. */
  readonly ordinal: number
  readonly sinceMs: EpochMs
  /** What its limits run on, as the configuration says of its class: that on which the row itself stands. */
  readonly clock: Clock
  /** The same on the other clock; `null`: no calendar makes a difference. */
  readonly other: ReplyOnClock<Credit> | null
  /** It is the first one of a contact that its customer asked for. */
  readonly first: boolean
  /** The contact began outside of its hours, or the reply outside of the window of the day, and is not counted like all others for it. */
  readonly outside: Exclude<OutsideHours, 'count'> | null
  readonly answered: Moment<Credit> | null
  /** Nobody owed it any more, before it was due. */
  readonly cancelled: Moment<Credit> | null
  /** The wait was given up, and no end of it was told since. */
  readonly lost: Moment<Credit> | null
}

/** How an owed reply stands on a clock. */
export type ReplyOnClock<Credit = DimensionSet> = {
  /** Its limit: an answer at that instant is within. */
  readonly dueMs: EpochMs
  /** How long the customer waited, once there is an answer. */
  readonly waitMs: DurationMs | null
  /** min(answer, limit), once that has come. */
  readonly due: Deadline<Credit> | null
  /** The same for limits that are asked for by their seconds, in the order in which they came due. */
  readonly thresholds: readonly Threshold<Credit>[]
  /** min(answer, cap), once that has come. */
  readonly capped: CappedWait<Credit> | null
}

/** A wait, or the cap where nobody had answered by then. */
export type CappedWait<Credit = DimensionSet> = Moment<Credit> & { readonly waitMs: DurationMs }

/**
 * A wait of a call for an agent: a pass is one stay in one queue, told from its entry on. A wait that is no pass is told only once nobody answered it, or
 * it was given up. An answer is credited to the agent who gave it, all else but `lost` to nobody.
 */
export type PassRow<Credit = DimensionSet> = {
  readonly grain: 'pass'
  /** Counts the waits of the call. */
  readonly ordinal: number
  readonly sinceMs: EpochMs
  /** `null`: it was in no queue yet, or nobody had asked for the call when it entered. */
  readonly queue: string | null
  /** Its limit: an answer at that instant is within. */
  readonly dueMs: EpochMs
  /** `null`: it is no pass, of which nothing comes due. */
  readonly entered: Moment<Credit> | null
  /** min(end, limit), once that has come. `isWithin`: it was answered by then. */
  readonly due: Deadline<Credit> | null
  readonly thresholds: readonly Threshold<Credit>[]
  readonly ended: EndedPass<Credit> | null
  /** It was given up, and no end of it was told since. */
  readonly lost: Moment<Credit> | null
}

export type EndedPass<Credit = DimensionSet> = Moment<Credit> & {
  readonly how: 'answered' | 'abandoned' | 'left'
  /** Why it left, as the event says that took it out; without a word `overflow` into another queue, and `ended` where the call was over. `null`: it did not leave, or nobody said. */
  readonly reason: string | null
  readonly waitMs: DurationMs
}

/** One agent's part in a contact, once it has ended. */
export type PartRow<Credit = DimensionSet> = {
  readonly grain: 'part'
  readonly agent: string
  /** Of all parts of the contact it was handled first. */
  readonly isFirst: boolean
  /** The contact was passed on at least once; it was handed up. */
  readonly isTransferred: boolean
  readonly isEscalated: boolean
  /** Its first end, of a contact that was asked for and answered. */
  readonly handled: Moment<Credit> | null
  /** Its last end up to now, and what it took. `null`: the agent never had the contact, or still has it for the first time. */
  readonly ended: EndedPart<Credit> | null
}

export type EndedPart<Credit = DimensionSet> = Moment<Credit> & {
  /** All of it. */
  readonly handleMs: number
  /** `null`: it is no call. */
  readonly talkMs: number | null
  readonly holdMs: number
  /** After-contact work; `null`: nothing was told of it. */
  readonly wrapUpMs: number | null
}

/** Each resolution of a contact. */
export type ResolutionRow<Credit = DimensionSet> = {
  readonly grain: 'resolution'
  /** Counts the resolutions of the contact. */
  readonly ordinal: number
  readonly resolved: Moment<Credit>
}

/** A contact is open again. `ordinal` counts its reopenings. */
export type ReopeningRow<Credit = DimensionSet> = {
  readonly grain: 'reopening'
  readonly ordinal: number
  readonly reopened: Moment<Credit>
}

/** The contact as a whole. */
export type ContactRow<Credit = DimensionSet> = {
  readonly grain: 'contact'
  /** An inbound contact began with an opening, in its first queue. */
  readonly opened: Moment<Credit> | null
  /** The first answer of a human since somebody asked. */
  readonly answered: Moment<Credit> | null
  /** Its first resolution. */
  readonly resolved: FirstResolved<Credit> | null
  /** min(first resolution, limit of the resolution), once that has come. */
  readonly resolutionDue: Deadline<Credit> | null
  /** Its opening, of one that was ever owed a first reply. */
  readonly firstReply: FirstReply<Credit> | null
  /** The last instant at which it was over, of one with a reply that was answered or missed by then. */
  readonly sessionEnd: SessionEnded<Credit> | null
}

/** `isWithin`: the reply was given within its limit. `isResolved`: the contact was resolved within 24 h of the opening. */
export type FirstReply<Credit = DimensionSet> = Moment<Credit> & {
  readonly isWithin: boolean
  readonly isResolved: boolean
}

/** What its customer had waited by then, on the clock of its class. `replies`: how many were answered; `missed`: how many were not answered within `limitMs`, which the mean may be, too. */
export type SessionEnded<Credit = DimensionSet> = Moment<Credit> & {
  readonly replies: number
  readonly waitMs: DurationMs
  readonly missed: number
  readonly limitMs: DurationMs
}

export type FirstResolved<Credit = DimensionSet> = Moment<Credit> & {
  /** What its class runs on. */
  readonly clock: Clock
  /** Since the customer's request, on that clock, and on the other one. */
  readonly afterMs: DurationMs
  readonly otherAfterMs: DurationMs
  /** Somebody reopened the contact within the window. */
  readonly isReopened: boolean
  /** `null`: it is not in the denominator of first-contact resolution. */
  readonly firstContact: FirstContact<Credit> | null
}

/** First-contact resolution, at the first resolution. The topic of its credit is that of that instant. */
export type FirstContact<Credit = DimensionSet> = Moment<Credit> & {
  /** The customer did not reopen the contact within the window. */
  readonly isSolved: boolean
  /** The contact has a customer. */
  readonly isIdentified: boolean
  /** The window has passed. */
  readonly isMature: boolean
}

/** A contact that its customer came back after, within the window: it was not solved at first contact. */
export type SessionRow<Credit = DimensionSet> = {
  readonly grain: 'session'
  readonly contactId: string
  /** At its resolution. `isMature`: the window has passed. */
  readonly repeated: Moment<Credit> & { readonly isMature: boolean }
}
