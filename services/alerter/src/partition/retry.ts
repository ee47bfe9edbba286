import { DeskpulseError } from '@deskpulse/stream'

export const retryFirstMs = 50
const retryMaxMs = 1_000
export const nextRetry = (waitMs: number): number => Math.min(2 * waitMs, retryMaxMs)

/** What a store throws that may answer later: anything else is a bug. */
export const storeIsAway = (error: unknown): error is DeskpulseError =>
  error instanceof DeskpulseError &&
  (error.code === 'STORE_UNAVAILABLE' || error.code === 'STORE_FULL')

export const logIsAway = (error: unknown): error is DeskpulseError =>
  error instanceof DeskpulseError && error.code === 'LOG_UNAVAILABLE'
