import { describe, expect, test } from 'vitest'
import { defaultTenantConfig } from '../config/tenant-config.ts'
import { catalogueOf } from '../families/catalogue.ts'
import { keepsSlice } from '../slices/kept-slices.ts'
import { parseSlice } from '../slices/slice.ts'
import type { WindowedRule } from './rule.ts'
import { shippedRules } from './shipped-rules.ts'
import { checkTemplate } from './text.ts'

const byName = new Map(shippedRules.map((rule) => [rule.name, rule]))
const windowed = shippedRules.filter((rule): rule is WindowedRule => rule.kind === 'windowed')

test('the shipped rules are these, each once', () => {
  expect([...byName.keys()]).toEqual([
    'customer-waiting',
    'response-time',
    'answered-within-30s',
    'fcr',
    'occupancy',
    'silent-source',
    'dimension-nearly-full',
    'pipeline-stalled',
    'endpoint-disabled',
    'log-clock',
    'records-lost',
  ])
  expect(byName.size).toBe(shippedRules.length)
})

describe.each(shippedRules)('$name', ({ text }) => {
  test.each(['en', 'zh'] as const)(
    'says in %s what is wrong and since when; where to look is the link of the message, and no address that a chat makes inert',
    (language) => {
      expect(checkTemplate(text[language])).toBeNull()
      expect(text[language]).toContain('{since}')
      expect(text[language]).not.toContain('{url}')
    },
  )
})

describe.each(windowed)('$name', (rule) => {
  test('reads a KPI and a statistic that exist, in a slice that is kept unless configuration says otherwise', () => {
    expect(catalogueOf().byId(rule.kpi)?.statistics).toContain(rule.statistic)
    const parsed = parseSlice(rule.slice)
    expect(parsed.ok && keepsSlice(parsed.slice, defaultTenantConfig)).toBe(true)
  })

  test('recovers at a value that is a little better than its threshold', () => {
    if (rule.comparison === 'above') expect(rule.recovery).toBeLessThan(rule.threshold)
    else expect(rule.recovery).toBeGreaterThan(rule.threshold)
    expect(Math.abs(rule.recovery / rule.threshold - 1)).toBeLessThanOrEqual(0.1)
  })
})

test('what stops everything, or takes something for good, is critical', () => {
  expect(shippedRules.filter(({ severity }) => severity === 'critical').map(({ name }) => name)).toEqual([
    'pipeline-stalled',
    'endpoint-disabled',
    'records-lost',
  ])
})
