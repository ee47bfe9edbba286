import { describe, expect, test } from 'vitest'
import { defaultCard } from '../config/score-card.ts'
import { type EpochMs } from '../time/time.ts'
import { periodsIn } from '../time/periods.ts'
import { type Course, lowInARow, topQuartersInARow } from './course.ts'
import { ranksOf } from './rank.ts'

const year = {
  startMs: Date.parse('2026-01-01') as EpochMs,
  endMs: Date.parse('2027-01-01') as EpochMs,
}
const months = [...periodsIn('month', year, 'UTC')]
const courseOf = (totals: readonly (number | null)[]): Course =>
  totals.map((total, place) =>
    total === null ? null : { period: months[place]!, card: defaultCard, total },
  )

test.each([
  { totals: [50, 60, 80, 69.9, 10], low: 2 },
  { totals: [60, 60, 60], low: 3 },
  { totals: [60, null, 60], low: 1 },
  { totals: [60, 70], low: 0 },
  { totals: [60, null], low: 0 },
])('$low months in a row are in the lowest band of $totals', ({ totals, low }) => {
  expect(lowInARow(courseOf(totals))).toBe(low)
})

describe('quarters in the highest band', () => {
  const labels = ['q1', 'q1', 'q1', 'q2', 'q2', 'q2', null] as const

  test.each([
    { rule: 'by the mean of their months', totals: [100, 80, 90, 95, 95, 95, 10], top: 2 },
    { rule: 'up to the last one that is over', totals: [95, 95, 95, 50, 95, 95, 99], top: 0 },
    { rule: 'months without a score left out', totals: [50, 50, 50, null, null, 92, 10], top: 1 },
    { rule: 'none without any score', totals: [95, 95, 95, null, null, null, 95], top: 0 },
  ])('are counted $rule', ({ totals, top }) => {
    expect(topQuartersInARow(courseOf(totals), labels)).toBe(top)
  })
})

test('ranks are of a team, equal totals share one, and the first three are at the top', () => {
  const score = (agentId: string, team: string | null, total: number | null) => ({
    ...{ agentId, team, total },
  })
  const ranks = ranksOf([
    ...[score('a', 'x', 90), score('b', 'x', 95), score('c', 'x', 90), score('d', 'x', 10)],
    ...[score('e', 'x', null), score('f', 'y', 1), score('g', null, 5)],
  ])
  expect(Object.fromEntries(ranks)).toEqual({
    b: { rank: 1, of: 4, isTop: true },
    a: { rank: 2, of: 4, isTop: true },
    c: { rank: 2, of: 4, isTop: true },
    d: { rank: 4, of: 4, isTop: false },
    f: { rank: 1, of: 1, isTop: true },
    g: { rank: 1, of: 1, isTop: true },
  })
})
