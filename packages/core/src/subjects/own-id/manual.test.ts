import { describe, expect, test } from 'vitest'
import type { CanonicalEvent, EventData } from '../../events/event.ts'
import { dayMs, type EpochMs, hourMs } from '../../time/time.ts'
import { assessment } from './assessment.ts'
import { employeeSurvey } from './employee-survey.ts'
import type { OwnIdKind } from './own-id.ts'
import { qualityReview } from './quality-review.ts'
import { violation } from './violation.ts'

const at = (text: string): EpochMs => Date.parse(text) as EpochMs

/** Told on successive days from 2026-04-02 on. */
const told = (...all: readonly EventData[]): CanonicalEvent[] =>
  all.map((data, place) => ({
    ...{ type: 'quality.reviewed', id: `e-${place}`, source: '/qa', sequence: '0', tenant: 'acme' },
    timeMs: (at('2026-04-02T09:00:00Z') + place * dayMs) as EpochMs,
    data,
  }))

const rowsOf = (
  kind: OwnIdKind,
  all: readonly EventData[],
  nowMs = at('2027-12-31T00:00:00Z'),
  timeZone = 'UTC',
): readonly unknown[] => kind.tell(told(...all), nowMs, timeZone).rows

const review = (data: EventData = {}): EventData => ({
  ...{ reviewId: 'r', agentId: 'a-1', kind: 'call', score: 80 },
  ...data,
})
const assessed = (data: EventData = {}): EventData => ({
  ...{ assessmentId: 'x', agentId: 'a-1', kind: 'attitude', rater: 'peer', score: 80 },
  period: { start: '2026-03-01', end: '2026-03-31' },
  ...data,
})

describe('a period that is named', () => {
  const named = (start: string, end: string) => review({ period: { start, end } })

  test.each([
    { start: '2026-03-31', end: '2026-03-31', within: ['day', 'week', 'month', 'quarter', 'year'] },
    { start: '2026-03-02', end: '2026-03-08', within: ['week', 'month', 'quarter', 'year'] },
    { start: '2026-03-30', end: '2026-04-05', within: ['week', 'year'] },
    { start: '2025-12-29', end: '2026-01-04', within: ['week'] },
    { start: '2026-03-01', end: '2026-03-31', within: ['month', 'quarter', 'year'] },
    { start: '2026-03-31', end: '2026-04-01', within: ['week', 'year'] },
    { start: '2026-01-01', end: '2026-03-31', within: ['quarter', 'year'] },
    { start: '2026-01-01', end: '2026-12-31', within: ['year'] },
    { start: '2025-12-31', end: '2026-12-30', within: [] },
  ])('$start to $end counts in $within', ({ start, end, within }) => {
    expect(rowsOf(qualityReview, [named(start, end)])).toMatchObject([
      { period: { start, end, within }, counted: { atMs: at(start) } },
    ])
  })

  test.each([
    { timeZone: 'UTC', begin: '2026-03-01T00:00:00Z' },
    { timeZone: 'Asia/Shanghai', begin: '2026-02-28T16:00:00Z' },
    { timeZone: 'America/New_York', begin: '2026-03-01T05:00:00Z' },
  ])('counts where it begins in $timeZone, from noon UTC on', ({ timeZone, begin }) => {
    const tell = (now: string) =>
      qualityReview.tell(told(named('2026-03-01', '2026-03-31')), at(now), timeZone)
    const noon = '2026-03-01T12:00:00Z'
    expect(tell('2026-03-01T11:59:59.999Z')).toEqual({ rows: [], aheadMs: at(noon) })
    expect(tell(noon)).toMatchObject({ rows: [{ counted: { atMs: at(begin) } }] })
    expect(tell(noon).aheadMs).toBeUndefined()
  })

  test.each([
    {
      rule: 'of 366 days counts',
      start: '2024-01-01',
      end: '2024-12-31',
      from: '2024-06-01',
      is: 1,
    },
    { rule: 'of more does not', start: '2024-01-01', end: '2025-01-01', from: '2024-06-01', is: 0 },
    { rule: 'that begins 366 days ahead counts', start: '2027-04-03', end: '2027-04-03', is: 1 },
    { rule: 'that begins later does not', start: '2027-04-04', end: '2027-04-04', is: 0 },
    { rule: 'that ended 366 days before counts', start: '2025-04-01', end: '2025-04-01', is: 1 },
    { rule: 'that ended earlier does not', start: '2025-03-31', end: '2025-03-31', is: 0 },
  ])('one $rule', ({ start, end, from = '2026-04-02', is }) => {
    const events = told(named(start, end)).map((event) => ({
      ...event,
      timeMs: at(`${from}T09:00:00Z`),
    }))
    const { rows, aheadMs } = qualityReview.tell(events, at('2029-01-01T00:00:00Z'), 'UTC')
    expect([rows.length, aheadMs]).toEqual([is, undefined])
  })
})

