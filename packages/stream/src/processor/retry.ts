import { DeskpulseError } from '../errors.ts'
import { waitFor, type Timer } from '../timer.ts'

export const retryFirstMs = 50
const retryMaxMs = 1_000
export const nextRetry = (waitMs: number): number => Math.min(2 * waitMs, retryMaxMs)

/** A store throws this when it may answer later: anything else is a bug. */
export const storeIsAway = (error: unknown): error is DeskpulseError =>
  error instanceof DeskpulseError &&
  (error.code === 'STORE_UNAVAILABLE' || error.code === 'STORE_FULL')

export const logIsAway = (error: unknown): error is DeskpulseError =>
  error instanceof DeskpulseError && error.code === 'LOG_UNAVAILABLE'

export const isAway = (error: unknown): error is DeskpulseError =>
  storeIsAway(error) || logIsAway(error)

export type Retrying = {
  readonly timer: Timer
  /** Whether a wait is worth it: not when the process is to end. */
  readonly mayWait: () => boolean
  /** Asked before each further attempt; also when the process is to end. */
  readonly goesOn: () => Promise<boolean>
  /** An attempt failed. */
  readonly waiting: (error: DeskpulseError) => void
}

/** Tries until the store, or the log, answers; other errors pass through. @returns `null` when `goesOn` refuses another attempt. */
export async function untilAnswered<Result>(
  retrying: Retrying,
  act: () => Promise<Result>,
): Promise<Result | null> {
  const { timer, mayWait, goesOn, waiting } = retrying
  for (let waitMs = retryFirstMs; ; waitMs = nextRetry(waitMs)) {
    try {
      return await act()
    } catch (error) {
      if (!isAway(error)) throw error
      waiting(error)
    }
    if (mayWait()) await waitFor(timer, waitMs)
    if (!(await goesOn())) return null
  }
}
