import { ratio, total } from '../kpis/shapes.ts'
import { count, family, on } from './family.ts'
import { type FamilySql, rowsOf } from './sql.ts'

/** Ratings of a shop by its customers. */
export const reviews = family('reviews', 21, {
  reviewPosted: count(1, on('review', { at: (row) => row.posted })),
  /** Bad ones that service has caused. */
  badReview: count(
    2,
    on('review', {
      at: ({ posted, isBad, causedByService }) => (isBad && causedByService ? posted : null),
    }),
  ),
})

/** The same in SQL. */
export const reviewSql: FamilySql<keyof typeof reviews.measures> = {
  reviewPosted: [rowsOf('review', 'posted')],
  badReview: [rowsOf('review', 'posted', { where: 'isBad AND isCausedByService' })],
}

const { reviewPosted, badReview } = reviews.measures

const badReviews = total('bad_reviews', {
  name: { en: 'Bad reviews', zh: '差评次数' },
  description: { en: 'Bad reviews that were caused by service.', zh: '因客服原因产生的差评数。' },
  direction: 'lower',
  of: badReview,
  docs: {
    formula: 'reviews rated `bad` whose `causedByService` is not `false`',
    countedAt: 'the review',
    whenEmpty: '0',
    note: 'a review that is changed keeps its time, and its last word counts; credited as `complaint_count`, by the contact that it names, before the rating',
  },
})

const badReviewRate = ratio('bad_review_rate', {
  name: { en: 'Bad review rate', zh: '差评占比' },
  description: {
    en: 'Share of reviews that are bad and caused by service.',
    zh: '因客服原因的差评占全部评价的比例。',
  },
  direction: 'lower',
  of: badReview,
  per: reviewPosted,
  docs: {
    formula: 'bad reviews caused by service ÷ reviews',
    countedAt: 'the review',
    whenEmpty: '`null`, `nothing-happened`: no review was posted',
    note: 'as `bad_reviews`',
  },
})

export const reviewKpis = [badReviews, badReviewRate]
