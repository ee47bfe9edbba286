import { describe, expect, test } from 'vitest'
import { defaultTenantConfig } from '../config/tenant-config.ts'
import type { Finding } from '../kpis/kpi.ts'
import { kpiValue } from '../kpis/value.ts'
import { catalogueOf, measures } from './catalogue.ts'
import { found, readingOf, type Told } from './findings.test-support.ts'

const { callScore, callReviewed, hygieneScore, hygieneReviewed } = measures
const { accuracyReviewed, accuracyPassed, accuracyFailed } = measures
const { qualityReviewed, qualityCritical, bannedPhrase } = measures
const { trainingHeld, trainingTaken, testTaken, testPassed } = measures
const { employeeAnswered, employeeScore } = measures

const nothing = { value: null, reason: 'nothing-happened' }

test.each<{ id: string; counts: Told['counts']; is: Partial<Finding> }>([
  {
    id: 'qa_score',
    counts: [
      [callScore, 170_500_000],
      [callReviewed, 2],
    ],
    is: { value: 85.25, count: 2, sum: 170_500_000 },
  },
  { id: 'qa_score', counts: [[callReviewed, 1]], is: { value: 0, count: 1 } },
  { id: 'qa_score', counts: [], is: { value: null, reason: 'nothing-happened', count: 0, sum: 0 } },
  {
    id: 'ticket_hygiene',
    counts: [
      [hygieneScore, 90_000_000],
      [hygieneReviewed, 1],
    ],
    is: { value: 90 },
  },
  { id: 'ticket_hygiene', counts: [[callReviewed, 1]], is: nothing as Partial<Finding> },
  {
    id: 'qa_accuracy',
    counts: [
      [accuracyReviewed, 4],
      [accuracyPassed, 3],
    ],
    is: { value: 0.75, numerator: 3, denominator: 4 },
  },
  { id: 'qa_accuracy', counts: [], is: nothing as Partial<Finding> },
  {
    id: 'qa_error_rate',
    counts: [
      [accuracyReviewed, 4],
      [accuracyFailed, 1],
    ],
    is: { value: 0.25, numerator: 1, denominator: 4 },
  },
  { id: 'qa_error_rate', counts: [[accuracyReviewed, 4]], is: { value: 0 } },
  {
    id: 'qa_critical_error_rate',
    counts: [
      [qualityReviewed, 50],
      [qualityCritical, 1],
    ],
    is: { value: 0.02 },
  },
  { id: 'qa_critical_error_rate', counts: [], is: nothing as Partial<Finding> },
  { id: 'banned_phrase_violations', counts: [[bannedPhrase, 5]], is: { value: 5 } },
  { id: 'banned_phrase_violations', counts: [], is: { value: 0 } },
  {
    id: 'training_participation',
    counts: [
      [trainingHeld, 2],
      [trainingTaken, 1],
    ],
    is: { value: 0.5 },
  },
  { id: 'training_participation', counts: [[testTaken, 2]], is: nothing as Partial<Finding> },
  {
    id: 'test_pass_rate',
    counts: [
      [testTaken, 2],
      [testPassed, 2],
    ],
    is: { value: 1 },
  },
  { id: 'test_pass_rate', counts: [], is: nothing as Partial<Finding> },
  {
    id: 'employee_satisfaction',
    counts: [
      [employeeScore, 150_000_000],
      [employeeAnswered, 2],
    ],
    is: { value: 75 },
  },
  { id: 'employee_satisfaction', counts: [], is: nothing as Partial<Finding> },
])('$id of $counts', ({ id, counts, is }) => {
  expect(found(id, { counts })).toMatchObject(is)
})

test.each([
  { id: 'qa_critical_error_rate', at: 0.02, past: 0.0201 },
  { id: 'banned_phrase_violations', at: 5, past: 6 },
])('$id is within its target at exactly $at', ({ id, at, past }) => {
  const counts = (value: number): Told['counts'] => [
    [qualityReviewed, 10_000],
    [qualityCritical, 10_000 * value],
    [bannedPhrase, value],
  ]
  const statusOf = (value: number) =>
    kpiValue(catalogueOf().byId(id)!, readingOf({ counts: counts(value) })).status
  expect(statusOf(at)).toBe('ok')
  expect(statusOf(past)).not.toBe('ok')
})

test.each(['agent=a-1', 'queue=billing', 'class=live'])(
  'employees name nobody: satisfaction has no value in %s',
  (slice) => {
    const { reason } = kpiValue(catalogueOf().byId('employee_satisfaction')!, readingOf({ slice }))
    expect(reason).toBe('no-source')
  },
)

describe('raters', () => {
  type Said = Partial<Record<'Self' | 'Supervisor' | 'Peer' | 'Customer', readonly number[]>>

  /** What is counted of scores, in points. */
  const countsOf = (said: Said): Told['counts'] =>
    (Object.keys(said) as (keyof Said)[]).flatMap((rater) => [
      [
        measures[`attitudeBy${rater}Score`],
        said[rater]!.reduce((sum, points) => sum + points * 1_000_000, 0),
      ] as const,
      [measures[`attitudeBy${rater}Count`], said[rater]!.length] as const,
    ])

  test.each<{ rule: string; said: Said; value: number | null; missing: readonly number[] }>([
    {
      rule: 'all of them: 30, 50, 10 and 10 of 100',
      said: { Self: [100], Supervisor: [80], Peer: [60], Customer: [40] },
      value: 80,
      missing: [0, 0, 0, 0],
    },
    {
      rule: 'of each the mean, however many there are',
      said: { Self: [100, 0], Supervisor: [80, 80, 50], Peer: [60], Customer: [40] },
      value: 60,
      missing: [0, 0, 0, 0],
    },
    {
      rule: 'the weight of those who are missing is spread over the others in proportion',
      said: { Self: [100], Supervisor: [20] },
      value: 50,
      missing: [0, 0, 10, 10],
    },
    { rule: 'one alone has all of it', said: { Peer: [42] }, value: 42, missing: [30, 50, 0, 10] },
  ])('$rule', ({ said, value, missing }) => {
    const finding = found('attitude', { counts: countsOf(said) })
    expect(finding.value).toBe(value)
    const { breakdown = {} } = finding
    const raters = ['self', 'supervisor', 'peer', 'customer'] as const
    expect(raters.map((rater) => breakdown[`${rater}_missing`])).toEqual(missing)
    expect(raters.map((rater) => breakdown[`${rater}_count`])).toEqual(
      (['Self', 'Supervisor', 'Peer', 'Customer'] as const).map((one) => said[one]?.length ?? 0),
    )
    expect(raters.filter((rater) => rater in breakdown)).toEqual(
      raters.filter((_, place) => missing[place] === 0),
    )
  })

  test('of nobody there is no value', () => {
    expect(found('attitude', {})).toEqual({ ...nothing, count: 0, sum: 0 })
  })

  test('weights are the tenant’s, as they were then; of one without a weight alone there is no value', () => {
    const find = (said: Said) =>
      catalogueOf()
        .byId('attitude')!
        .find({
          ...readingOf({ counts: countsOf(said) }),
          inForce: {
            ...defaultTenantConfig,
            raters: { self: 0, supervisor: 1, peer: 0, customer: 3 },
          },
        })
    expect(find({ Self: [100], Supervisor: [80], Customer: [40] }).value).toBe(50)
    expect(find({ Self: [100], Supervisor: [80] }).value).toBe(80)
    expect(find({ Self: [100] })).toEqual({ ...nothing, count: 1, sum: 100_000_000 })
  })
})
