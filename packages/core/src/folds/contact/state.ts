import type { ChannelClass, Clock, OutsideHours } from '../../config/tenant-config.ts'
import type { ContactAttributes } from '../../measures/measure.ts'
import type { DurationMs, EpochMs } from '../../time/time.ts'
import type { Stay, StayTimes } from './stays.ts'
import type { EndedWait } from './waits.ts'

/** A customer is owed a reply: the clock of semantics 6. Its limits are fixed when the clock starts. */
export type OwedReply = ReplyClock & {
  /** Counts the owed replies of the contact. */
  readonly ordinal: number
  readonly sinceMs: EpochMs
  readonly limitMs: DurationMs
  /** What its limits run on. */
  readonly clock: Clock
  /** Whose calendar it is. */
  readonly queue: string | null
  /** The wait is given up as lost then. */
  readonly lostAtMs: EpochMs
  readonly first: boolean
  /** The other clock; `null`: no calendar makes a difference. */
  readonly other: ReplyClock | null
}

/** Until when a reply, or an answer to a call, is to be given, on one clock. */
export type ReplyClock = {
  /** An answer at that instant is within the limit. */
  readonly dueMs: EpochMs
  /** It became due unanswered: missed, for good. */
  missed: boolean
  /** Thresholds that are not yet due, the next one first. */
  readonly pending: PendingThreshold[]
}
export type PendingThreshold = { readonly seconds: number; readonly atMs: EpochMs }

/** The request is to be resolved by its limit. */
export type Resolving = {
  /** What the limit, and the time until the resolution, run on; and on whose calendar. */
  readonly clock: Clock
  readonly queue: string | null
  /** Since when the limit runs: the request, or the end of the last pause. */
  readonly sinceMs: EpochMs
  /** How much of the limit was left then; `null`: there is none. */
  readonly leftMs: DurationMs | null
  /** A resolution at that instant is within the limit. `null`: it stands still, or there is none. */
  readonly dueMs: EpochMs | null
  /** It became due unresolved, for good. */
  readonly missed: Credited | null
  /** It passed while the contact was over, or a bot's alone: neither kept nor missed. */
  readonly isOver: boolean
}

/** A voice contact waits in a queue, or since its opening for an agent. Instants: as of an owed reply. */
export type QueueWait = ReplyClock & {
  /** Counts the waits of the call. */
  readonly ordinal: number
  readonly sinceMs: EpochMs
  readonly lostAtMs: EpochMs
  /** The queue of which it is a pass; `null`: it is none, and has no timer but the last. */
  readonly queue: string | null
}

/** Something that happened at an instant, in a queue, to an agent; nobody is `null`. */
export type Credited = {
  readonly atMs: EpochMs
  readonly queue: string | null
  readonly agent: string | null
}

/** What the contact knows of one agent: when it was engaged with it, and when an event named the agent. */
export type AgentPart = {
  /** [start, end) each; the end of a part that still goes on lies ahead, and is moved. */
  readonly spans: [startMs: EpochMs, endMs: EpochMs][]
  readonly mentionsMs: EpochMs[]
  /** The queues of the stays before the last one, each since when; absent: there are none. */
  queues?: (readonly [sinceMs: EpochMs, queue: string | null])[]
  /** The first end of it, once the contact was answered. `isFirst`: of all parts. */
  handled: {
    readonly atMs: EpochMs
    readonly queue: string | null
    readonly isFirst: boolean
  } | null
  /** Its conversation ended then, and no end of after-contact work was told since. */
  wrapUpSinceMs: EpochMs | null
  /** Its last stay. `null`: it never had the contact. */
  stay: Stay | null
  /** All stays before that one, together. */
  earlier: StayTimes | null
}

/** The last events were assignments to one agent: when the last of them was, and the queue then. `isNew`: they made it the owner. `isAnswer`: they answered. */
export type JustAssigned = {
  readonly atMs: EpochMs
  readonly queue: string | null
  readonly isNew: boolean
  readonly isAnswer: boolean
}

/** The first resolution: where and for whom it counts, and whether it held. */
export type FirstResolution = {
  readonly atMs: EpochMs
  readonly queue: string
  readonly agent: string
  readonly topic: string | undefined
  /** It is in the denominator of FCR. */
  readonly eligible: boolean
  /** How long it took since the request, on the clock of the class, and on the other one. */
  readonly afterMs: DurationMs
  readonly otherAfterMs: DurationMs
  /** The window after it, by the configuration in force then. */
  readonly windowMs: number
  /** The contact was reopened within that window, by whomever. */
  reopened: boolean
  reopenedByCustomer: boolean
}

/** Up to this instant a reopening, or a session of the same customer, shows that the first resolution did not hold. */
export function windowEndMs({ atMs, windowMs }: FirstResolution): EpochMs {
  return (atMs + windowMs) as EpochMs
}

export type Phase = 'open' | 'resolved' | 'closed' | 'abandoned' | 'ended'

