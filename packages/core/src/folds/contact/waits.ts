import type { DimensionValues } from '../../measures/measure.ts'
import type { EpochMs } from '../../time/time.ts'
import { creditOf, currentCredit, type ContactContext } from './context.ts'
import { countsAsRequest, type ContactState, type OwedReply, type QueueWait } from './state.ts'

/** An owed reply, or a stay of a call in a queue. */
export type WaitKind = 'reply' | 'queue'
/** `[sinceMs, endedMs)`. */
export type EndedWait = {
  readonly kind: WaitKind
  readonly sinceMs: EpochMs
  readonly endedMs: EpochMs
}

/** `lostAtMs`: when it is given up, if nothing ends it before. */
export type CurrentWait = {
  readonly kind: WaitKind
  readonly sinceMs: EpochMs
  readonly endedMs: null
  readonly lostAtMs: EpochMs
}

/** What a contact waits for and where it stands: what rules of alerts look at. */
export type ContactWaits = {
  readonly current: CurrentWait | null
  /** The last `endedWaitsMax` that ended, oldest first; none overlaps another. */
  readonly past: readonly EndedWait[]
  /** As things stand: the queue that holds the contact, its owner, class, channel and attributes. Nobody is `none`. */
  readonly dimensions: DimensionValues
}

/** An alert looks at the wait that went on when it began: of older ones nothing is asked. */
export const endedWaitsMax = 8

/** Every end of an owed reply goes through here: an answer, a cancellation. One that was given up was not lost. */
export function endOwed(state: ContactState, atMs: EpochMs): void {
  if (state.owed === null) return
  remember(state, 'reply', state.owed.sinceMs, atMs)
  state.owed = null
  state.lost = false
}

/** The customer writes again after a wait was given up: that one stays lost, and the next begins. */
export function leaveLost(state: ContactState): void {
  if (state.owed === null) return
  remember(state, 'reply', state.owed.sinceMs, state.owed.lostAtMs)
  state.owed = null
  state.lost = false
}

/** Every end of a wait in a queue goes through here: an agent, another queue, out of the queue, over. One that was given up was not lost. */
export function endQueueWait({ state, rows }: ContactContext, atMs: EpochMs): void {
  if (state.queueWait === null) return
  const { sinceMs } = state.queueWait
  remember(state, 'queue', sinceMs, atMs)
  rows.remove(`pass/${sinceMs}`)
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
  state.lost = false
  state.endedWaits = []
}

function remember(state: ContactState, kind: WaitKind, sinceMs: EpochMs, endedMs: EpochMs): void {
  if (endedMs > sinceMs)
    state.endedWaits = [...state.endedWaits, { kind, sinceMs, endedMs }].slice(-endedWaitsMax)
}

/** Whether somebody is believed to wait at `nowMs`: a wait that was given up is none. */
export function isWaiting(state: ContactState, nowMs: EpochMs): boolean {
  const wait = waitOf(state)
  return wait !== null && wait.lostAtMs > nowMs && countsAsRequest(state) && !state.discarded
}

/** As of `nowMs`: a wait that was given up by then ended there. `null`: a contact that nobody waits on, as it is outbound or discarded, or nothing is known of it. */
export function contactWaits(state: ContactState, nowMs: EpochMs): ContactWaits | null {
  if (state.discarded || !countsAsRequest(state)) return null
  const wait = waitOf(state)
  const dimensions = creditOf(state, currentCredit(state))
  if (wait === null) return { current: null, past: state.endedWaits, dimensions }
  const { sinceMs, lostAtMs } = wait
  const kind: WaitKind = state.owed === null ? 'queue' : 'reply'
  if (lostAtMs > nowMs)
    return {
      current: { kind, sinceMs, endedMs: null, lostAtMs },
      past: state.endedWaits,
      dimensions,
    }
  return {
    current: null,
    past: [...state.endedWaits, { kind, sinceMs, endedMs: lostAtMs }],
    dimensions,
  }
}
