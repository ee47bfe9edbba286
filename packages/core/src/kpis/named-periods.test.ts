import { expect, test } from 'vitest'
import { catalogueOf, measures } from '../families/catalogue.ts'
import { readingOf } from '../families/findings.test-support.ts'
import { closedKinds } from '../time/periods.ts'
import { kpiValue } from './value.ts'

const { callScore, callReviewed, bannedPhrase } = measures
const qaScore = catalogueOf().byId('qa_score')!

/** One review at an instant, of 100 points; and one of 10 in a day, two of 20 in a week, three of 30 in a month … */
const counts = [
  [callReviewed, 1],
  [callScore, 100_000_000],
  ...(['day', 'week', 'month', 'quarter', 'year'] as const).flatMap(
    (kind, place) =>
      [
        [callReviewed.named![kind], place + 1],
        [callScore.named![kind], 10_000_000 * (place + 1) ** 2],
      ] as const,
  ),
] as const

test.each([
  {
    period: null,
    value: 100,
    count: 1,
    rule: 'a part of an hour, or a window, has what is of an instant',
  },
  { period: 'hour', value: 100, count: 1, rule: 'so has an hour' },
  { period: 'day', value: 110 / 2, count: 2, rule: 'a day has what names a period in it, too' },
  { period: 'week', value: 140 / 3, count: 3, rule: 'a week has what names one in the week' },
  { period: 'month', value: 190 / 4, count: 4, rule: 'a month that in the month' },
  { period: 'quarter', value: 260 / 5, count: 5, rule: 'a quarter that in the quarter' },
  { period: 'year', value: 350 / 6, count: 6, rule: 'a year that in the year' },
] as const)('$rule', ({ period, value, count }) => {
  const found = kpiValue(qaScore, readingOf({ counts, period }))
  expect(found).toMatchObject({ value, count, sum: value * count * 1_000_000 })
})

test('what adds up over slices does so of several of them', () => {
  const team = { ...readingOf({ counts, period: 'month' }), period: null }
  expect(kpiValue(qaScore, team)).toMatchObject({ count: 4 })
})

test('what names no period is the same in all', () => {
  const phrases = catalogueOf().byId('banned_phrase_violations')!
  for (const period of closedKinds)
    expect(kpiValue(phrases, readingOf({ counts: [[bannedPhrase, 3]], period })).value).toBe(3)
})
