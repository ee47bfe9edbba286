import { isOfInstallation, shippedRules } from '@deskpulse/core/alerts'
import { describe, expect, test } from 'vitest'
import { baseRules } from '../index.ts'
import { parsed, ruleOf, slow, waiting } from './alerts.test-support.ts'

const made = (rule: object, rest: object = {}) =>
  ruleOf(baseRules(parsed({ rules: [rule] }, rest)), (rule as { name: string }).name)
const shipped = (name: string) => ruleOf(shippedRules, name)!

describe('what is said', () => {
  test('nothing: the shipped rules, no endpoints, no private addresses', () => {
    const config = parsed({})
    expect(config.alerts).toEqual({
      allowPrivateAddresses: false,
      publicUrl: null,
      hours: null,
      endpoints: [],
      rules: [],
    })
    expect(baseRules(config)).toEqual(shippedRules)
  })

  test('a rule with a shipped name changes that one, in its place', () => {
    const rules = baseRules(
      parsed({ rules: [{ name: 'customer-waiting', limit: '45s', severity: 'critical' }] }),
    )
    expect(rules.map(({ name }) => name)).toEqual(shippedRules.map(({ name }) => name))
    expect(ruleOf(rules, 'customer-waiting')).toEqual({
      ...shipped('customer-waiting'),
      limitMs: 45_000,
      severity: 'critical',
    })
  })

  test.each([
    {
      rule: 'a deadline of contacts',
      says: waiting,
      is: {
        limitMs: 10_000,
        waits: ['reply', 'queue'],
        classes: ['live', 'voice'],
        slice: 'all',
        repeatMs: 1_800_000,
        severity: 'warning',
      },
    },
    {
      rule: 'each wait once',
      says: { ...waiting, waits: ['queue', 'queue'] },
      is: { waits: ['queue'] },
    },
    {
      rule: 'a slice in canonical form',
      says: { ...waiting, slice: 'channel=chat,queue=billing' },
      is: { slice: 'queue=billing,channel=chat' },
    },
    {
      rule: 'a deadline of agents',
      says: {
        name: 'long-break',
        kind: 'deadline',
        subject: 'agent',
        states: ['break'],
        limit: '20m',
        slice: 'queue=billing',
      },
      is: { subject: 'agent', states: ['break'], limitMs: 1_200_000, slice: 'queue=billing' },
    },
    {
      rule: 'a deadline of sources',
      says: { name: 'crm', kind: 'deadline', subject: 'source', limit: '1h', sources: ['/crm'] },
      is: { sources: ['/crm'] },
    },
    {
      rule: 'a deadline of the pipeline',
      says: { name: 'behind', kind: 'deadline', subject: 'pipeline', limit: '2m' },
      is: { subject: 'pipeline' },
    },
    {
      rule: 'a window',
      says: slow,
      is: {
        kpi: 'response_time',
        statistic: 'value',
        slice: 'all',
        window: '5m',
        threshold: 30_000,
        recovery: 30_000,
        minimumSample: 0,
        forMs: 0,
        keepFiringForMs: 0,
        noData: 'ok',
      },
    },
    {
      rule: 'a statistic beside its KPI',
      says: { ...slow, statistic: 'p90' },
      is: { kpi: 'response_time', statistic: 'p90' },
    },
    {
      rule: 'a KPI and a statistic in one',
      says: { ...slow, kpi: undefined, statistic: 'response_time.p90' },
      is: { kpi: 'response_time', statistic: 'p90' },
    },
    { rule: 'a window of seconds', says: { ...slow, window: '300s' }, is: { window: '5m' } },
    { rule: 'a window of an hour', says: { ...slow, window: '1h' }, is: { window: '60m' } },
    { rule: 'the running day', says: { ...slow, window: 'today' }, is: { window: 'today' } },
    {
      rule: 'every slice of a dimension',
      says: { ...slow, slice: 'queue=*' },
      is: { slice: 'queue=*' },
    },
    {
      rule: 'a threshold in milliseconds',
      says: { ...slow, threshold: 1_500, recovery: '1s' },
      is: { threshold: 1_500, recovery: 1_000 },
    },
    {
      rule: 'a count, which is no duration',
      says: { ...slow, statistic: 'count', threshold: 100, comparison: 'below' },
      is: { statistic: 'count', threshold: 100 },
    },
    { rule: 'told once', says: { ...waiting, repeat: null }, is: { repeatMs: null } },
    { rule: 'no second level', says: { ...waiting, escalate: null }, is: { escalation: null } },
    { rule: 'a warning before its limit', says: { ...waiting, warnAt: 0.8 }, is: { warnAt: 0.8 } },
    { rule: 'no warning', says: { ...waiting, warnAt: null }, is: { warnAt: null } },
    { rule: 'told to nobody', says: { ...waiting, endpoints: [] }, is: { endpoints: [] } },
    {
      rule: 'a threshold changed takes its recovery along',
      says: { name: 'response-time', threshold: '20s' },
      is: { threshold: 20_000, recovery: 20_000 },
    },
    {
      rule: 'a recovery of its own',
      says: { name: 'fcr', threshold: 0.6, recovery: 0.65 },
      is: { threshold: 0.6, recovery: 0.65 },
    },
    {
      rule: 'what is not said stays',
      says: { name: 'fcr', enabled: false },
      is: { ...shipped('fcr'), enabled: false },
    },
  ])('gives a complete rule: $rule', ({ says, is }) => {
    expect(made(says)).toMatchObject(is)
  })

  test('a second level has each endpoint once', () => {
    const floor = { name: 'floor', kind: 'slack', url: 'https://floor.example.com' }
    const rule = { ...waiting, escalate: { after: '5m', endpoints: ['floor', 'floor'] } }
    const rules = baseRules(parsed({ endpoints: [floor], rules: [rule] }))
    expect(ruleOf(rules, waiting.name)?.escalation).toEqual({
      afterMs: 300_000,
      endpoints: ['floor'],
    })
  })

  test('words of its own stay beside the shipped ones; one language may be left out', () => {
    expect(made({ name: 'customer-waiting', text: { en: '{contact} waits' } })?.text).toEqual({
      en: '{contact} waits',
      zh: shipped('customer-waiting').text.zh,
    })
  })

  test('shipped words, which name the shipped window, do not stay when the window changes', () => {
    const text = made({ name: 'response-time', window: '10m' })?.text
    expect(text?.en).not.toContain('5 minutes')
    expect(text?.en).toContain('{value}')
    expect(made({ name: 'response-time', threshold: '40s' })?.text).toEqual(
      shipped('response-time').text,
    )
  })

  test('a threshold of a tenant makes a KPI that rules may use', () => {
    const rule = { ...slow, kpi: 'answered_within_60s_of_due', threshold: 0.8, comparison: 'below' }
    expect(made(rule, { tenants: { acme: { thresholds: ['60s'] } } })).toMatchObject({
      kpi: 'answered_within_60s_of_due',
    })
  })

  test('a shipped rule whose KPI no tenant has may be switched off', () => {
    const tenants = { acme: { thresholds: ['60s'] } }
    expect(made({ name: 'answered-within-30s', enabled: false }, { tenants })).toMatchObject({
      enabled: false,
    })
  })
})

