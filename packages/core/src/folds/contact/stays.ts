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
  /** As a release says: it wins over the instants. */
  talkToldMs?: number
  holdToldMs?: number
  /** After-contact work; absent: nothing was told of it. */
  wrapUpMs?: number
}

/** What stays took, and where the last of them ended. `talkMs`, `holdMs`: of calls alone. `wrapUpMs`: `null`: nothing was told of it. */
export type StayTimes = {
  readonly endMs: EpochMs
  readonly queue: string | null
  readonly handleMs: number
  readonly talkMs: number
  readonly holdMs: number
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
      engaged.push({
        startMs: fromMs,
        endMs: toMs,
        ...(queue !== null && { queue }),
        ...(stay !== null && !isOver && place === stays.length - 1 && { runs: true }),
      })
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
  if (stay !== null) stay.heldSinceMs ??= atMs
}

export function retrieve(state: ContactState, atMs: EpochMs): void {
  const stay = runningCall(state)
  if (stay !== null) endHold(stay, atMs)
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
  talkMs: number | undefined,
  holdMs: number | undefined,
): void {
  if (state.class !== 'voice' || stay === null) return
  stay.talkToldMs = talkMs ?? stay.talkToldMs
  stay.holdToldMs = holdMs ?? stay.holdToldMs
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
  const isCall = channelClass === 'voice'
  const {
    endMs,
    queue = null,
    engagedMs = 0,
    heldMs = 0,
    talkToldMs,
    holdToldMs,
    wrapUpMs = null,
  } = stay
  const holdMs = isCall ? (holdToldMs ?? heldMs) : 0
  const talkMs = isCall ? (talkToldMs ?? Math.max(0, engagedMs - holdMs)) : 0
  const handleMs = (isCall ? talkMs + holdMs : engagedMs) + (wrapUpMs ?? 0)
  if (earlier === null) return { endMs, queue, handleMs, talkMs, holdMs, wrapUpMs }
  return {
    endMs,
    queue,
    handleMs: earlier.handleMs + handleMs,
    talkMs: earlier.talkMs + talkMs,
    holdMs: earlier.holdMs + holdMs,
    wrapUpMs:
      wrapUpMs === null && earlier.wrapUpMs === null
        ? null
        : (earlier.wrapUpMs ?? 0) + (wrapUpMs ?? 0),
  }
}
