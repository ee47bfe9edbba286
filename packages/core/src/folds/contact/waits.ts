import type { FactDimensions } from '../../measures/measure.ts'
import type { EpochMs } from '../../time/time.ts'
import { currentCredit, factDimensions } from './context.ts'
import type { ContactState } from './state.ts'

/** An owed reply, or a stay of a call in a queue. */
export type WaitKind = 'reply' | 'queue'
/** `[sinceMs, endedMs)`. */
export type EndedWait = { readonly kind: WaitKind; readonly sinceMs: EpochMs; readonly endedMs: EpochMs }

/** What a contact waits for and where it stands: what rules of alerts look at. */
export type ContactWaits = {
  readonly current: { readonly kind: WaitKind; readonly sinceMs: EpochMs; readonly endedMs: null } | null
  /** The last `endedWaitsMax` that ended, oldest first; none overlaps another. */
  readonly past: readonly EndedWait[]
  /** As things stand: the queue that holds the contact, its owner, class, channel and attributes. Nobody is `none`. */
  readonly dimensions: FactDimensions
}

/** An alert looks at the wait that went on when it began: of older ones nothing is asked. */
export const endedWaitsMax = 8

/** Every end of an owed reply goes through here: an answer, a cancellation. */
export function endOwed(state: ContactState, atMs: EpochMs): void {
  if (state.owed !== null) remember(state, 'reply', state.owed.sinceMs, atMs)
  state.owed = null
}

/** Every end of a wait in a queue goes through here: an agent, another queue, out of the queue, over. */
export function endQueueWait(state: ContactState, atMs: EpochMs): void {
  if (state.queueWait !== null) remember(state, 'queue', state.queueWait.sinceMs, atMs)
  state.queueWait = null
}

/** A bot had the contact all along: nothing was owed and nobody waited. */
export function forgetWaits(state: ContactState): void {
  state.owed = null
  state.queueWait = null
  state.endedWaits = []
}

function remember(state: ContactState, kind: WaitKind, sinceMs: EpochMs, endedMs: EpochMs): void {
  if (endedMs > sinceMs) state.endedWaits = [...state.endedWaits, { kind, sinceMs, endedMs }].slice(-endedWaitsMax)
}

export function isWaiting({ owed, queueWait, discarded, inbound }: ContactState): boolean {
  return (owed !== null || queueWait !== null) && inbound && !discarded
}

/** `null`: a contact that nobody waits on, as it is outbound or discarded, or nothing is known of it. */
export function contactWaits(state: ContactState): ContactWaits | null {
  if (state.discarded || !state.inbound || state.startedMs === null) return null
  const { owed, queueWait } = state
  const wait = owed ?? queueWait
  return {
    current: wait === null ? null : { kind: owed === null ? 'queue' : 'reply', sinceMs: wait.sinceMs, endedMs: null },
    past: state.endedWaits,
    dimensions: factDimensions(state, currentCredit(state)),
  }
}
