import { describe, expect, test } from 'vitest'
import { defaultTenantConfig } from '../config/tenant-config.ts'
import { catalogueOf } from '../families/catalogue.ts'
import { keepsSlice } from '../slices/kept-slices.ts'
import { parseSlice } from '../slices/slice.ts'
import type { AlertRule, WindowedRule } from './rule.ts'
import { shippedRules } from './shipped-rules.ts'
import { checkTemplate } from './text.ts'

const byName = new Map(shippedRules.map((rule) => [rule.name, rule]))
const windowed = shippedRules.filter((rule): rule is WindowedRule => rule.kind === 'windowed')

test('the shipped rules are these, each once', () => {
  expect([...byName.keys()]).toEqual([
    'customer-waiting',
    'response-time',
    'answered-within-30s',
    'service-level',
    'abandon-rate',
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

/** Times in seconds. */
test('when they fire, and how often that is told again, is what docs/configuration.md says', () => {
  const deadline = shippedRules.filter((rule) => rule.kind === 'deadline')
  const told = ({ name, repeatMs }: AlertRule): string =>
    `${name} ${repeatMs === null ? 'once' : repeatMs / 1_000}`
  expect(deadline.map((rule) => `${told(rule)}: after ${rule.limitMs / 1_000}`)).toEqual([
    'customer-waiting 600: after 30',
    'silent-source 3600: after 600',
    'dimension-nearly-full 86400: after 1',
    'pipeline-stalled 600: after 30',
    'endpoint-disabled 14400: after 3600',
    'log-clock 14400: after 10',
    'records-lost 14400: after 0',
  ])
  const numbers = ({ threshold, recovery, minimumSample, forMs, keepFiringForMs }: WindowedRule) =>
    `${threshold}, back ${recovery}, of ${minimumSample}, for ${forMs / 1_000}, on ${keepFiringForMs / 1_000}`
  expect(windowed.map((rule) => `${told(rule)}: ${numbers(rule)}`)).toEqual([
    'response-time 1800: 30000, back 27000, of 5, for 0, on 60',
    'answered-within-30s 1800: 0.8, back 0.82, of 20, for 0, on 60',
    'service-level 1800: 0.8, back 0.82, of 20, for 0, on 60',
    'abandon-rate 1800: 0.05, back 0.046, of 20, for 0, on 60',
    'fcr once: 0.7, back 0.72, of 20, for 0, on 0',
    'occupancy 3600: 0.9, back 0.88, of 0, for 1800, on 0',
  ])
  expect(shippedRules.every(({ enabled, hours }) => enabled && hours === null)).toBe(true)
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
  expect(
    shippedRules.filter(({ severity }) => severity === 'critical').map(({ name }) => name),
  ).toEqual(['pipeline-stalled', 'endpoint-disabled', 'records-lost'])
})
