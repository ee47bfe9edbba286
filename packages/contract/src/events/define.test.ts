import { expect, test } from 'vitest'
import { eventCatalogue } from './catalogue.ts'
import { periodInOrder, type Rule, scoreOnScale } from './define.ts'

const scale = { scaleMin: 1, scaleMax: 5 }
const interval: Rule = (data) => eventCatalogue['workload.forecast'].rule!(data)

test.each<{
  what: string
  rule: Rule
  data: Readonly<Record<string, unknown>>
  broken: string | null
}>([
  {
    what: 'a score at the low end of its scale',
    rule: scoreOnScale,
    data: { ...scale, score: 1 },
    broken: null,
  },
  {
    what: 'a score at its high end',
    rule: scoreOnScale,
    data: { ...scale, score: 5 },
    broken: null,
  },
  {
    what: 'a score below its scale',
    rule: scoreOnScale,
    data: { ...scale, score: 0.9 },
    broken: '/data/score',
  },
  {
    what: 'a score above it',
    rule: scoreOnScale,
    data: { ...scale, score: 5.1 },
    broken: '/data/score',
  },
  {
    what: 'a scale without a length',
    rule: scoreOnScale,
    data: { score: 1, scaleMin: 1, scaleMax: 1 },
    broken: '/data/scaleMax',
  },
  {
    what: 'a scale that is upside down',
    rule: scoreOnScale,
    data: { score: 1, scaleMin: 2, scaleMax: 1 },
    broken: '/data/scaleMax',
  },
  {
    what: 'satisfied from the low end on',
    rule: scoreOnScale,
    data: { ...scale, score: 2, satisfiedFrom: 1 },
    broken: null,
  },
  {
    what: 'satisfied at the high end alone',
    rule: scoreOnScale,
    data: { ...scale, score: 2, satisfiedFrom: 5 },
    broken: null,
  },
  {
    what: 'satisfied below the scale',
    rule: scoreOnScale,
    data: { ...scale, score: 2, satisfiedFrom: 0 },
    broken: '/data/satisfiedFrom',
  },
  {
    what: 'satisfied above it',
    rule: scoreOnScale,
    data: { ...scale, score: 2, satisfiedFrom: 6 },
    broken: '/data/satisfiedFrom',
  },
  {
    what: 'a period of one day',
    rule: periodInOrder,
    data: { period: { start: '2026-03-01', end: '2026-03-01' } },
    broken: null,
  },
  {
    what: 'a period that ends before it starts',
    rule: periodInOrder,
    data: { period: { start: '2026-03-02', end: '2026-03-01' } },
    broken: '/data/period/end',
  },
  { what: 'no period', rule: periodInOrder, data: {}, broken: null },
  {
    what: 'an interval of a second',
    rule: interval,
    data: { start: '2026-03-01T10:00:00+01:00', end: '2026-03-01T09:00:01Z' },
    broken: null,
  },
  {
    what: 'an interval without a length, in two zones',
    rule: interval,
    data: { start: '2026-03-01T10:00:00+01:00', end: '2026-03-01T09:00:00Z' },
    broken: '/data/end',
  },
  {
    what: 'an interval of 31 days, of the year after next',
    rule: interval,
    data: { start: '2028-03-01T00:00:00Z', end: '2028-04-01T00:00:00Z' },
    broken: null,
  },
  {
    what: 'an interval that is a second longer',
    rule: interval,
    data: { start: '2028-03-01T00:00:00Z', end: '2028-04-01T00:00:01Z' },
    broken: '/data/end',
  },
])('$what: $broken', ({ rule, data, broken }) => {
  expect(rule(data)?.path ?? null).toBe(broken)
})
