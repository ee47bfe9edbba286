import { describe, expect, test } from 'vitest'
import { defaultTenantConfig } from '../config/tenant-config.ts'
import { catalogueOf } from '../families/catalogue.ts'
import { kpiStatistics, type Reading } from '../kpis/kpi.ts'
import { kpiValue, type KpiValue } from '../kpis/value.ts'
import { at } from './alert.test-support.ts'
import type { WindowedRule } from './rule.ts'
import {
  checkWindowedRule,
  parseRuleSlice,
  sampleOf,
  statisticsOf,
  statisticUnit,
} from './sample.ts'
import { windowedRule } from './windowed.test-support.ts'

const value = (found: Partial<KpiValue>): KpiValue => ({
  value: null,
  unit: 'ms',
  status: 'ok',
  definition: 'x@1',
  ...found,
})

describe('sampleOf', () => {
  test.each<{
    rule: string
    asks: Partial<WindowedRule>
    found: KpiValue | undefined
    is: { value: number | null; size: number }
  }>([
    {
      rule: 'an average is of its count',
      asks: {},
      found: value({ value: 40, count: 3, sum: 120 }),
      is: { value: 40, size: 3 },
    },
    {
      rule: 'a percentile too',
      asks: { statistic: 'p90' },
      found: value({ value: 40, count: 3, p90: 70 }),
      is: { value: 70, size: 3 },
    },
    {
      rule: 'a share is of its denominator',
      asks: {},
      found: value({ value: 0.5, numerator: 1, denominator: 2 }),
      is: { value: 0.5, size: 2 },
    },
    {
      rule: 'a denominator past 2^53 is a size',
      asks: {},
      found: value({ value: 0.5, denominator: 2n ** 60n }),
      is: { value: 0.5, size: 2 ** 60 },
    },
    {
      rule: 'of exactly the minimum it is data',
      asks: { minimumSample: 3 },
      found: value({ value: 40, count: 3 }),
      is: { value: 40, size: 3 },
    },
    {
      rule: 'of fewer it is none',
      asks: { minimumSample: 4 },
      found: value({ value: 40, count: 3 }),
      is: { value: null, size: 3 },
    },
    {
      rule: 'nothing to divide by is no data',
      asks: {},
      found: value({ value: null, count: 0 }),
      is: { value: null, size: 0 },
    },
    {
      rule: 'a count of 0 is data: it is never of too few',
      asks: { statistic: 'count', minimumSample: 9 },
      found: value({ count: 0 }),
      is: { value: 0, size: 1 },
    },
    {
      rule: 'so is a number that is not of many',
      asks: { minimumSample: 9 },
      found: value({ value: 0, unit: 'count' }),
      is: { value: 0, size: 1 },
    },
    {
      rule: 'that may be missing, too',
      asks: {},
      found: value({ value: null, reason: 'no-agent-states' }),
      is: { value: null, size: 0 },
    },
    {
      rule: 'a percentile that the value has not is no data',
      asks: { statistic: 'p99' },
      found: value({ value: 1, count: 1 }),
      is: { value: null, size: 1 },
    },
    {
      rule: 'a KPI that was not read is no data',
      asks: {},
      found: undefined,
      is: { value: null, size: 0 },
    },
  ])('$rule', ({ asks, found, is }) => {
    expect(sampleOf(windowedRule(asks), found)).toEqual(is)
  })
})

describe('statistics', () => {
  const one = { count: 1, sum: 1, bins: { bins: [1], counts: [1], total: 1 } }
  const full: Reading = {
    count: () => 1,
    duration: () => one,
    money: () => new Map([['CNY', 1]]),
    ages: () => one,
    isOneSlice: true,
    ...{ period: 'day', whole: 'day' },
    lastBefore: () => null,
    open: () => ({ count: 1, oldest: [{ member: 'c-1', sinceMs: at(0) }] }),
    slice: [],
    config: defaultTenantConfig,
    inForce: defaultTenantConfig,
    window: { startMs: at(1 - 3_600), endMs: at(1) },
    asOfMs: at(1),
    salesIndexes: new Map([['a-1', { value: 2, agents: 3 }]]),
  }
  const ofAgent: Reading = { ...full, slice: [{ dimension: 'agent', value: 'a-1' }] }
  test.each(catalogueOf().kpis)('$id offers exactly the statistics that its values have', (kpi) => {
    const found = kpiValue(kpi, kpi.isComparison ? ofAgent : full)
    expect(statisticsOf(kpi)).toEqual(
      kpiStatistics.filter((statistic) => typeof found[statistic] === 'number'),
    )
  })

  test('a count is a count, whatever it counts', () => {
    const kpi = catalogueOf().byId('response_time')!
    expect([statisticUnit(kpi, 'p90'), statisticUnit(kpi, 'count')]).toEqual(['ms', 'count'])
  })
})

