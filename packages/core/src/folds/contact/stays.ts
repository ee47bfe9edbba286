import type { EventData } from '../../events/event.ts'
import type { EpochMs } from '../../time/time.ts'
import type { EngagedSpan } from '../agent/engagement.ts'
import type { AgentPart, ContactState } from './state.ts'

/**
 * An agent has the contact: of a call or a chat from where it is engaged as the owner until that ends, of deferred contacts a stretch of work.
 * What is told of it afterwards belongs to the agent's last one. What it has none of is absent, so that one that goes on is stored as its start.
 */
export type Stay = {
  readonly startMs: EpochMs
  /** Absent: it goes on. */
  endMs?: EpochMs
  /** The queue at the assignment, once it has ended; absent: none. */
  queue?: string
  /** In it, once it has ended. */
  engagedMs?: number
  /** Of a call, by the instants of its holds. */
  heldMs?: number
  heldSinceMs?: EpochMs
  /** How often it was held, by the same. */
  holds?: number
  /** It was on hold when it ended. */
  isHeldAtEnd?: true
  /** The customer hung up meanwhile. */
  isHungUpOnHold?: true
  /** As a release says: it wins over the instants. */
  talkToldMs?: number
  holdToldMs?: number
  holdsTold?: number
  /** After-contact work; absent: nothing was told of it. */
  wrapUpMs?: number
}

/**
 * What stays took, and where the last of them ended. `talkMs`, and what is told of holds: of calls alone. `wrapUpMs`: `null`: nothing was told of it.
 * `holdAbandons`: how many of them the customer ended while on hold.
 */
export type StayTimes = {
  readonly endMs: EpochMs
  readonly queue: string | null
  readonly handleMs: number
  readonly talkMs: number
  readonly holdMs: number
  readonly holds: number
  readonly holdAbandons: number
  readonly wrapUpMs: number | null
}

const isRunning = (stay: Stay | null): stay is Stay => stay !== null && stay.endMs === undefined

/** Nothing, where one goes on. */
export function beginStay(state: ContactState, part: AgentPart, startMs: EpochMs): void {
  const { stay } = part
  if (isRunning(stay)) return
  if (stay !== null) keepQueue(part, stay)
  part.earlier = partTimes(state, part)
  part.stay = { startMs }
}

/** Only where it is another one than before. */
function keepQueue(part: AgentPart, stay: Stay): void {
  const queue = stay.queue ?? null
  const last = part.queues?.at(-1)
  if (last === undefined || last[1] !== queue) (part.queues ??= []).push([stay.startMs, queue])
}

/** Where the last stay that has ended did; `null`: none has. */
export function endOfPart({
  earlier,
  stay,
}: AgentPart): { readonly endMs: EpochMs; readonly queue: string | null } | null {
  return stay?.endMs === undefined ? earlier : { endMs: stay.endMs, queue: stay.queue ?? null }
}

/** After the spans of the part have been ended. */
export function endStay(
  { assignment, queue, class: channelClass }: ContactState,
  { stay, spans }: AgentPart,
  endMs: EpochMs,
): void {
  if (!isRunning(stay)) return
  if (stay.heldSinceMs !== undefined) stay.isHeldAtEnd = true
  endHold(stay, endMs)
  stay.endMs = endMs
  stay.queue = queueOfStay({ assignment, queue }) ?? undefined
  // A chat is suspended when it is idle; of a call and of work the end was told, however long ago it began.
  stay.engagedMs =
    channelClass === 'live' ? engagedMs(spans, stay.startMs, endMs) : endMs - stay.startMs
}

/** Of a stay as it ends: the queue at the assignment; without one, the queue then. */
const queueOfStay = ({ assignment, queue }: Pick<ContactState, 'assignment' | 'queue'>) =>
  assignment === null ? queue : assignment.queue

/**
 * When the agent is engaged, each span in the queue of its stay; of one that goes on, as it would be if it ended now. After-contact work is of the stay
 * before it.
 */
export function engagedSpans(state: ContactState, part: AgentPart): EngagedSpan[] {
  const { spans, queues = [], stay } = part
  const isOver = stay?.endMs !== undefined
  const last = isOver ? (stay?.queue ?? null) : queueOfStay(state)
  const stays: QueueSince[] = [...queues, [stay?.startMs ?? (0 as EpochMs), last]]
  const engaged: EngagedSpan[] = []
  for (const [startMs, endMs] of spans) {
    let fromMs = startMs
    for (let place = stayAt(stays, startMs); fromMs < endMs; place += 1) {
      const toMs = Math.min(endMs, stays[place + 1]?.[0] ?? Infinity) as EpochMs
      const queue = stays[place]![1]
      const span: { -readonly [Name in keyof EngagedSpan]: EngagedSpan[Name] } = {
        startMs: fromMs,
        endMs: toMs,
      }
      if (queue !== null) span.queue = queue
      if (stay !== null && !isOver && place === stays.length - 1) span.runs = true
      engaged.push(span)
      fromMs = toMs
    }
  }
  return engaged
}

type QueueSince = readonly [sinceMs: EpochMs, queue: string | null]

