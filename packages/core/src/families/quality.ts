import { points, ratio } from '../kpis/shapes.ts'
import type { QualityReviewRow } from '../subjects/row.ts'
import { passPoints } from '../subjects/score.ts'
import { countNamed, family } from './family.ts'
import { type FamilySql, rowsOf, type SqlTerm } from './sql.ts'

/** Reviews of which something is so, or what they add. */
const reviewed = (
  field: number,
  isSo: (row: QualityReviewRow) => boolean,
  value: (row: QualityReviewRow) => number = () => 1,
) =>
  countNamed(field, 'quality-review', {
    at: (row) => (isSo(row) ? row.counted : null),
    value,
  })

const isOf =
  (wanted: 'call' | 'ticket_hygiene' | 'accuracy') =>
  ({ kind }: QualityReviewRow): boolean =>
    kind === wanted
const score = (row: QualityReviewRow): number => row.score
const isAccuracy = isOf('accuracy')

/** What reviewers found in samples of work. */
export const quality = family('quality', 30, {
  callReviewed: reviewed(10, isOf('call')),
  callScore: reviewed(20, isOf('call'), score),
  hygieneReviewed: reviewed(30, isOf('ticket_hygiene')),
  hygieneScore: reviewed(40, isOf('ticket_hygiene'), score),
  accuracyReviewed: reviewed(50, isAccuracy),
  accuracyPassed: reviewed(60, (row) => isAccuracy(row) && row.isPassed),
  accuracyFailed: reviewed(70, (row) => isAccuracy(row) && !row.isPassed),
  qualityReviewed: reviewed(80, () => true),
  qualityCritical: reviewed(90, (row) => row.criticalErrors > 0),
})

const reviewedSql = (where?: string, value?: string): readonly SqlTerm[] => [
  rowsOf('quality-review', 'counted', {
    ...(where !== undefined && { where }),
    ...(value !== undefined && { value }),
  }),
]

/** The same in SQL. */
export const qualitySql: FamilySql<keyof typeof quality.measures> = {
  callReviewed: reviewedSql("kind = 'call'"),
  callScore: reviewedSql("kind = 'call'", 'scoreMillionths'),
  hygieneReviewed: reviewedSql("kind = 'ticket_hygiene'"),
  hygieneScore: reviewedSql("kind = 'ticket_hygiene'", 'scoreMillionths'),
  accuracyReviewed: reviewedSql("kind = 'accuracy'"),
  accuracyPassed: reviewedSql("kind = 'accuracy' AND isPassed"),
  accuracyFailed: reviewedSql("kind = 'accuracy' AND NOT isPassed"),
  qualityReviewed: reviewedSql(),
  qualityCritical: reviewedSql('criticalErrors > 0'),
}

const { measures } = quality

const dimensions = ['agent'] as const

/** Where what may name a period counts, in words of the documentation. */
export const countedInPeriod =
  'in the period that it names, from where that begins, once it has begun everywhere (noon UTC): in whole days, weeks, months, quarters and years that contain all of it, and in nothing shorter'
const countedAt = `the first event of the review; one that names a period ${countedInPeriod}`
const whoseReviews =
  'A later event of the same `reviewId` replaces the review, all of it. One with `calibration: true` counts nowhere. Credited to the agent whom it names; reviews name no queue and no channel (`no-source`)'
const whenEmpty = '`null`, `nothing-happened`: nothing was reviewed'

const qaScore = points('qa_score', {
  name: { en: 'Quality score', zh: '话务质量' },
  description: {
    en: 'Average score of conversations that were reviewed.',
    zh: '抽检会话的平均得分。',
  },
  direction: 'higher',
  of: measures.callScore,
  per: measures.callReviewed,
  dimensions,
  docs: {
    formula: 'Σ score ÷ reviews of kind `call`',
    countedAt,
    whenEmpty,
    note: `0 to 100; \`sum\` is in millionths of a point. ${whoseReviews}`,
  },
})

const ticketHygiene = points('ticket_hygiene', {
  name: { en: 'Ticket hygiene', zh: '工单规范' },
  description: {
    en: 'Average score of how tickets were kept, of those that were reviewed.',
    zh: '抽检工单填写规范的平均得分。',
  },
  direction: 'higher',
  of: measures.hygieneScore,
  per: measures.hygieneReviewed,
  dimensions,
  docs: {
    formula: 'Σ score ÷ reviews of kind `ticket_hygiene`',
    countedAt,
    whenEmpty,
    note: 'as `qa_score`',
  },
})

const qaAccuracy = ratio('qa_accuracy', {
  name: { en: 'Accuracy', zh: '准确率' },
  description: {
    en: 'Share of answers that were reviewed for accuracy and passed.',
    zh: '准确性抽检中合格的比例。',
  },
  direction: 'higher',
  of: measures.accuracyPassed,
  per: measures.accuracyReviewed,
  dimensions,
  docs: {
    formula: 'reviews of kind `accuracy` that passed ÷ reviews of that kind',
    countedAt,
    whenEmpty,
    note: `passed is what \`passed\` says; where it says nothing, a score of ${passPoints} or more. ${whoseReviews}`,
  },
})

const qaErrorRate = ratio('qa_error_rate', {
  name: { en: 'Error rate', zh: '错误率' },
  description: {
    en: 'Share of answers that were reviewed for accuracy and did not pass.',
    zh: '准确性抽检中不合格的比例。',
  },
  direction: 'lower',
  of: measures.accuracyFailed,
  per: measures.accuracyReviewed,
  dimensions,
  docs: {
    formula: 'reviews of kind `accuracy` that did not pass ÷ reviews of that kind',
    countedAt,
    whenEmpty,
    note: '1 − `qa_accuracy`',
  },
})

const qaCriticalErrorRate = ratio('qa_critical_error_rate', {
  name: { en: 'Critical error rate', zh: '致命错误率' },
  description: {
    en: 'Share of reviews that found a critical error.',
    zh: '存在致命错误的抽检占全部抽检的比例。',
  },
  direction: 'lower',
  targets: { any: { max: 0.02 } },
  of: measures.qualityCritical,
  per: measures.qualityReviewed,
  dimensions,
  docs: {
    formula: 'reviews of any kind whose `criticalErrors` is above 0 ÷ reviews',
    countedAt,
    whenEmpty,
    note: whoseReviews,
  },
})

export const qualityKpis = [qaScore, ticketHygiene, qaAccuracy, qaErrorRate, qaCriticalErrorRate]