describe('hours', () => {
  const office = [{ days: ['tue', 'mon', 'mon'], from: '09:00', to: '18:00' }]
  const officeHours = [{ days: [1, 2], fromMinute: 540, toMinute: 1_080 }]

  test('are those of every rule, shipped ones too, but for those of the installation', () => {
    const rules = baseRules(parsed({ hours: office, rules: [waiting] }))
    const others = rules.filter((rule) => !isOfInstallation(rule))
    expect(others).toHaveLength(rules.length - 3)
    for (const rule of others) expect(rule.hours).toEqual(officeHours)
    for (const name of ['endpoint-disabled', 'log-clock', 'records-lost'])
      expect(ruleOf(rules, name)?.hours).toBeNull()
  })

  test('a rule may have its own, or none', () => {
    const night = {
      ...waiting,
      name: 'night',
      hours: [{ days: ['sun'], from: '22:00', to: '06:00' }],
    }
    const rules = baseRules(
      parsed({
        hours: office,
        rules: [
          night,
          { name: 'customer-waiting', always: true },
          { name: 'fcr', severity: 'info' },
        ],
      }),
    )
    expect(ruleOf(rules, 'night')?.hours).toEqual([{ days: [7], fromMinute: 1_320, toMinute: 360 }])
    expect(ruleOf(rules, 'customer-waiting')?.hours).toBeNull()
    expect(ruleOf(rules, 'fcr')?.hours).toEqual(officeHours)
  })

  test('end at midnight', () => {
    expect(parsed({ hours: [{ days: ['mon'], from: '00:00', to: '24:00' }] }).alerts.hours).toEqual(
      [{ days: [1], fromMinute: 0, toMinute: 1_440 }],
    )
  })
})
