import type { EpochMs } from '@deskpulse/core'

/** An answer before the clock says whether it is stale. */
export type Stamped<Answer> = Omit<Answer, 'stale'>

/** RFC 3339 UTC with milliseconds. */
export const iso = (atMs: EpochMs): string => new Date(atMs).toISOString()

const staleAfterMs = 10_000

/** Values are stale when the input is known only up to more than 10 s before now. */
export const isStale = (watermarkMs: number, nowMs: number): boolean => nowMs - watermarkMs > staleAfterMs
