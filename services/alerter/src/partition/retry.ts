import { DeskpulseError, type StreamErrorCode } from '@deskpulse/stream'

export const retryFirstMs = 50
const retryMaxMs = 1_000
export const nextRetry = (waitMs: number): number => Math.min(2 * waitMs, retryMaxMs)

/** What a store throws that may answer later, once it is back, has room, or was made anew by a rebuild: anything else is a bug. */
export const storeIsAway = (error: unknown): error is DeskpulseError =>
  error instanceof DeskpulseError && awayCodes.has(error.code)

const awayCodes: ReadonlySet<StreamErrorCode> = new Set([
  'STORE_UNAVAILABLE',
  'STORE_FULL',
  'STORE_UNREADABLE',
])

export const logIsAway = (error: unknown): error is DeskpulseError =>
  error instanceof DeskpulseError && error.code === 'LOG_UNAVAILABLE'
