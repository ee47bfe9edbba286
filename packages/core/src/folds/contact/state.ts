import type { ChannelClass, Clock, OutsideHours } from '../../config/tenant-config.ts'
import type { ContactAttributes } from '../../measures/measure.ts'
import type { DurationMs, EpochMs } from '../../time/time.ts'
import type { Elapsed, Passed } from '../../subjects/row.ts'
import type { SurveyKind } from '../../surveys/score.ts'
import type { Credit } from './context.ts'
import type { BotHistory } from './episodes.ts'
import type { Judged } from './served.ts'
import type { DueReply, Spell } from '../customer/session.ts'
import type { Stay, StayTimes } from './stays.ts'
import type { ContactSurvey } from './surveys.ts'
import type { EndedWait } from './waits.ts'

/** A customer is owed a reply: the clock of semantics 6. Its limits are fixed when the clock starts. */
export type OwedReply = CappedClock & {
  /** Counts the owed replies of the contact. */
  readonly ordinal: number
  readonly sinceMs: EpochMs
  readonly limitMs: DurationMs
  /** What its wait counts at most, and what it may be in a session that is within its mean. */
  readonly capMs: DurationMs
  readonly sessionMs: DurationMs
  /** What its limits run on. */
  readonly clock: Clock
  /** Whose calendar it is. */
  readonly queue: string | null
  /** The wait is given up as lost then. */
  readonly lostAtMs: EpochMs
  readonly first: boolean
  /** As `outside` of its row. */
  readonly outside: ContactState['outside']
  /** The other clock; `null`: no calendar makes a difference. */
  readonly other: CappedClock | null
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
/** `cappedMs`: when the wait reaches its cap; `null`: it has. */
export type CappedClock = ReplyClock & { cappedMs: EpochMs | null }
export type PendingThreshold = { readonly seconds: number; readonly atMs: EpochMs }

/** The request is to be resolved by its limit. */
export type Resolving = {
  /** What the limit, and the time until the resolution, run on; and on whose calendar. */
  readonly clock: Clock
  readonly queue: string | null
  /** Since when the limit runs: the request, or the end of the last pause. */
  readonly sinceMs: EpochMs
  /** `null`: there is none. */
  readonly limitMs: DurationMs | null
  /** How much of the limit was left then; `null`: there is none. */
  readonly leftMs: DurationMs | null
  /** A resolution at that instant is within the limit. `null`: it stands still, or there is none. */
  readonly dueMs: EpochMs | null
  /** How long after the request that is, on its clock. */
  readonly dueAfterMs: DurationMs | null
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
  /** The contact was assigned to it. */
  wasOwner?: true
  /** When offers to it ended, ascending; absent: none did. */
  acceptedMs?: EpochMs[]
  missedMs?: EpochMs[]
}

/** It is presented to an agent. */
export type Ringing = { readonly agent: string; readonly sinceMs: EpochMs }

/** It is over: where and for whom that counts, and what it had been through. */
export type ContactEnd = Credited & {
  readonly stations: number
  readonly queueWaitMs: DurationMs | null
  /** Since the customer's last message; `null`: there was none. */
  readonly closeMs: DurationMs | null
}

/** How long the contact had been pended since the request, on the clock of its class, and on the other one. */
export type PendedTime = { readonly pendedMs: DurationMs; readonly otherPendedMs: DurationMs }

/** `sinceMs`: it is pended; `null`: it was. `before`: what it was pended until then. */
export type Pended = { readonly sinceMs: EpochMs | null; readonly before: PendedTime }

/** The contact was handed up, and no other agent than this one got to it since. `null`: nobody held it. */
export type Unreacted = {
  readonly ordinal: number
  readonly atMs: EpochMs
  readonly holder: string | null
}

/** The last events were assignments to one agent: when the last of them was, and the queue then. `isNew`: they made it the owner. `isStart`: by them an agent got to work on it. `isAnswer`: they answered. */
export type JustAssigned = {
  readonly atMs: EpochMs
  readonly queue: string | null
  readonly isNew: boolean
  readonly isStart: boolean
  readonly isAnswer: boolean
  /** The offer that they accepted. */
  readonly offer?: number | undefined
}

/** The first resolution: where and for whom it counts, and whether it held. */
export type FirstResolution = Elapsed & {
  readonly atMs: EpochMs
  readonly queue: string
  readonly agent: string
  readonly topic: string | undefined
  /** It is in the denominator of FCR. */
  readonly eligible: boolean
  /** Since an agent got to work on it; `null`: none had. */
  readonly fromStart: Elapsed | null
  /** It had been neither transferred nor escalated. */
  readonly isFirstLevel: boolean
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

/** The waits of a contact's replies up to now, those alone that are in KPIs of response. `replies`: how many were answered; `missed`: how many were not answered in time. */
export type SessionWaits = {
  readonly replies: number
  readonly waitMs: DurationMs
  readonly missed: number
}

/** `limitMs`: what the mean may be. */
export type SessionEnd = Credited & SessionWaits & { readonly limitMs: DurationMs }

export type Phase = 'open' | 'resolved' | 'closed' | 'abandoned' | 'ended'

/** Folded state of a contact: plain data, so that a base is stored and cloned as JSON. */
export type ContactState = {
  /** Of a thread: which of its sessions it is. 1: the first, as of all other contacts. */
  session: number
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
  /** `null`: it never was, since somebody asked. */
  pended: Pended | null
  /** An agent got to work on it, since it is somebody's request. */
  started: (Credited & Passed & PendedTime) | null
  /** It began outside of its hours, and is not counted like all others for it. */
  outside: Exclude<OutsideHours, 'count'> | null
  openedBy: 'customer' | 'agent' | 'bot' | 'system'
  /** Its customer left a message, as nobody was there: it is work to be done, and counts as nothing else. */
  offline: boolean
  channel: string
  class: ChannelClass
  attributes: ContactAttributes
  /** To resolve it is beyond the authority of who handles it: the last word counts. */
  beyondAuthority: boolean
  customerId: string | null
  phase: Phase
  /** The customer's first unanswered message since the contact was over, within the return gap: owed if the contact is reopened before the gap is over. */
  thanksSinceMs: EpochMs | null
  /** It was over without an answer: abandoned, or ended. What the customer writes then is no thanks. */
  leftUnanswered: boolean
  /** When it was first resolved, closed, abandoned or ended since it was last open. */
  overSinceMs: EpochMs | null
  /** Of that instant; `null`: it is open, or was somebody's request only later, or had nobody but a bot. */
  end: ContactEnd | null
  /** An answered call: the first word on which side hung up. */
  hungUp: (Credited & { readonly isByAgent: boolean }) | null
  discarded: boolean
  /** `undecided`: nobody said who handles it, and a bot's first message may still show that a bot has it from the opening. */
  handledBy: 'undecided' | 'bot' | 'human'
  /** `null`: no bot has had it. */
  bots: BotHistory | null
  queue: string | null
  firstQueue: string | null
  /** Nothing has said where this session of a thread is: its queue is that of the session before. */
  inheritsQueue: boolean
  /** All others that it was in, each once; `null`: there are none. */
  laterQueues: readonly string[] | null
  /** The last one that changed the owner: its queue is the credit of *handled*. `null`: it was never assigned. */
  assignment: Credited | null
  owner: string | null
  /** The last event was the assignment: a queue that is told just after it is the one that the contact came from. */
  justAssigned: JustAssigned | null
  lastHuman: string | null
  /** The last human who wrote or owned it. */
  lastServed: string | null
  /** Whose work the last `contact.resolved` was, and the last release or end; `null`: there was none. */
  solvedBy: Credit | null
  releasedBy: Credit | null
  /** Whose work was judged, and since when, ascending; `null`: nobody had it. */
  judged: readonly Judged[] | null
  /** By kind; `null`: there was none. */
  surveys: Readonly<Partial<Record<SurveyKind, ContactSurvey>>> | null
  /** For all to see, and not by itself. */
  hasBotWritten: boolean
  hasMessages: boolean
  /** When humans wrote to the customer; `null`: never. */
  spells: readonly Spell[] | null
  /** How many messages of the customer and of humans were told as rows. */
  messageCount: number
  /** Of a thread: the last message for all to see. */
  publicMs: EpochMs | null
  /** The customer's last message. */
  customerMs: EpochMs | null
  /** The first message of a human after that. */
  humanMs: EpochMs | null
  answered: boolean
  /** The first answer since it is somebody's request. */
  answer: Credited | null
  handled: boolean
  /** Passed on by a transfer, to stay there; handed up. */
  transferred: boolean
  /** How often it was handed up. */
  escalations: number
  /** `null`: none. */
  unreacted: Unreacted[] | null
  owed: OwedReply | null
  owedCount: number
  /** `null`: no reply was answered or missed. */
  sessionWaits: SessionWaits | null
  /** The last instant at which it was over, with what it had waited by then; `null`: it never was, or had no reply that was answered or missed. */
  sessionEnd: SessionEnd | null
  /** As its customer is told; `null`: none came due. */
  dueReplies: readonly DueReply[] | null
  /** The first owed reply, if it is in KPIs of response, was answered within its limit; `null`: there was none. */
  firstReplyWithin: boolean | null
  queueWait: QueueWait | null
  queueWaitCount: number
  /** All passes that have ended, together; `null`: there is none. */
  queueWaitMs: DurationMs | null
  /** To whom it is presented, in the order in which that began; `null`: to nobody. */
  ringing: readonly Ringing[] | null
  offerCount: number
  /** What it waits for was given up: nobody is believed to wait any more, until an end takes that back. */
  lost: boolean
  /** The last ones, oldest first. */
  endedWaits: readonly EndedWait[]
  resolutions: number
  /** A resolution was counted since it was last open. */
  resolved: boolean
  reopenings: number
  /** It was reopened after humans had a part in it: no reply is the first one any more. */
  isReopened: boolean
  firstResolution: FirstResolution | null
  /** `null`: it is the first one, or there is none. */
  lastResolution: (Credited & Elapsed) | null
  /** Its first close, where it counts in FCR and was not resolved before. */
  closedUnresolved: (Credited & { readonly topic: string | undefined }) | null
  /** Of a call: since its last assignment it came into a queue. Who is not on it any more cannot resolve it. */
  isForNext: boolean
  /** It is over by the last release of a call: a later queue or agent takes that back. `first`: the release was the first resolution; `last`: what was the last one before it. */
  overByRelease: {
    readonly first: boolean
    readonly last: ContactState['lastResolution']
    readonly ordinal: number
  } | null
  agents: Record<string, AgentPart>
  /** The owner's live engagement goes on (or is suspended by idleness). */
  engaged: boolean
}

export function newContactState(): ContactState {
  return {
    session: 1,
    startedMs: null,
    explicit: false,
    openedMs: null,
    placed: false,
    inbound: true,
    requestedMs: null,
    resolving: null,
    pended: null,
    started: null,
    outside: null,
    openedBy: 'system',
    offline: false,
    channel: 'unknown',
    class: 'live',
    attributes: {},
    beyondAuthority: false,
    customerId: null,
    phase: 'open',
    thanksSinceMs: null,
    leftUnanswered: false,
    overSinceMs: null,
    end: null,
    hungUp: null,
    discarded: false,
    handledBy: 'human',
    bots: null,
    queue: null,
    firstQueue: null,
    inheritsQueue: false,
    laterQueues: null,
    assignment: null,
    owner: null,
    justAssigned: null,
    lastHuman: null,
    lastServed: null,
    solvedBy: null,
    releasedBy: null,
    judged: null,
    surveys: null,
    hasBotWritten: false,
    hasMessages: false,
    spells: null,
    messageCount: 0,
    publicMs: null,
    customerMs: null,
    humanMs: null,
    answered: false,
    answer: null,
    handled: false,
    transferred: false,
    escalations: 0,
    unreacted: null,
    owed: null,
    owedCount: 0,
    sessionWaits: null,
    sessionEnd: null,
    dueReplies: null,
    firstReplyWithin: null,
    queueWait: null,
    queueWaitCount: 0,
    queueWaitMs: null,
    ringing: null,
    offerCount: 0,
    lost: false,
    endedWaits: [],
    resolutions: 0,
    resolved: false,
    reopenings: 0,
    isReopened: false,
    firstResolution: null,
    lastResolution: null,
    closedUnresolved: null,
    isForNext: false,
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

/**
 * An outbound contact counts in handle time and agents' time alone until its customer writes; an inbound one is a request from its first event on. One that
 * was left as a message never counts in more than these, but for its opening.
 */
export function countsAsRequest({ requestedMs, offline }: ContactState): boolean {
  return requestedMs !== null && !offline
}

/** A bot has the contact, and no human ever had a part in it: what happens to it counts in no KPI of human work. */
export function isWithBotAlone({ handledBy, assignment, answered }: ContactState): boolean {
  return handledBy === 'bot' && assignment === null && !answered
}

/** What happens to it counts in KPIs of human work. */
export function countsAsHumanWork(state: ContactState): boolean {
  return countsAsRequest(state) && !isWithBotAlone(state)
}

export function copyContactState(state: ContactState): ContactState {
  return JSON.parse(JSON.stringify(state)) as ContactState
}
