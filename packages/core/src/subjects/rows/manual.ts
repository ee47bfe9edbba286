import type { DimensionSet } from '../../measures/dimension-set.ts'
import type { MayNamePeriod, Moment, Priced } from './moment.ts'

/** A conversation or a ticket that somebody reviewed by hand, and that was no calibration. */
export type QualityReviewRow<Credit = DimensionSet> = MayNamePeriod & {
  readonly grain: 'quality-review'
  readonly counted: Moment<Credit>
  readonly kind: string
  /** Millionths of a point, of 100. */
  readonly score: number
  readonly isPassed: boolean
  readonly criticalErrors: number
  readonly reviewer: string | null
  readonly form: string | null
  readonly formVersion: string | null
  /** How many questions were scored. */
  readonly questions: number
}

/** A rule that was broken, `count` times. */
export type ViolationRow<Credit = DimensionSet> = {
  readonly grain: 'violation'
  readonly recorded: Moment<Credit>
  readonly kind: string
  readonly count: number
}

/** What somebody thinks of an agent, or a test found. */
export type AssessmentRow<Credit = DimensionSet> = MayNamePeriod & {
  readonly grain: 'assessment'
  readonly counted: Moment<Credit>
  readonly kind: string
  readonly rater: string
  /** Millionths of a point, of 100. */
  readonly score: number
  readonly isPassed: boolean
}

/** What service has cost in a period. */
export type CostRow<Credit = DimensionSet> = MayNamePeriod & {
  readonly grain: 'cost'
  readonly counted: Priced<Credit>
  readonly amountMinor: number
  /** `null`: nobody said. */
  readonly kind: string | null
}

/** What an employee said of the work, anonymously. */
export type EmployeeSurveyRow<Credit = DimensionSet> = {
  readonly grain: 'employee-survey'
  readonly answered: Moment<Credit>
  /** Millionths of a point, of 100, whatever the scale was. */
  readonly score: number
}
