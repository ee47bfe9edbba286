import type { DimensionSet } from '../../measures/dimension-set.ts'
import type { EpochMs } from '../../time/time.ts'
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

/** A service that was down and is back. */
export type IncidentRow<Credit = DimensionSet> = {
  readonly grain: 'incident'
  readonly openedMs: EpochMs
  readonly restored: Moment<Credit>
}
