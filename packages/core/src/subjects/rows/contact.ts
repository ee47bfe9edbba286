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
  /** Of a first reply: how much of that was before the assignment that led to it. `null`: it is none, or there is no answer. */
  readonly queueMs: DurationMs | null
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

/** A presentation of a contact to an agent, once it has ended. Told again while it goes on, it is the same one. */
export type OfferRow<Credit = DimensionSet> = {
  readonly grain: 'offer'
  /** Counts the offers of the contact, in the order in which they ended. */
  readonly ordinal: number
  readonly agent: string
  /** `null`: nobody told when it began. */
  readonly sinceMs: EpochMs | null
  readonly ended: EndedOffer<Credit>
}

/** In the queue that holds the contact then, of the agent to whom it was presented. */
export type EndedOffer<Credit = DimensionSet> = Moment<Credit> & {
  /** `accepted`: it was assigned to that agent. `withdrawn`: taken back, which is nobody's fault. */
  readonly how: 'accepted' | 'missed' | 'withdrawn'
  /** As `contact.declined` says; `null`: nothing did. */
  readonly reason: string | null
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
  /** Its customer was asked for a rating. */
  readonly isInvited: boolean
  /** Its first end, of a contact that was asked for and answered. */
  readonly handled: Moment<Credit> | null
  /** The contact had been resolved by `handled`; it was resolved after it. */
  readonly isResolved: boolean
  readonly isResolvedLater: boolean
  /** Its last end up to now, and what it took. `null`: the agent never had the contact, or still has it for the first time. */
  readonly ended: EndedPart<Credit> | null
}

export type EndedPart<Credit = DimensionSet> = Moment<Credit> & {
  /** All of it. */
  readonly handleMs: number
  /** `null`: it is no call. */
  readonly talkMs: number | null
  readonly holdMs: number
  /** How often it was held. */
  readonly holds: number
  /** How often the customer hung up on hold. */
  readonly holdAbandons: number
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

/**
 * A contact was handed up to another level. `reacted`: another agent than the one who held it was assigned to it, or wrote to the customer, for the first time
 * since; `null`: nobody did yet.
 */
export type EscalationRow<Credit = DimensionSet> = {
  readonly grain: 'escalation'
  /** Counts the escalations of the contact. */
  readonly ordinal: number
  /** `conflict`, `technical` or another word; `null`: nobody said. */
  readonly kind: string | null
  readonly escalated: Moment<Credit>
  readonly reacted: (Moment<Credit> & { readonly afterMs: DurationMs }) | null
}

/** The contact as a whole. */
export type ContactRow<Credit = DimensionSet> = {
  readonly grain: 'contact'
  /** What its class runs on; `null`: nobody asked yet. */
  readonly clock: Clock | null
  /** To resolve it is within the authority of who handles it, unless it was said that it is not. */
  readonly isInAuthority: boolean
  /** An inbound contact began with an opening, in its first queue. */
  readonly opened: Opened<Credit> | null
  /** The same of one that its customer left as a message, for want of anybody: it is not opened. */
  readonly leftMessage: Moment<Credit> | null
  /** An agent got to work on it, since somebody asked. */
  readonly started: (Moment<Credit> & Passed) | null
  /** The first answer of a human since somebody asked. */
  readonly answered: Moment<Credit> | null
  /** Its first resolution. */
  readonly resolved: FirstResolved<Credit> | null
  /** Its last resolution up to now. */
  readonly lastResolved: (Moment<Credit> & Elapsed) | null
  /** Its first close after humans handled it, of a contact that counts in first-contact resolution and was never resolved. The topic of its credit is that of that instant. */
  readonly closedUnresolved: (Moment<Credit> & { readonly isIdentified: boolean }) | null
  /** min(first resolution, limit of the resolution), once that has come. */
  readonly resolutionDue: Deadline<Credit> | null
  /** The first word on which side hung up, of an answered call. */
  readonly hungUp: HungUp<Credit> | null
  /** It is over since then. `null`: it is open, or had nobody but a bot. */
  readonly ended: EndedContact<Credit> | null
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

/** What its customer had waited by then, on the clock of its class. `replies`: how many were answered; `missed`: how many were over without an answer, later than the threshold. `limitMs`: what the mean may be. */
export type SessionEnded<Credit = DimensionSet> = Moment<Credit> & {
  readonly replies: number
  readonly waitMs: DurationMs
  readonly missed: number
  readonly limitMs: DurationMs
}

export type HungUp<Credit = DimensionSet> = Moment<Credit> & { readonly isByAgent: boolean }

/** In the queue that held the contact then, of its owner or the last human. */
export type EndedContact<Credit = DimensionSet> = Moment<Credit> & {
  /** Distinct queues and agents that it was in. */
  readonly stations: number
  /** All its passes together; `null`: it was in no queue for an agent, as no chat is. */
  readonly queueWaitMs: DurationMs | null
  /** A human answered it. */
  readonly isAnswered: boolean
  /** Messages of its customer and of humans, up to now; `null`: it is a call. */
  readonly messages: number | null
  /** From the customer’s last message before; `null`: there was none, or it is not live. */
  readonly closeMs: DurationMs | null
  /** Its customer never wrote. `null`: it is not live, or was not opened as an inbound one. */
  readonly isSilent: boolean | null
}

/** What a customer, or a human of the tenant, writes to the other for all to see. */
export type MessageRow<Credit = DimensionSet> = {
  readonly grain: 'message'
  /** Counts these messages of the contact. */
  readonly ordinal: number
  readonly from: 'customer' | 'agent'
  readonly sent: Moment<Credit>
  /** Of a customer: since the first message of a human after the customer’s last one; `null`: there is none. */
  readonly responseMs: DurationMs | null
}

/** `isResolvedInTime`: the first resolution came by 24 hours after the opening. */
export type Opened<Credit = DimensionSet> = Moment<Credit> & { readonly isResolvedInTime: boolean }

/** How long after the customer's request, on the clock of the class, and on the other one. */
export type Passed = { readonly afterMs: DurationMs; readonly otherAfterMs: DurationMs }

/** The same, and less the time in which the contact was pended. */
export type Elapsed = Passed & {
  readonly activeMs: DurationMs
  readonly otherActiveMs: DurationMs
}

export type FirstResolved<Credit = DimensionSet> = Moment<Credit> &
  Elapsed & {
    /** Since an agent got to work on it instead; `null`: none had. */
    readonly fromStart: Elapsed | null
    /** It had been neither transferred nor escalated. */
    readonly isFirstLevel: boolean
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
  readonly repeated: Moment<Credit> & {
    readonly isMature: boolean
    readonly isInAuthority: boolean
  }
}

/** A contact with which its customer came back, within the window after another one was resolved for the first time. */
export type RepeatRow<Credit = DimensionSet> = {
  readonly grain: 'repeat'
  readonly contactId: string
  /** In its first queue. */
  readonly opened: Moment<Credit>
}