describe('a quality review', () => {
  test('without a period counts at its first event, with the content of its last', () => {
    const all = [
      review({ criticalErrors: 2, form: 'calls' }),
      review({ agentId: 'a-2', score: 59.5 }),
    ]
    expect(rowsOf(qualityReview, all)).toEqual([
      {
        grain: 'quality-review',
        counted: { atMs: at('2026-04-02T09:00:00Z'), credit: { agent: 'a-2' } },
        ...{ period: null, kind: 'call', score: 59_500_000, isPassed: false, criticalErrors: 0 },
        ...{ reviewer: null, form: null, formVersion: null, questions: 0 },
      },
    ])
  })

  test('says by whom, by which form, and of how many questions it is', () => {
    const questions = [
      { question: 'greeting', score: 100 },
      { question: 'solution', score: 0 },
    ]
    const all = [review({ reviewerId: 'qa-1', form: 'calls', formVersion: '3', questions })]
    expect(rowsOf(qualityReview, all)).toMatchObject([
      { reviewer: 'qa-1', form: 'calls', formVersion: '3', questions: 2 },
    ])
  })

  test.each([
    { data: { score: 60 }, isPassed: true },
    { data: { score: 59.999999 }, isPassed: false },
    { data: { score: 0, passed: true }, isPassed: true },
    { data: { score: 100, passed: false }, isPassed: false },
  ])('of $data is passed: $isPassed', ({ data, isPassed }) => {
    expect(rowsOf(qualityReview, [review(data)])).toMatchObject([{ isPassed }])
  })

  test('that is a calibration at last counts nowhere, and one that was counts', () => {
    const calibration = review({ calibration: true })
    expect(rowsOf(qualityReview, [review(), calibration])).toEqual([])
    expect(rowsOf(qualityReview, [calibration, review()])).toHaveLength(1)
    expect(rowsOf(qualityReview, [review({ calibration: false })])).toHaveLength(1)
  })

  test('that was told ahead is not, once its last word names no period', () => {
    const ahead = review({ period: { start: '2026-12-01', end: '2026-12-31' } })
    const nowMs = at('2026-04-05T00:00:00Z')
    expect(rowsOf(qualityReview, [ahead], nowMs)).toEqual([])
    expect(rowsOf(qualityReview, [ahead, review()], nowMs)).toHaveLength(1)
  })
})

test.each([
  { all: [{}], count: 1 },
  { all: [{ count: 3 }], count: 3 },
  { all: [{ count: 3 }, { count: 0 }], count: 0 },
  { all: [{ count: 3 }, {}], count: 1 },
])('a violation of $all counts $count times, at its first event', ({ all, count }) => {
  const events = all.map((data) => ({ violationId: 'v', agentId: 'a-1', kind: 'rude', ...data }))
  expect(rowsOf(violation, events)).toEqual([
    {
      ...{ grain: 'violation', kind: 'rude', count },
      recorded: { atMs: at('2026-04-02T09:00:00Z'), credit: { agent: 'a-1' } },
    },
  ])
})

describe('an assessment', () => {
  test('is of the period that it names, by its last event', () => {
    expect(rowsOf(assessment, [assessed({ rater: 'self' }), assessed({ score: 12.5 })])).toEqual([
      {
        grain: 'assessment',
        counted: { atMs: at('2026-03-01T00:00:00Z'), credit: { agent: 'a-1' } },
        period: {
          ...{ start: '2026-03-01', end: '2026-03-31' },
          within: ['month', 'quarter', 'year'],
        },
        ...{ kind: 'attitude', rater: 'peer', score: 12_500_000, isPassed: false },
      },
    ])
  })

  test.each([
    { data: { kind: 'knowledge_test', score: 60 }, isPassed: true },
    { data: { kind: 'knowledge_test', score: 59 }, isPassed: false },
    { data: { kind: 'knowledge_test', score: 100, passed: false }, isPassed: false },
    { data: { kind: 'training', score: 1 }, isPassed: true },
    { data: { kind: 'training', score: 0 }, isPassed: false },
    { data: { kind: 'training', score: 0, passed: true }, isPassed: true },
    { data: { kind: 'training', score: 100, passed: false }, isPassed: false },
  ])('$data is passed: $isPassed', ({ data, isPassed }) => {
    expect(rowsOf(assessment, [assessed(data)])).toMatchObject([{ isPassed }])
  })
})

test.each([
  { answer: { score: 1, scaleMin: 1, scaleMax: 5 }, score: 0 },
  { answer: { score: 4, scaleMin: 1, scaleMax: 5 }, score: 75_000_000 },
  { answer: { score: 5, scaleMin: 1, scaleMax: 5 }, score: 100_000_000 },
  { answer: { score: 0, scaleMin: -1, scaleMax: 2 }, score: 33_333_333 },
])('an employee’s answer of $answer is $score millionths of a point', ({ answer, score }) => {
  const first = { surveyId: 's', score: 10, scaleMin: 0, scaleMax: 10 }
  expect(rowsOf(employeeSurvey, [first, { surveyId: 's', ...answer }])).toEqual([
    { grain: 'employee-survey', answered: { atMs: at('2026-04-02T09:00:00Z'), credit: {} }, score },
  ])
})

test('a period begins where its first date does, wherever the tenant is', () => {
  const zones = ['Pacific/Kiritimati', 'Pacific/Pago_Pago', 'Asia/Kathmandu']
  const begins = zones.map((timeZone) => {
    const [row] = assessment.tell(told(assessed()), at('2026-03-01T12:00:00Z'), timeZone).rows
    return (row as { readonly counted: { readonly atMs: number } }).counted.atMs
  })
  const midnightMs = at('2026-03-01T00:00:00Z')
  expect(begins.map((atMs) => (atMs - midnightMs) / hourMs)).toEqual([-14, 11, -5.75])
})