/** The last that has begun by then. */
function stayAt(stays: readonly QueueSince[], atMs: EpochMs): number {
  let place = stays.length - 1
  while (place > 0 && stays[place]![0] > atMs) place -= 1
  return place
}

function engagedMs(spans: AgentPart['spans'], startMs: EpochMs, endMs: EpochMs): number {
  let totalMs = 0
  for (let index = spans.length - 1; index >= 0; index -= 1) {
    const [fromMs, toMs] = spans[index]!
    if (toMs <= startMs) break
    totalMs += Math.max(0, Math.min(toMs, endMs) - Math.max(fromMs, startMs))
  }
  return totalMs
}

/** Of the agent who has the call. */
export function hold(state: ContactState, atMs: EpochMs): void {
  const stay = runningCall(state)
  if (stay === null || stay.heldSinceMs !== undefined) return
  stay.heldSinceMs = atMs
  stay.holds = (stay.holds ?? 0) + 1
}

export function retrieve(state: ContactState, atMs: EpochMs): void {
  const stay = runningCall(state)
  if (stay !== null) endHold(stay, atMs)
}

/** The customer hangs up at `atMs`, on hold if the agent had not taken the call back. A release may be told just before: `withinMs`. */
export function hangUp(state: ContactState, atMs: EpochMs, withinMs: number): void {
  const agent = state.owner ?? state.lastHuman
  if (state.class !== 'voice' || agent === null || !Object.hasOwn(state.agents, agent)) return
  const { stay } = state.agents[agent]!
  if (stay === null) return
  const isOnHold =
    stay.endMs === undefined
      ? stay.heldSinceMs !== undefined
      : stay.isHeldAtEnd === true && atMs - stay.endMs <= withinMs
  if (isOnHold) stay.isHungUpOnHold = true
}

function runningCall({ class: channelClass, owner, agents }: ContactState): Stay | null {
  if (channelClass !== 'voice' || owner === null) return null
  const { stay } = agents[owner]!
  return isRunning(stay) ? stay : null
}

function endHold(stay: Stay, atMs: EpochMs): void {
  if (stay.heldSinceMs !== undefined) stay.heldMs = (stay.heldMs ?? 0) + (atMs - stay.heldSinceMs)
  delete stay.heldSinceMs
}

/** Totals of the call that an agent was released from. */
export function tellTotals(
  state: ContactState,
  { stay }: AgentPart,
  { talkMs, holdMs, holds }: EventData,
): void {
  if (state.class !== 'voice' || stay === null) return
  stay.talkToldMs = talkMs ?? stay.talkToldMs
  stay.holdToldMs = holdMs ?? stay.holdToldMs
  stay.holdsTold = holds ?? stay.holdsTold
}

/** The last word counts. Nothing, where the agent has the contact again. */
export function tellWrapUp(state: ContactState, { stay }: AgentPart, wrapUpMs: number): void {
  if (state.class !== 'deferred' && stay?.endMs !== undefined) stay.wrapUpMs = wrapUpMs
}

/** Of all stays that have ended. `null`: there is none. */
export function partTimes(
  { class: channelClass }: ContactState,
  { earlier, stay }: AgentPart,
): StayTimes | null {
  if (stay?.endMs === undefined) return earlier
  const last = channelClass === 'voice' ? callTimes(stay) : otherTimes(stay)
  if (earlier === null) return last
  return {
    endMs: last.endMs,
    queue: last.queue,
    handleMs: earlier.handleMs + last.handleMs,
    talkMs: earlier.talkMs + last.talkMs,
    holdMs: earlier.holdMs + last.holdMs,
    holds: earlier.holds + last.holds,
    holdAbandons: earlier.holdAbandons + last.holdAbandons,
    wrapUpMs:
      last.wrapUpMs === null && earlier.wrapUpMs === null
        ? null
        : (earlier.wrapUpMs ?? 0) + (last.wrapUpMs ?? 0),
  }
}

/** Who tells for how long it was held, and not how often, held it once at least. */
function callTimes(stay: Stay): StayTimes {
  const { engagedMs = 0, talkToldMs, wrapUpMs = null } = stay
  const holdMs = stay.holdToldMs ?? stay.heldMs ?? 0
  const talkMs = talkToldMs ?? Math.max(0, engagedMs - holdMs)
  return {
    endMs: stay.endMs!,
    queue: stay.queue ?? null,
    handleMs: talkMs + holdMs + (wrapUpMs ?? 0),
    talkMs,
    holdMs,
    holds: stay.holdsTold ?? stay.holds ?? (holdMs > 0 ? 1 : 0),
    holdAbandons: stay.isHungUpOnHold === true ? 1 : 0,
    wrapUpMs,
  }
}

function otherTimes(stay: Stay): StayTimes {
  const { engagedMs = 0, wrapUpMs = null } = stay
  return {
    endMs: stay.endMs!,
    queue: stay.queue ?? null,
    handleMs: engagedMs + (wrapUpMs ?? 0),
    ...{ talkMs: 0, holdMs: 0, holds: 0, holdAbandons: 0 },
    wrapUpMs,
  }
}
