import type { EpochMs } from '../../time/time.ts'
import type { AgentPart, ContactState } from './state.ts'

/**
 * An agent has the contact: of a call or a chat from where it is engaged as the owner until that ends, of deferred contacts a stretch of work.
 * What is told of it afterwards belongs to the agent's last one.
 */
export type Stay = {
  readonly startMs: EpochMs
  /** `null`: it goes on. */
  endMs: EpochMs | null
  /** The queue at the assignment, once it has ended. */
  queue: string | null
  /** In it, once it has ended. */
  engagedMs: number
  /** Of a call, by the instants of its holds. */
  heldMs: number
  heldSinceMs: EpochMs | null
  /** As a release says: it wins over the instants. */
  talkToldMs: number | null
  holdToldMs: number | null
  /** After-contact work. `null`: nothing was told of it. */
  wrapUpMs: number | null
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

/** Nothing, where one goes on. */
export function beginStay(state: ContactState, part: AgentPart, startMs: EpochMs): void {
  if (part.stay?.endMs === null) return
  part.earlier = partTimes(state, part)
  part.stay = {
    startMs,
    endMs: null,
    queue: null,
    engagedMs: 0,
    heldMs: 0,
    heldSinceMs: null,
    talkToldMs: null,
    holdToldMs: null,
    wrapUpMs: null,
  }
}

/** After the spans of the part have been ended. */
export function endStay({ assignment, queue }: ContactState, { stay, spans }: AgentPart, endMs: EpochMs): void {
  if (stay === null || stay.endMs !== null) return
  endHold(stay, endMs)
  stay.endMs = endMs
  stay.queue = assignment === null ? queue : assignment.queue
  for (let index = spans.length - 1; index >= 0; index -= 1) {
    const [fromMs, toMs] = spans[index]!
    if (toMs <= stay.startMs) break
    stay.engagedMs += Math.max(0, Math.min(toMs, endMs) - Math.max(fromMs, stay.startMs))
  }
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
  return stay?.endMs === null ? stay : null
}

function endHold(stay: Stay, atMs: EpochMs): void {
  if (stay.heldSinceMs !== null) stay.heldMs += atMs - stay.heldSinceMs
  stay.heldSinceMs = null
}

/** Totals of the call that an agent was released from. */
export function tellTotals(state: ContactState, { stay }: AgentPart, talkMs: number | undefined, holdMs: number | undefined): void {
  if (state.class !== 'voice' || stay === null) return
  stay.talkToldMs = talkMs ?? stay.talkToldMs
  stay.holdToldMs = holdMs ?? stay.holdToldMs
}

/** The last word counts. Nothing, where the agent has the contact again. */
export function tellWrapUp(state: ContactState, { stay }: AgentPart, wrapUpMs: number): void {
  if (state.class !== 'deferred' && stay !== null && stay.endMs !== null) stay.wrapUpMs = wrapUpMs
}

/** Of all stays that have ended. `null`: there is none. */
export function partTimes({ class: channelClass }: ContactState, { earlier, stay }: AgentPart): StayTimes | null {
  if (stay === null || stay.endMs === null) return earlier
  const isCall = channelClass === 'voice'
  const { endMs, queue, engagedMs, heldMs, talkToldMs, holdToldMs, wrapUpMs } = stay
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
    wrapUpMs: wrapUpMs === null && earlier.wrapUpMs === null ? null : (earlier.wrapUpMs ?? 0) + (wrapUpMs ?? 0),
  }
}
