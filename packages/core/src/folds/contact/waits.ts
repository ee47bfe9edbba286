import { businessAfter, type ConfigHistory } from '../../config/business-time.ts'
import type { DimensionValues } from '../../measures/measure.ts'
import type { DurationMs, EpochMs } from '../../time/time.ts'
import { creditOf, currentCredit, type ContactContext } from './context.ts'
import { endPass, type PassEnd } from './passes.ts'
import { countsAsRequest, type ContactState, type OwedReply, type QueueWait } from './state.ts'

/** An owed reply, or a stay of a call in a queue. */
export type WaitKind = 'reply' | 'queue'
/** `[sinceMs, endedMs)`. `businessOf`: it runs on the business time of this queue; absent: on calendar time. */
export type EndedWait = {
  readonly kind: WaitKind
  readonly sinceMs: EpochMs
  readonly endedMs: EpochMs
  readonly businessOf?: { readonly queue: string | null }
}

/** A wait as rules of alerts look at it. */
type WatchedWait = {
  readonly kind: WaitKind
  readonly sinceMs: EpochMs
  /** When it has gone on for so long, on its clock; absent: on calendar time. */
  readonly after?: (ms: DurationMs) => EpochMs
}
/** `lostAtMs`: when it is given up, if nothing ends it before. */
export type CurrentWait = WatchedWait & { readonly endedMs: null; readonly lostAtMs: EpochMs }
export type PastWait = WatchedWait & { readonly endedMs: EpochMs }

/** What a contact waits for and where it stands: what rules of alerts look at. */
export type ContactWaits = {
  readonly current: CurrentWait | null
  /** The last `endedWaitsMax` that ended, oldest first; none overlaps another. */
  readonly past: readonly PastWait[]
  /** As things stand: the queue that holds the contact, its owner, class, channel and attributes. Nobody is `none`. */
  readonly dimensions: DimensionValues
}

/** An alert looks at the wait that went on when it began: of older ones nothing is asked. */
export const endedWaitsMax = 8

/** Every end of an owed reply goes through here: an answer, a cancellation. One that was given up was not lost. */
export function endOwed(state: ContactState, atMs: EpochMs): void {
  if (state.owed === null) return
  remember(state, endedOwed(state.owed, atMs))
  state.owed = null
  state.lost = false
}

/** The customer writes again after a wait was given up: that one stays lost, and the next begins. */
export function leaveLost(state: ContactState): void {
  if (state.owed === null) return
  remember(state, endedOwed(state.owed, state.owed.lostAtMs))
  state.owed = null
  state.lost = false
}

/** Every end of a wait in a queue goes through here: an agent, another queue, out of the queue, over. One that was given up was not lost. */
export function endQueueWait(context: ContactContext, atMs: EpochMs, end: PassEnd): void {
  const { state } = context
  if (state.queueWait === null) return
  const { sinceMs } = state.queueWait
  remember(state, { kind: 'queue', sinceMs, endedMs: atMs })
  endPass(context, state.queueWait, atMs, end)
  state.queueWait = null
  state.lost = false
}

/** What the contact waits for: an owed reply, or (a call) an agent; never both. */
export function waitOf({ owed, queueWait }: ContactState): OwedReply | QueueWait | null {
  return owed ?? queueWait
}

/** A bot had the contact all along: nothing was owed and nobody waited. */
export function forgetWaits(state: ContactState): void {
  state.owed = null
  state.queueWait = null
  state.queueWaitCount = 0
  state.queueWaitMs = null
  state.lost = false
  state.endedWaits = []
}

function endedOwed({ sinceMs, clock, queue, other }: OwedReply, endedMs: EpochMs): EndedWait {
  return {
    kind: 'reply',
    sinceMs,
    endedMs,
    ...(clock === 'business' && other !== null && { businessOf: { queue } }),
  }
}

function remember(state: ContactState, ended: EndedWait): void {
  if (ended.endedMs > ended.sinceMs)
    state.endedWaits = [...state.endedWaits, ended].slice(-endedWaitsMax)
}

/** Whether somebody is believed to wait at `nowMs`: a wait that was given up is none. */
export function isWaiting(state: ContactState, nowMs: EpochMs): boolean {
  const wait = waitOf(state)
  return wait !== null && wait.lostAtMs > nowMs && countsAsRequest(state) && !state.discarded
}

/** As of `nowMs`: a wait that was given up by then ended there. `null`: a contact that nobody waits on, as it is outbound or discarded, or nothing is known of it. */
export function contactWaits(
  state: ContactState,
  nowMs: EpochMs,
  history: ConfigHistory,
): ContactWaits | null {
  if (state.discarded || !countsAsRequest(state)) return null
  const wait = waitOf(state)
  const dimensions = creditOf(state, currentCredit(state))
  const past = state.endedWaits.map((ended) => watched(ended, history))
  if (wait === null) return { current: null, past, dimensions }
  const { lostAtMs } = wait
  const ended: EndedWait =
    state.owed === null
      ? { kind: 'queue', sinceMs: wait.sinceMs, endedMs: lostAtMs }
      : endedOwed(state.owed, lostAtMs)
  const last = watched(ended, history)
  return lostAtMs > nowMs
    ? { current: { ...last, endedMs: null, lostAtMs }, past, dimensions }
    : { current: null, past: [...past, last], dimensions }
}

function watched({ businessOf, ...wait }: EndedWait, history: ConfigHistory): PastWait {
  if (businessOf === undefined) return wait
  const { queue } = businessOf
  return { ...wait, after: (ms) => businessAfter(history, queue, wait.sinceMs, ms) }
}
