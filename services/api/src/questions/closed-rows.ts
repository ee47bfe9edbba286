import type { PeriodsResponse } from '@deskpulse/contract'
import type { ClosedTo } from '@deskpulse/core/closed'
import { isNothingStored, issuedIn, type ReadingPlan, standingIssue } from '@deskpulse/core/kpis'
import { type EpochMs, isClosedKind, isTrailing, type Period } from '@deskpulse/core/time'
import { iso } from './answer.ts'
import type { Read } from './rows.ts'

/** How final a row is. */
export type RowStanding = Pick<
  PeriodsResponse['rows'][number],
  'closed' | 'revision' | 'closedAt' | 'provisionalUntil'
>

/**
 * A row is closed when its slice was issued, and nothing has changed since; or when the period is closed, and the slice held nothing and still does not. What changed since is as
 * open as it was, with the revision that was issued last, until it is issued again; so are the slices of a period that is being issued.
 */
export function standingOf(
  period: Period,
  plan: ReadingPlan,
  { values, asOfMs }: Read,
  closedTo: ClosedTo | null,
): RowStanding {
  const provisional = provisionalOf(period, plan, asOfMs)
  const issued = issuedIn(plan, values)
  // Days of a trailing period, or of a team's month, are issued before it is over.
  if (issued !== null && (plan.period !== null || isOver(period, closedTo))) {
    const { revision, closedAtMs } = issued
    const closed = standingIssue(plan, values) !== null
    return { closed, revision, closedAt: iso(closedAtMs), ...provisional }
  }
  const isEmpty = isOver(period, closedTo) && isNothingStored(plan, values)
  return { closed: isEmpty, ...(isEmpty && { revision: 1 }), ...provisional }
}

function isOver({ kind, endMs }: Period, closedTo: ClosedTo | null): boolean {
  return (
    closedTo !== null &&
    (isClosedKind(kind) || isTrailing(kind)) &&
    endMs > closedTo.beganMs &&
    endMs <= closedTo.toMs
  )
}

/** A repeat contact, or a reopening, changes what was resolved for so long after it. */
function provisionalOf(
  { endMs }: Period,
  { question }: ReadingPlan,
  asOfMs: EpochMs,
): Pick<RowStanding, 'provisionalUntil'> {
  const untilMs = (endMs + question.config.fcrWindowMs) as EpochMs
  return untilMs > asOfMs ? { provisionalUntil: iso(untilMs) } : {}
}
