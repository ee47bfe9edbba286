import type { LiveResponse } from '@deskpulse/contract'
import { incompleteOf } from '@deskpulse/core/events'
import { clockToleranceMs, type EpochMs, type Interval } from '@deskpulse/core/time'
import type { Position } from '@deskpulse/stream'
import type { TenantBasis } from '../reading/tenant.ts'

/** What an answer of a moment is worth at another one, by the clock of who reads and by those in the log. */
export type Standing = Pick<LiveResponse, 'stale' | 'clock'>
/** An answer before it is known what it is worth. */
export type Stamped<Answer> = Omit<Answer, keyof Standing>

/** RFC 3339 UTC with milliseconds. */
export const iso = (atMs: EpochMs): string => new Date(atMs).toISOString()

const staleAfterMs = 10_000

/** Values are stale when the input is known only up to more than 10 s before now, and when they are of a time that has not come. */
export const isStale = (
  { watermarkMs, logTimeMs }: Pick<Position, 'watermarkMs' | 'logTimeMs'>,
  nowMs: number,
): boolean => nowMs - watermarkMs > staleAfterMs || logTimeMs - nowMs > clockToleranceMs

/** A part of an answer: nothing where nothing is missing. */
export type Completeness = Pick<LiveResponse, 'incomplete'>

/** What is missing in the time that an answer is about. `null`: it is about what is open now, which anything that was lost before may have ended, or begun. */
export function completenessOf({ gaps }: TenantBasis, interval: Interval | null): Completeness {
  const incomplete = incompleteOf(gaps, interval)
  if (incomplete === null) return {}
  const { sinceMs, untilMs, records } = incomplete
  return { incomplete: { since: iso(sinceMs), until: iso(untilMs), records } }
}

/** The same for what has no place for it in its body, such as CSV. */
export function completenessHeaders({
  incomplete,
}: Completeness): Readonly<Record<string, string>> {
  if (incomplete === undefined) return {}
  const { since, until, records } = incomplete
  return { 'deskpulse-incomplete': `${since}/${until}; records=${records}` }
}
