import type { DimensionSet } from '../../measures/dimension-set.ts'
import type { SurveyKind } from '../../surveys/score.ts'
import type { Moment } from './moment.ts'

/** Whom an answer judges: a human, a bot, or both, one after the other. */
export type SurveySubject = 'human' | 'bot' | 'assisted'

/** A survey of one kind. `subject`: of its answer; `null`: nobody is known. */
export type SurveyRow<Credit = DimensionSet> = {
  readonly grain: 'survey'
  readonly kind: SurveyKind
  readonly subject: SurveySubject | null
  /** The first time that the customer was asked. */
  readonly invited: Moment<Credit> | null
  /** An answer came to that. */
  readonly isReturned: boolean
  /** The last answer. */
  readonly answered: Moment<Credit> | null
  /** In millionths of a point, of 100 points; `null`: there is no answer. */
  readonly score: number | null
  readonly isSatisfied: boolean
}
