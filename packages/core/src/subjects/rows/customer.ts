import type { DimensionSet } from '../../measures/dimension-set.ts'
import type { ClosedKind } from '../../time/periods.ts'
import type { EpochMs } from '../../time/time.ts'
import type { Spread } from './moment.ts'

/** A period in which somebody answered the customer, or a reply to the customer came due. */
export type CustomerPeriodRow<Credit = DimensionSet> = {
  readonly grain: 'customer-period'
  readonly period: ClosedKind
  readonly startMs: EpochMs
  readonly served: Spread<Credit> | null
  /** Replies that came due, met or missed; those of them that were missed at their limit. */
  readonly due: Spread<Credit> | null
  readonly missed: Spread<Credit> | null
}
