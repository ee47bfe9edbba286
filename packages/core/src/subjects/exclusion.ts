import { dimensionSet, type DimensionSet } from '../measures/dimension-set.ts'
import { dayMs, type EpochMs, type Interval } from '../time/time.ts'
import type { CreditMap, Row } from './row.ts'
import { withCredits } from './row.ts'

/** What is left out of an agent's score cards by a granted appeal: what counts for the agent within the interval. */
export type Exclusion = Interval & { readonly agent: string }

/** Whether what counts for the agent at an instant is left out. */
export const isExcluded = (
  exclusions: readonly Exclusion[],
  agent: string | undefined,
  atMs: EpochMs,
): boolean =>
  exclusions.some((one) => one.agent === agent && one.startMs <= atMs && atMs < one.endMs)

/** Credits what is left out to the appeal, too; `null`: nothing is. */
export function creditingAppeals(
  exclusions: readonly Exclusion[],
): CreditMap<DimensionSet, DimensionSet> | null {
  if (exclusions.length === 0) return null
  return (credit, _isOfInstant, atMs) => {
    const { queue, agent, channel, class: channelClass } = credit
    if (agent === undefined || !isExcluded(exclusions, agent, atMs)) return credit
    return dimensionSet({ queue, agent, channel, class: channelClass, appeal: agent }, credit)
  }
}

/** The rows, credited to appeals as far as they are left out. */
export function creditedToAppeals(
  rows: readonly Row[],
  exclusions: readonly Exclusion[],
): readonly Row[] {
  const map = creditingAppeals(exclusions)
  return map === null ? rows : rows.map((row) => withCredits(row, map))
}

/**
 * Until when a subject is kept of which appeals told something on these days of log time: as long as if an entry had come at the end of each. It ends as if
 * nothing had been told where it ends on the very day: whether it had come before or after that would depend on how the log is cut into folds.
 */
export function keptForAppeals(
  endMs: EpochMs,
  toldDays: readonly number[],
  lifetimeMs: number,
): EpochMs {
  let keptMs = endMs
  for (const day of toldDays.toSorted((a, b) => a - b)) {
    const midnightMs = (day + 1) * dayMs
    if (keptMs > midnightMs) keptMs = Math.max(keptMs, midnightMs + lifetimeMs) as EpochMs
  }
  return keptMs
}
