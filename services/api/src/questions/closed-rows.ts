import type { PeriodsResponse } from '@deskpulse/contract'
import type { ClosedTo } from '@deskpulse/core/closed'
import {
  isNothingStored,
  issuedIn,
  type KpiValue,
  type ReadingPlan,
  standingIssue,
} from '@deskpulse/core/kpis'
import { isClosedKind, isTrailing, type Period } from '@deskpulse/core/time'
import { iso } from './answer.ts'
import type { Read } from './rows.ts'

type Row = PeriodsResponse['rows'][number]

/** How final a row is. */
export type RowStanding = Pick<Row, 'closed' | 'revision' | 'closedAt'>

/**
 * A row is closed when its slice was issued, and nothing has changed since; or when the period is closed, and the slice held nothing and still does not. What changed since is as
 * open as it was, with the revision that was issued last, until it is issued again; so are the slices of a period that is being issued.
 */
export function standingOf(
  period: Period,
  plan: ReadingPlan,
  { values }: Read,
  closedTo: ClosedTo | null,
): RowStanding {
  const issued = issuedIn(plan, values)
  // Days of a trailing period, or of a team's month, are issued before it is over.
  if (issued !== null && (plan.period !== null || isOver(period, closedTo))) {
    const { revision, closedAtMs } = issued
    const closed = standingIssue(plan, values) !== null
    return { closed, revision, closedAt: iso(closedAtMs) }
  }
  const isEmpty = isOver(period, closedTo) && isNothingStored(plan, values)
  return { closed: isEmpty, ...(isEmpty && { revision: 1 }) }
}

function isOver({ kind, endMs }: Period, closedTo: ClosedTo | null): boolean {
  return (
    closedTo !== null &&
    (isClosedKind(kind) || isTrailing(kind)) &&
    endMs > closedTo.beganMs &&
    endMs <= closedTo.toMs
  )
}

/** Until when any of these values may still change: the latest of what they say of themselves. Nothing where all are final. */
export function provisionalOf(values: readonly KpiValue[]): Pick<Row, 'provisionalUntil'> {
  const untils = values.flatMap(({ provisionalUntil }) => provisionalUntil ?? [])
  const last = untils.toSorted().at(-1) // All are written alike, so that their text has the order of their time.
  return last === undefined ? {} : { provisionalUntil: last }
}
