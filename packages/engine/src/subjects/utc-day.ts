import { dayMs, type EpochMs } from '@deskpulse/core/time'

/** The UTC day of an instant, as agents' days are numbered. */
export function utcDayOf(atMs: EpochMs): number {
  return Math.floor(atMs / dayMs)
}
