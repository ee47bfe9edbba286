import { expect, test } from 'vitest'
import { hourMs } from '../time/time.ts'
import { measures } from './catalogue.ts'
import { asOfMs, found, type Told } from './findings.test-support.ts'

const { paidBeforeDay, retainedInDay, paidBeforeMonth, paidBeforeHour } = measures
const { contractsAtDay, contractsLostInDay } = measures
const nothing = { value: null, reason: 'nothing-happened' }

/** Of ten who had paid the day before three have paid again. */
const told: Told = {
  counts: [
    [paidBeforeDay, 10],
    [retainedInDay, 3],
  ],
  period: 'day',
}

test('who paid in the period before has paid again, or is lost so far', () => {
  const provisionalUntil = '2001-09-10T00:00:00.000Z' // The day that holds `asOfMs` ends.
  const of = { denominator: 10, provisionalUntil, basis: 'payers' }
  expect(found('customer_retention', told)).toEqual({ value: 0.3, numerator: 3, ...of })
  expect(found('customer_churn', told)).toEqual({ value: 0.7, numerator: 7, ...of })
})

test('where anybody was under contract when the period began, it is of those', () => {
  const counts = [...told.counts!, [contractsAtDay, 8], [contractsLostInDay, 2]] as const
  const of = { denominator: 8, provisionalUntil: '2001-09-10T00:00:00.000Z', basis: 'contracts' }
  const contracts: Told = { ...told, counts }
  expect(found('customer_retention', contracts)).toEqual({ value: 0.75, numerator: 6, ...of })
  expect(found('customer_churn', contracts)).toEqual({ value: 0.25, numerator: 2, ...of })
})

test('contracts are of days: an hour has payers', () => {
  const counts = [
    [paidBeforeHour, 10],
    [contractsAtDay, 8],
  ] as const
  expect(found('customer_churn', { counts, period: 'hour' })).toMatchObject({
    ...{ value: 1, denominator: 10, basis: 'payers' },
  })
})

test.each(['customer_retention', 'customer_churn'])(
  '%s of a day that is over is as it is',
  (id) => {
    const { provisionalUntil } = found(id, { ...told, endedBefore: 1 })
    expect(provisionalUntil).toBeUndefined()
  },
)

test('nobody had paid: there is nobody to be retained', () => {
  const told: Told = { counts: [[paidBeforeMonth, 10]], period: 'day' }
  for (const id of ['customer_retention', 'customer_churn'])
    expect(found(id, told)).toEqual({ ...nothing, numerator: 0, denominator: 0 })
})

test('what is no period has none before it', () => {
  for (const id of ['customer_retention', 'customer_churn'])
    expect(found(id, { ...told, period: null })).toEqual({
      ...{ value: null, reason: 'not-distinct-here' },
    })
})

test('of the payments of a session those that may come still are awaited', () => {
  const { advisedInDay, convertedInDay } = measures
  const counts = [
    [advisedInDay, 4],
    [convertedInDay, 1],
  ] as const
  expect(found('conversion_served', { counts, period: 'day' })).toEqual({
    ...{ value: 0.25, numerator: 1, denominator: 4 },
    provisionalUntil: new Date(asOfMs + 24 * hourMs).toISOString(),
  })
})
