import type { Kpi } from '@deskpulse/core/kpis'
import type { Measure } from '@deskpulse/core/measures'
import { expect, test } from 'vitest'
import { type ReadAs, weightsOf } from './contributions.ts'

const measure = (name: string, more: Partial<Measure> = {}): Measure => ({
  ...{ name, family: 1, field: 0, kind: 'count', ...more },
})
const [atEntry, calendar, business, month] = ['entry', 'calendar', 'business', 'month'].map(
  (name) => measure(name),
) as [Measure, Measure, Measure, Measure]
const of = measure('of', {
  ...{ atEntry, shifts: { calendar, business } },
  named: { day: month, week: month, month, quarter: month, year: month },
})
const [other, base] = [measure('other'), measure('base')]

const kpiOf = (terms: object | null): Kpi => ({ terms }) as unknown as Kpi
const none = { of: 0, per: 0 }

test.each<{ rule: string; terms: object | null; of: number; other: number[] }>([
  ...['ratio', 'distinct-ratio', 'points', 'money-ratio', 'weighted-points'].map((shape) => ({
    rule: `${shape}: it is divided by what counts in the denominator`,
    ...{ terms: { shape, of: [of, other], per: [other] }, of: 1, other: [1, 1] },
  })),
  {
    rule: 'money: what is taken off counts as −1',
    ...{ terms: { shape: 'money', of: [of], less: [other] }, of: 1, other: [-1, 0] },
  },
  {
    rule: 'money: what is in both comes to nothing',
    ...{ terms: { shape: 'money', of: [of, other], less: [other] }, of: 1, other: [0, 0] },
  },
  {
    rule: 'a share of those without: of all that are told, less those with',
    ...{ terms: { shape: 'distinct-without', of: [of], without: [other] }, of: 1, other: [-1, 0] },
  },
  {
    rule: 'a total has no denominator',
    ...{ terms: { shape: 'total', of: [of] }, of: 1, other: [0, 0] },
  },
  { rule: 'without terms nothing counts', terms: null, of: 0, other: [0, 0] },
  {
    rule: 'nor where it says what goes on',
    ...{ terms: { shape: 'longest', kinds: [] }, of: 0, other: [0, 0] },
  },
])('$rule', ({ terms, of: ofWeight, other: [otherOf, otherPer] }) => {
  const kpi = kpiOf(terms)
  expect(weightsOf(kpi, of).of).toBe(ofWeight)
  expect(weightsOf(kpi, other)).toEqual({ of: otherOf, per: otherPer })
  expect(weightsOf(kpi, base)).toEqual(none)
})

test('a share of those without is divided by those that it is of', () => {
  const kpi = kpiOf({ shape: 'distinct-without', of: [of], without: [other] })
  expect(weightsOf(kpi, of)).toEqual({ of: 1, per: 1 })
})

test.each<{ rule: string; as: ReadAs; counts: readonly Measure[] }>([
  { rule: 'by default: itself', as: {}, counts: [of] },
  { rule: 'by entry: what counts there instead', as: { by: 'entry' }, counts: [atEntry] },
  { rule: 'on the clock of its class: itself', as: { clock: 'class' }, counts: [of] },
  {
    rule: 'on one clock: what that clock shifts, too',
    ...{ as: { clock: 'business' }, counts: [of, business] },
  },
  {
    rule: 'in a whole month: what names a month, too',
    ...{ as: { whole: 'month' }, counts: [of, month] },
  },
  { rule: 'in an hour: itself', as: { whole: 'hour' }, counts: [of] },
])('of a measure counts $rule', ({ as, counts }) => {
  const kpi = kpiOf({ shape: 'total', of: [base, of] })
  const counted = [of, atEntry, calendar, business, month].filter(
    (one) => weightsOf(kpi, one, as).of === 1,
  )
  expect(counted).toEqual(counts)
})

test('by its basis a KPI has terms of its own, those of payers unless it is asked otherwise', () => {
  const shape = 'total'
  const kpi = kpiOf({
    shape: 'by-basis',
    ...{ payers: { shape, of: [of] }, customers: { shape, of: [other] } },
  })
  expect([weightsOf(kpi, of), weightsOf(kpi, other)]).toEqual([{ of: 1, per: 0 }, none])
  const customers = { basis: 'customers' } as unknown as ReadAs
  expect([weightsOf(kpi, of, customers), weightsOf(kpi, other, customers)]).toEqual([
    none,
    { of: 1, per: 0 },
  ])
})
