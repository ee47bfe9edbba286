import type { EpochMs } from '../../time/time.ts'
import type { ContactContext } from './context.ts'
import { nextDueMs, passDue } from './response.ts'
import type { ContactState } from './state.ts'

/** The next instant at which the contact changes by time alone; `null`: none. */
export function nextTimerMs(state: ContactState): EpochMs | null {
  return state.owed === null ? null : nextDueMs(state.owed)
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
    last = atMs
  }
}
