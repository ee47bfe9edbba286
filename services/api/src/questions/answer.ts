import type { LiveResponse } from '@deskpulse/contract'
import { clockToleranceMs, type EpochMs } from '@deskpulse/core'
import type { Position } from '@deskpulse/stream'

/** What an answer of a moment is worth at another one, by the clock of who reads and by those in the log. */
export type Standing = Pick<LiveResponse, 'stale' | 'clock'>
/** An answer before it is known what it is worth. */
export type Stamped<Answer> = Omit<Answer, keyof Standing>

/** RFC 3339 UTC with milliseconds. */
export const iso = (atMs: EpochMs): string => new Date(atMs).toISOString()

const staleAfterMs = 10_000

/** Values are stale when the input is known only up to more than 10 s before now, and when they are of a time that has not come. */
export const isStale = ({ watermarkMs, logTimeMs }: Pick<Position, 'watermarkMs' | 'logTimeMs'>, nowMs: number): boolean =>
  nowMs - watermarkMs > staleAfterMs || logTimeMs - nowMs > clockToleranceMs
