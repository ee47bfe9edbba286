import type { CanonicalEvent } from '../../events/event.ts'
import { dimensionSet } from '../../measures/dimension-set.ts'
import type { AssessmentRow } from '../row.ts'
import { passPoints, scoreParts } from '../score.ts'
import { type Booked, tellBooked } from './named-period.ts'
import type { OwnIdKind } from './own-id.ts'

/** A score of an agent in a period, by somebody or by a test: the last word counts. */
export const assessment: OwnIdKind = {
  name: 'assessment',
  types: ['agent.assessed'],
  idOf: ({ assessmentId }) => assessmentId as string,
  tell: (events, nowMs, localTime) => tellBooked(events, nowMs, localTime, rowOf),
}

type Assessed = {
  readonly agentId: string
  readonly kind: string
  readonly rater: string
  readonly score: number
  readonly passed?: boolean
}

function rowOf({ data }: CanonicalEvent, { atMs, period }: Booked): AssessmentRow {
  const { agentId, kind, rater, score, passed } = data as Assessed
  // Who took part in a training has done so with any score.
  const isEnough = kind === 'training' ? score > 0 : score >= passPoints
  return {
    grain: 'assessment',
    counted: { atMs, credit: dimensionSet({ agent: agentId }) },
    ...{ period, kind, rater, score: scoreParts(score), isPassed: passed ?? isEnough },
  }
}
