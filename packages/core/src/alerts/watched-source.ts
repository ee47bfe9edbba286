import { dayMs, type EpochMs } from '../time/time.ts'
import type { DeadlineClock, WatchState } from './deadline.ts'

const liveWithinMs = 300_000
/** A source that was not heard of for so long is forgotten. */
export const sourceForgottenAfterMs = 7 * dayMs

/** Whether an event shows that its source sends now; `clockMs`: what time it is by the clocks. One that is older than 5 minutes is filled in. */
export const isLive = (timeMs: EpochMs, clockMs: EpochMs): boolean =>
  timeMs >= clockMs - liveWithinMs

/**
 * Since when a source is silent that was last heard at `heardMs`. What log time leapt over is no silence: whether a source was silent then, nobody can
 * know. An alert that fires stays about what it began with.
 */
export function silentSince(
  heardMs: EpochMs,
  { active }: WatchState,
  { skipped }: DeadlineClock,
): EpochMs {
  const began = Object.values(active).map(({ sinceMs }) => sinceMs as number)
  const leaptMs = began.length > 0 ? Math.min(...began) : (skipped?.endMs ?? heardMs)
  return Math.max(heardMs, leaptMs) as EpochMs
}
