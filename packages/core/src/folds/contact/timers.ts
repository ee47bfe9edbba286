import type { EpochMs } from '../../time/time.ts'
import type { ContactContext } from './context.ts'
import { nextMatureMs, passMature } from './episodes.ts'
import { losePass, nextPassDueMs, passPassDue } from './passes.ts'
import { nextResolutionDueMs, passResolutionDue } from './resolving.ts'
import { loseOwed, nextDueMs, passDue } from './response.ts'
import type { ContactState } from './state.ts'
import { waitOf } from './waits.ts'

/** The next instant at which the contact changes by time alone; `null`: none. */
export function nextTimerMs(state: ContactState): EpochMs | null {
  const wait = waitOf(state)
  const { owed, queueWait } = state
  const nextMs = Math.min(
    (owed === null ? null : nextDueMs(owed)) ?? Infinity,
    (queueWait === null ? null : nextPassDueMs(queueWait)) ?? Infinity,
    wait === null || state.lost ? Infinity : wait.lostAtMs,
    nextResolutionDueMs(state) ?? Infinity,
    nextMatureMs(state) ?? Infinity,
  )
  return nextMs === Infinity ? null : (nextMs as EpochMs)
}

/**
 * Applies the timers before `beforeMs` (exclusive), in order: a timer at t applies after all events at t and before any later one.
 * @returns the last instant applied, or `null`.
 */
export function passTimers(context: ContactContext, beforeMs: number): EpochMs | null {
  let last: EpochMs | null = null
  for (;;) {
    const atMs = nextTimerMs(context.state)
    if (atMs === null || atMs >= beforeMs) return last
    passDue(context, atMs)
    passPassDue(context, atMs)
    passLost(context, atMs)
    passResolutionDue(context, atMs)
    passMature(context, atMs)
    last = atMs
  }
}

/** A wait that nothing ended for so long is given up: its end was lost, and it would hide the real ones (semantics 9). */
function passLost(context: ContactContext, atMs: EpochMs): void {
  const { state } = context
  const { owed, queueWait, lost } = state
  if (lost || waitOf(state)?.lostAtMs !== atMs) return
  state.lost = true
  if (owed !== null) loseOwed(context, owed, atMs)
  else losePass(context, queueWait!, atMs)
}
