import type { CanonicalEvent } from '../../events/event.ts'
import { dimensionSet } from '../../measures/dimension-set.ts'
import type { QualityReviewRow } from '../row.ts'
import { passPoints, scoreParts } from '../score.ts'
import { type Booked, tellBooked } from './named-period.ts'
import type { OwnIdKind } from './own-id.ts'

/** What somebody found who reviewed an agent's work: the last word counts. A calibration, by which reviewers compare how they score, counts nowhere. */
export const qualityReview: OwnIdKind = {
  name: 'quality-review',
  types: ['quality.reviewed'],
  idOf: ({ reviewId }) => reviewId as string,
  tell: (events, nowMs, localTime) =>
    events.at(-1)!.data['calibration'] === true
      ? { rows: [] }
      : tellBooked(events, nowMs, localTime, rowOf),
}

type Reviewed = {
  readonly agentId: string
  readonly kind: string
  readonly score: number
  readonly passed?: boolean
  readonly criticalErrors?: number
  readonly reviewerId?: string
  readonly form?: string
  readonly formVersion?: string
  readonly questions?: readonly unknown[]
}

function rowOf({ data }: CanonicalEvent, { atMs, period }: Booked): QualityReviewRow {
  const { agentId, kind, score, passed, ...more } = data as Reviewed
  const { criticalErrors = 0, reviewerId = null, form = null, formVersion = null } = more
  return {
    grain: 'quality-review',
    counted: { atMs, credit: dimensionSet({ agent: agentId }) },
    ...{ period, kind, score: scoreParts(score), isPassed: passed ?? score >= passPoints },
    ...{ criticalErrors, reviewer: reviewerId, form, formVersion },
    questions: more.questions?.length ?? 0,
  }
}
