import { describe, expect, test } from 'vitest'
import { ratedOf, recommendation } from './score.ts'

const of5 = (score: number, more: object = {}) =>
  ratedOf({ score, scaleMin: 1, scaleMax: 5, ...more })

describe('a score is a part of the best of its scale', () => {
  test.each([
    { rule: 'the best', rated: of5(5), score: 100_000_000, isSatisfied: true },
    { rule: 'the worst', rated: of5(1), score: 0, isSatisfied: false },
    { rule: 'three quarters are satisfied', rated: of5(4), score: 75_000_000, isSatisfied: true },
    { rule: 'less is not', rated: of5(3), score: 50_000_000, isSatisfied: false },
    {
      rule: 'from the other end of a reversed scale',
      rated: of5(2, { reversed: true }),
      ...{ score: 75_000_000, isSatisfied: true },
    },
    {
      rule: 'unless the survey says from where on',
      rated: of5(3, { satisfiedFrom: 3 }),
      ...{ score: 50_000_000, isSatisfied: true },
    },
    {
      rule: 'which is more than three quarters too',
      rated: of5(4, { satisfiedFrom: 5 }),
      ...{ score: 75_000_000, isSatisfied: false },
    },
    {
      rule: 'and up to where on a reversed one',
      rated: of5(3, { satisfiedFrom: 3, reversed: true }),
      ...{ score: 50_000_000, isSatisfied: true },
    },
    {
      rule: 'a third of seven points is a third, as near as it goes',
      rated: ratedOf({ score: 3, scaleMin: 1, scaleMax: 7 }),
      ...{ score: 33_333_333, isSatisfied: false },
    },
    {
      rule: 'of a scale around 0',
      rated: ratedOf({ score: 0, scaleMin: -2, scaleMax: 2 }),
      ...{ score: 50_000_000, isSatisfied: false },
    },
  ])('$rule', ({ rated, score, isSatisfied }) => {
    expect(rated).toEqual({ score, isSatisfied })
  })
})

test.each([
  { score: 10, is: 1 },
  { score: 9, is: 1 },
  { score: 8, is: 0 },
  { score: 7, is: 0 },
  { score: 6, is: -1 },
  { score: 0, is: -1 },
])('$score of 10 recommends by $is', ({ score, is }) => {
  expect(recommendation(ratedOf({ score, scaleMin: 0, scaleMax: 10 }))).toBe(is)
})