/** Folded state of a contact: plain data, so that a base is stored and cloned as JSON. */
export type ContactState = {
  /** Instant of the first event; `null` before it. */
  startedMs: EpochMs | null
  /** The contact has a `contact.opened`; otherwise it was opened by system, and counts in no opening, first response or FCR. */
  explicit: boolean
  /** Instant of its opening, once that has been folded: it may stand behind other events. */
  openedMs: EpochMs | null
  /** An event of its own has said where the contact is: an opening that stands behind it does not move the contact. */
  placed: boolean
  inbound: boolean
  /** The customer's request: the first event; of an outbound contact the customer's first message, `null` before it. */
  requestedMs: EpochMs | null
  /** `null`: nobody asked yet. */
  resolving: Resolving | null
  /** It began outside of its hours, and is not counted like all others for it. */
  outside: Exclude<OutsideHours, 'count'> | null
  openedBy: 'customer' | 'agent' | 'bot' | 'system'
  channel: string
  class: ChannelClass
  attributes: ContactAttributes
  customerId: string | null
  phase: Phase
  /** The customer's first unanswered message since the contact was over, within the return gap: owed if the contact is reopened before the gap is over. */
  thanksSinceMs: EpochMs | null
  /** It was over without an answer: abandoned, or ended. What the customer writes then is no thanks. */
  leftUnanswered: boolean
  /** When it was first resolved, closed, abandoned or ended since it was last open. */
  overSinceMs: EpochMs | null
  discarded: boolean
  /** `undecided`: nobody said who handles it, and a bot's first message may still show that a bot has it from the opening. */
  handledBy: 'undecided' | 'bot' | 'human'
  queue: string | null
  firstQueue: string | null
  /** The last one that changed the owner: its queue is the credit of *handled*. `null`: it was never assigned. */
  assignment: Credited | null
  owner: string | null
  /** The last event was the assignment: a queue that is told just after it is the one that the contact came from. */
  justAssigned: JustAssigned | null
  lastHuman: string | null
  hasMessages: boolean
  answered: boolean
  /** The first answer since it is somebody's request. */
  answer: Credited | null
  handled: boolean
  /** Passed on by a transfer, to stay there; handed up. */
  transferred: boolean
  escalated: boolean
  owed: OwedReply | null
  owedCount: number
  queueWait: QueueWait | null
  queueWaitCount: number
  /** What it waits for was given up: nobody is believed to wait any more, until an end takes that back. */
  lost: boolean
  /** The last ones, oldest first. */
  endedWaits: readonly EndedWait[]
  resolutions: number
  /** A resolution was counted since it was last open. */
  resolved: boolean
  reopenings: number
  firstResolution: FirstResolution | null
  /** It is over by the last release of a call: a later queue or agent takes that back. `first`: the release was the first resolution. */
  overByRelease: { readonly first: boolean; readonly ordinal: number } | null
  agents: Record<string, AgentPart>
  /** The owner's live engagement goes on (or is suspended by idleness). */
  engaged: boolean
}

export function newContactState(): ContactState {
  return {
    startedMs: null,
    explicit: false,
    openedMs: null,
    placed: false,
    inbound: true,
    requestedMs: null,
    resolving: null,
    outside: null,
    openedBy: 'system',
    channel: 'unknown',
    class: 'live',
    attributes: {},
    customerId: null,
    phase: 'open',
    thanksSinceMs: null,
    leftUnanswered: false,
    overSinceMs: null,
    discarded: false,
    handledBy: 'human',
    queue: null,
    firstQueue: null,
    assignment: null,
    owner: null,
    justAssigned: null,
    lastHuman: null,
    hasMessages: false,
    answered: false,
    answer: null,
    handled: false,
    transferred: false,
    escalated: false,
    owed: null,
    owedCount: 0,
    queueWait: null,
    queueWaitCount: 0,
    lost: false,
    endedWaits: [],
    resolutions: 0,
    resolved: false,
    reopenings: 0,
    firstResolution: null,
    overByRelease: null,
    agents: {},
    engaged: false,
  }
}

const fresh = newContactState()
const stateKeys = Object.keys(fresh) as (keyof ContactState)[]

/** What is not as in a new contact, as most of a state is. */
export function sparseState(state: ContactState): Partial<ContactState> {
  const sparse: Record<string, unknown> = {}
  for (const key of stateKeys) if (state[key] !== fresh[key]) sparse[key] = state[key]
  return sparse
}

/** The inverse of `sparseState`. */
export function wholeState(sparse: Partial<ContactState>): ContactState {
  return { ...newContactState(), ...sparse }
}

/** An outbound contact counts in handle time and agents' time alone until its customer writes; an inbound one is a request from its first event on. */
export function countsAsRequest({ requestedMs }: ContactState): boolean {
  return requestedMs !== null
}

/** A bot has the contact, and no human ever had a part in it: what happens to it counts in no KPI of human work. */
export function isWithBotAlone({ handledBy, assignment, answered }: ContactState): boolean {
  return handledBy === 'bot' && assignment === null && !answered
}

export function copyContactState(state: ContactState): ContactState {
  return JSON.parse(JSON.stringify(state)) as ContactState
}
