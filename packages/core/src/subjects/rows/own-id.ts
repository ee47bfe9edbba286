import type { Money } from '../../events/event.ts'
import type { DimensionSet } from '../../measures/dimension-set.ts'
import type { EpochMs } from '../../time/time.ts'
import type { Spreading } from '../../workforce/forecast.ts'
import type { Moment } from './moment.ts'

/** A complaint. `justified`: as it was settled. */
export type ComplaintRow<Credit = DimensionSet> = {
  readonly grain: 'complaint'
  readonly filed: Moment<Credit> | null
  readonly settled: Moment<Credit> | null
  readonly justified: boolean
}

/** A customer's rating of a shop. */
export type ReviewRow<Credit = DimensionSet> = {
  readonly grain: 'review'
  readonly posted: Moment<Credit>
  readonly isBad: boolean
  readonly causedByService: boolean
}

/** A call-back visit that was planned and is due. */
export type FollowUpRow<Credit = DimensionSet> = {
  readonly grain: 'follow-up'
  readonly due: Moment<Credit>
  readonly isDone: boolean
}

/** A service that a customer was offered. */
export type SaleOfferRow<Credit = DimensionSet> = {
  readonly grain: 'sale-offer'
  readonly made: Moment<Credit>
  readonly isAccepted: boolean
}

/** A refund that was asked for. `isInTime`: it was handled, and not after it was due. */
export type RefundRow<Credit = DimensionSet> = {
  readonly grain: 'refund'
  readonly requested: Moment<Credit>
  readonly handled: Moment<Credit> | null
  readonly isInTime: boolean
  readonly isCorrect: boolean
}

/** What a customer ordered, once it is placed or paid, or comes back. */
export type OrderRow<Credit = DimensionSet> = {
  readonly grain: 'order'
  /** `null`: only a return was told. */
  readonly customerId: string | null
  readonly placed: Moment<Credit> | null
  /** How much of it came back with goods, and how much of the rest was refunded: in the same currency, all of it at most. */
  readonly paid:
    | (Moment<Credit> & Money & { readonly returnedMinor: number; readonly refundedMinor: number })
    | null
  readonly isReturned: boolean
  /** A refund of it was handled. */
  readonly isRefunded: boolean
  /** Service was the cause of a return. */
  readonly isReturnedByService: boolean
  /** It was paid, and somebody sold it: the payment belongs to a session of its customer, or its events name an agent. */
  readonly isConverted: boolean
}

/** A service that was down and is back. */
export type IncidentRow<Credit = DimensionSet> = {
  readonly grain: 'incident'
  readonly openedMs: EpochMs
  readonly restored: Moment<Credit>
}

/**
 * A quarter-hour of a forecast, as far as its minutes have begun. What is expected is spread evenly over the whole interval, of which the totals are: each minute
 * counts at its own instant.
 */
export type ForecastRow<Credit = DimensionSet> = Spreading & {
  readonly grain: 'forecast'
  /** When what counts of it was told. */
  readonly toldMs: EpochMs
  /** Where the first minute begins, and where all of them are credited. */
  readonly from: Moment<Credit>
  /** Where the last one ends that has begun. */
  readonly toMs: EpochMs
}