describe('checkWindowedRule', () => {
  test.each<{ rule: string; asks: Partial<WindowedRule> }>([
    { rule: 'a rule of what exists is right', asks: {} },
    { rule: 'a statistic of durations', asks: { statistic: 'p95' } },
    { rule: 'every slice of a dimension', asks: { slice: 'queue=*' } },
    { rule: 'the running day', asks: { window: 'today' } },
    {
      rule: 'the running day of what belongs to whole periods',
      asks: { kpi: 'collaboration', window: 'today' },
    },
    {
      rule: 'a share',
      asks: { kpi: 'fcr_gross', comparison: 'below', threshold: 0.7, recovery: 0.75 },
    },
    { rule: 'a threshold that is its recovery', asks: { threshold: 20_000, recovery: 20_000 } },
    {
      rule: 'a threshold KPI of the tenant',
      asks: {
        kpi: 'answered_within_30s_of_due',
        comparison: 'below',
        threshold: 0.8,
        recovery: 0.8,
      },
    },
  ])('$rule', ({ asks }) => {
    expect(checkWindowedRule(windowedRule(asks), catalogueOf())).toBeNull()
  })

  test.each<{
    rule: string
    asks: Partial<WindowedRule>
    member: string
    expected: string
    got: string
  }>([
    ...['collaboration', 'cost_per_contact', 'customers_served', 'average_order_value'].map(
      (kpi) => ({
        rule: `a sliding window of what belongs to whole periods: ${kpi}`,
        asks: { kpi, window: '60m' },
        member: 'window',
        expected: `today: ${kpi} has no value in a sliding window`,
        got: '60m',
      }),
    ),
    {
      rule: 'a KPI that compares agents with one another',
      asks: { kpi: 'sales_index' },
      member: 'kpi',
      expected: 'a KPI that a slice has by itself',
      got: 'sales_index',
    },
    {
      rule: 'a KPI that does not exist',
      asks: { kpi: 'no_such_kpi' },
      member: 'kpi',
      expected: 'response_time',
      got: 'no_such_kpi',
    },
    {
      rule: 'one of another tenant’s thresholds',
      asks: { kpi: 'answered_within_45s_of_due' },
      member: 'kpi',
      expected: 'answered_within_30s_of_due',
      got: 'answered_within_45s_of_due',
    },
    {
      rule: 'a percentile of a share',
      asks: { kpi: 'fcr_gross', statistic: 'p90' },
      member: 'statistic',
      expected: 'value',
      got: 'p90',
    },
    {
      rule: 'a percentile that is not kept',
      asks: { kpi: 'resolution_time_from_request', statistic: 'p50' },
      member: 'statistic',
      expected: 'value | count | p90',
      got: 'p50',
    },
    {
      rule: 'a dimension that does not exist',
      asks: { slice: 'team=a' },
      member: 'slice',
      expected: 'dimension=value',
      got: 'team=a',
    },
    {
      rule: 'every slice of two dimensions',
      asks: { slice: 'queue=a,team=*' },
      member: 'slice',
      expected: 'dimension=*',
      got: 'queue=a,team=*',
    },
    {
      rule: 'a window that is not kept',
      asks: { window: '61m' },
      member: 'window',
      expected: '1m … 60m',
      got: '61m',
    },
    {
      rule: 'percent where a share is meant',
      asks: { kpi: 'occupancy', threshold: 90, recovery: 85 },
      member: 'threshold',
      expected: '0 to 1',
      got: '90',
    },
    {
      rule: 'also in the recovery',
      asks: { kpi: 'occupancy', threshold: 0.9, recovery: 85 },
      member: 'recovery',
      expected: '0 to 1',
      got: '85',
    },
    {
      rule: 'a recovery that is worse than the threshold',
      asks: { recovery: 30_001 },
      member: 'recovery',
      expected: 'at most the threshold, 30000',
      got: '30001',
    },
    {
      rule: 'below: one that is lower',
      asks: { comparison: 'below', recovery: 29_999 },
      member: 'recovery',
      expected: 'at least the threshold, 30000',
      got: '29999',
    },
  ])('$rule is named: $member, $got', ({ asks, member, expected, got }) => {
    expect(checkWindowedRule(windowedRule(asks), catalogueOf())).toEqual({
      member,
      expected: expect.stringContaining(expected) as string,
      got,
    })
  })
})

test('a rule’s slice is one slice, in its canonical text, or every one of a dimension', () => {
  expect(parseRuleSlice('channel=chat,queue=vip')).toMatchObject({
    kind: 'one',
    text: 'queue=vip,channel=chat',
  })
  expect(parseRuleSlice('all')).toEqual({ kind: 'one', slice: [], text: 'all' })
  expect(parseRuleSlice('queue=*')).toEqual({ kind: 'every', dimension: 'queue' })
  expect(parseRuleSlice('*')).toBeNull()
})
