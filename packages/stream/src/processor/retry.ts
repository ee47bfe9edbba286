import { DeskpulseError, type StreamErrorCode } from '../errors.ts'
import { waitFor, type Timer } from '../timer.ts'

export const retryFirstMs = 50
const retryMaxMs = 1_000
export const nextRetry = (waitMs: number): number => Math.min(2 * waitMs, retryMaxMs)

/** With these, a store may answer later: anything else is a bug. */
const storeAwayCodes: ReadonlySet<StreamErrorCode> = new Set([
  'STORE_UNAVAILABLE',
  'STORE_FULL',
  'STORE_UNREADABLE',
])

export const storeIsAway = (error: unknown): error is DeskpulseError =>
  error instanceof DeskpulseError && storeAwayCodes.has(error.code)

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
