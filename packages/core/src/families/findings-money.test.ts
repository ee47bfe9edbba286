import { describe, expect, test } from 'vitest'
import type { Finding } from '../kpis/kpi.ts'
import { kpiValue } from '../kpis/value.ts'
import { catalogueOf, measures } from './catalogue.ts'
import { found, readingOf, type Told } from './findings.test-support.ts'

const { orderMoney, orderMoneyBack, costMoney, contactHandled, paidInDay } = measures

const nothing = { value: null, reason: 'nothing-happened' } as const

test.each<{ rule: string; id: string; told: Told; is: Finding }>([
  { rule: 'nothing sold is no 0', id: 'sales', told: {}, is: nothing },
  {
    rule: 'one currency has its value in the main unit, and its sum exactly',
    id: 'sales',
    told: { money: [[orderMoney, { CNY: 12_950 }]] },
    is: { value: 129.5, sum: 12_950, currency: 'CNY' },
  },
  {
    rule: 'the main unit is of the currency',
    id: 'sales',
    told: { money: [[orderMoney, { JPY: 700 }]] },
    is: { value: 700, sum: 700, currency: 'JPY' },
  },
  {
    rule: 'several currencies have no value together, and each its own',
    id: 'sales',
    told: { money: [[orderMoney, { CNY: 12_900, KWD: 20_500 }]] },
    is: { value: null, reason: 'several-currencies', byCurrency: { CNY: 129, KWD: 20.5 } },
  },
  {
    rule: 'what comes back is taken off in its own currency',
    id: 'net_sales',
    told: {
      money: [
        [orderMoney, { CNY: 12_900, EUR: 2_000 }],
        [orderMoneyBack, { EUR: 500 }],
      ],
    },
    is: { value: null, reason: 'several-currencies', byCurrency: { CNY: 129, EUR: 15 } },
  },
  {
    rule: 'where all of it came back, 0 is left',
    id: 'net_sales',
    told: {
      money: [
        [orderMoney, { CNY: 12_900 }],
        [orderMoneyBack, { CNY: 12_900 }],
      ],
    },
    is: { value: 0, sum: 0, currency: 'CNY' },
  },
  {
    rule: 'sales are divided by those who paid in that very period',
    id: 'average_order_value',
    told: { money: [[orderMoney, { CNY: 10_000 }]], counts: [[paidInDay, 4]], period: 'day' },
    is: { value: 25, numerator: 10_000, denominator: 4, currency: 'CNY' },
  },
  {
    rule: 'who paid is not known elsewhere',
    id: 'average_order_value',
    told: { money: [[orderMoney, { CNY: 10_000 }]], counts: [[paidInDay, 4]] },
    is: { value: null, reason: 'not-distinct-here' },
  },
  {
    rule: 'a cost is divided by contacts',
    id: 'cost_per_contact',
    told: { money: [[costMoney, { CNY: 10_000 }]], counts: [[contactHandled, 8]] },
    is: { value: 12.5, numerator: 10_000, denominator: 8, currency: 'CNY' },
  },
  {
    rule: 'costs of several currencies are divided each',
    id: 'cost_per_contact',
    told: { money: [[costMoney, { CNY: 10_000, JPY: 100 }]], counts: [[contactHandled, 8]] },
    is: {
      ...{ value: null, reason: 'several-currencies' },
      ...{ byCurrency: { CNY: 12.5, JPY: 12.5 }, denominator: 8 },
    },
  },
  {
    rule: 'without contacts nothing is divided',
    id: 'cost_per_contact',
    told: { money: [[costMoney, { CNY: 10_000 }]] },
    is: { ...nothing, denominator: 0 },
  },
  {
    rule: 'without a cost it was not free',
    id: 'cost_per_contact',
    told: { counts: [[contactHandled, 8]] },
    is: { ...nothing, denominator: 8 },
  },
])('$id: $rule', ({ id, told, is }) => {
  expect(found(id, told)).toEqual(is)
})

describe('what names a period', () => {
  const month = costMoney.named!.month
  const told = { money: [[month, { CNY: 8_000 }]], counts: [[contactHandled, 8]] } as const
  const read = (period: Told['period']) =>
    kpiValue(catalogueOf().byId('cost_per_contact')!, readingOf({ ...told, period }))

  test('is in the whole periods that contain it, and in no others', () => {
    expect(read('month')).toMatchObject({ value: 10, currency: 'CNY', unit: 'money' })
    expect(read('week')).toMatchObject(nothing)
    expect(read(null)).toMatchObject(nothing)
  })
})
