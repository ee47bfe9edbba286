import type { DimensionSet } from '../../measures/dimension-set.ts'
import type { ClosedKind } from '../../time/periods.ts'
import type { EpochMs } from '../../time/time.ts'
import type { Spread } from './moment.ts'

/**
 * What a customer counts for in sales, once in a period. `paid`: an order, at the payment. At the first answer of a contact, and for who wrote last to its customer, or has the order: `advised`,
 * and `converted` where the customer paid; of those alone who came to buy `inquired`, and `bought`. `paidBefore`: an order in the period of this kind before, at the begin of this one, for whom that
 * payment counts; `retained`: and one in this period, too, at its payment, for whom the one before counts.
 */
export type SaleWhat =
  'paid' | 'advised' | 'converted' | 'inquired' | 'bought' | 'paidBefore' | 'retained'

/** A period in which somebody answered the customer, a reply to the customer came due, or the customer paid, or that follows one in which the customer paid. */
export type CustomerPeriodRow<Credit = DimensionSet> = {
  readonly grain: 'customer-period'
  readonly period: ClosedKind
  readonly startMs: EpochMs
  readonly served: Spread<Credit> | null
  /** Replies that came due, met or missed; those of them that were missed at their limit. */
  readonly due: Spread<Credit> | null
  readonly missed: Spread<Credit> | null
} & { readonly [What in SaleWhat]?: Spread<Credit> }
