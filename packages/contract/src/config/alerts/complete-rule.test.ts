import {
  type AlertRule,
  checkWindowedRule,
  deadlineRulesFor,
  shippedRules,
} from '@deskpulse/core/alerts'
import { defaultTenantConfig } from '@deskpulse/core/config'
import { catalogueOf } from '@deskpulse/core/kpis'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ruleShape } from '../../alerts/rule-shape.ts'
import { completeRule, ruleContextOf, type RuleInput, ruleInputSchema, ruleView } from '../index.ts'
import { parsed, slow, waiting } from './alerts.test-support.ts'

const hours = [{ days: ['mon'], from: '09:00', to: '18:00' }]
const { alerts } = parsed(
  {
    hours,
    endpoints: [
      { name: 'floor', kind: 'slack', url: 'https://floor.example' },
      { name: 'flood', kind: 'slack', url: 'https://flood.example', tenants: ['globex'] },
    ],
  },
  { tenants: { globex: {} } },
)
const context = ruleContextOf('acme', defaultTenantConfig, alerts)
const officeHours = [{ days: [1], fromMinute: 540, toMinute: 1_080 }]

const read = (input: object): RuleInput => ruleInputSchema.parse(input)
function complete(input: object, existing?: AlertRule): AlertRule {
  const outcome = completeRule(read(input), existing, context)
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.errors))
  return outcome.rule
}

const own = [
  complete(waiting),
  complete(slow),
  complete({
    ...slow,
    name: 'counted',
    statistic: 'response_time.count',
    threshold: 5,
    labels: { team: 'night' },
    endpoints: ['floor'],
  }),
  complete({
    name: 'long-break',
    kind: 'deadline',
    subject: 'agent',
    states: ['break'],
    limit: '1h',
    hours,
    repeat: null,
  }),
  complete({
    name: 'crm',
    kind: 'deadline',
    subject: 'source',
    limit: '1h',
    sources: ['/crm'],
    always: true,
    endpoints: [],
  }),
]

test.each([...shippedRules, ...own].map((rule) => ({ name: rule.name, rule })))(
  '$name, sent back as it was shown, is the same rule',
  ({ name, rule }) => {
    const view = JSON.parse(JSON.stringify(ruleView(rule))) as object
    const existing = shippedRules.find((one) => one.name === name)
    expect(complete(view, existing)).toEqual(rule)
  },
)

const members = {
  kind: fc.constantFrom('windowed', 'deadline'),
  subject: fc.constantFrom('contact', 'agent', 'source', 'pipeline', 'endpoint', 'clock'),
  limit: fc.constantFrom('1s', 90_000),
  waits: fc.constantFrom(['reply'], ['queue', 'queue']),
  classes: fc.constantFrom(['live'], ['voice', 'voice']),
  states: fc.constantFrom(['break'], ['break', 'break', 'meal']),
  sources: fc.constantFrom(null, ['/crm', '/crm']),
  slice: fc.constantFrom(
    'all',
    'queue=a b',
    'queue=%',
    'channel=chat,queue=x',
    'queue=*',
    'topic=x',
    'agent=7',
    '',
  ),
  kpi: fc.constantFrom('response_time', 'fcr_gross', 'backlog', 'agents_by_state', 'nothing'),
  statistic: fc.constantFrom('p90', 'count', 'response_time.p50', 'occupancy', 'x.y.z'),
  window: fc.constantFrom('5m', 'today', '1h'),
  comparison: fc.constantFrom('above', 'below'),
  threshold: fc.constantFrom(0.5, 30_000, '30s', 'x', -1),
  recovery: fc.constantFrom(0.6, 20_000, '20s'),
  always: fc.boolean(),
  hours: fc.constantFrom(null, hours),
  text: fc.constantFrom({ en: '{value}' }, { zh: '{x}' }),
  endpoints: fc.constantFrom(null, [], ['floor'], ['other']),
}

const begun: readonly object[] = [
  ...shippedRules.map(({ name }) => ({ name })),
  waiting,
  slow,
  { name: 'mine' },
]
/** A rule with a few members changed: with all of them, hardly one would be right. */
const anyInput = fc
  .tuple(
    fc.constantFrom(...begun),
    fc.record(members),
    fc.subarray(Object.keys(members) as (keyof typeof members)[], { maxLength: 3 }),
  )
  .map(([rule, changed, keys]) => ({
    ...rule,
    ...Object.fromEntries(keys.map((key) => [key, changed[key]])),
  }))

test('whatever is said gives errors, or a rule that can be stored, decided, evaluated and shown', () => {
  let completed = 0
  fc.assert(
    fc.property(anyInput, (said) => {
      const input = ruleInputSchema.safeParse(said)
      if (!input.success) return
      const existing = shippedRules.find(({ name }) => name === input.data.name)
      const outcome = completeRule(input.data, existing, context)
      if (!outcome.ok) {
        expect(outcome.errors.length).toBeGreaterThan(0)
        return
      }
      completed += 1
      const { rule } = outcome
      expect(ruleShape.parse(rule)).toEqual(rule)
      expect(complete(ruleView(rule), existing)).toEqual(rule)
      deadlineRulesFor([{ ...rule, enabled: true }])
      if (rule.kind === 'windowed')
        expect(checkWindowedRule(rule, catalogueOf(defaultTenantConfig))).toBeNull()
    }),
    { numRuns: 2_000 },
  )
  expect(completed).toBeGreaterThan(200)
})

describe('a rule over HTTP', () => {
  test('stands over the installation’s of its name', () => {
    const under = { ...shippedRules[0]!, severity: 'info', endpoints: ['floor'] } as const
    expect(complete({ name: under.name, limit: '5s' }, under)).toEqual({ ...under, limitMs: 5_000 })
  })

  test('has the installation’s hours when it is new', () => {
    expect(complete(waiting).hours).toEqual(officeHours)
    expect(complete({ ...waiting, always: true }).hours).toBeNull()
  })

  test.each([
    {
      rule: { ...slow, kpi: 'respons_time' },
      code: 'unknown-kpi',
      errors: [
        { path: '/rule/kpi', expected: 'a KPI: did you mean response_time?', got: 'respons_time' },
      ],
    },
    {
      rule: { ...slow, kpi: 'answered_within_60s_of_due', threshold: 0.5 },
      code: 'unknown-kpi',
      errors: [
        {
          path: '/rule/kpi',
          expected: 'a KPI: did you mean answered_within_30s_of_due?',
          got: 'answered_within_60s_of_due',
        },
      ],
    },
    {
      rule: { ...slow, endpoints: ['flood'] }, // Of another tenant.
      code: 'bad-request',
      errors: [
        {
          path: '/rule/endpoints/0',
          expected: 'the name of an endpoint that is told of alerts: did you mean floor?',
          got: 'flood',
        },
      ],
    },
    {
      rule: { ...slow, slice: 'topic=*', endpoints: ['flour'] },
      code: 'bad-request',
      errors: [
        {
          path: '/rule/endpoints/0',
          expected: 'the name of an endpoint that is told of alerts: did you mean floor?',
          got: 'flour',
        },
        {
          path: '/rule/slice',
          expected: 'a slice of dimensions that are kept apart (slices of the tenant)',
          got: 'topic=*',
        },
      ],
    },
    {
      rule: { name: 'mine', kind: 'deadline', subject: 'agent' },
      code: 'bad-request',
      errors: [
        {
          path: '/rule/limit',
          expected: 'what a deadline rule of agents must say',
          got: 'missing',
        },
        {
          path: '/rule/states',
          expected: 'what a deadline rule of agents must say',
          got: 'missing',
        },
      ],
    },
    {
      rule: { name: 'customer-wating', limit: '45s' },
      code: 'bad-request',
      errors: [
        {
          path: '/rule/name',
          expected:
            'the name of a rule to change, or a kind for a new one: did you mean customer-waiting?',
          got: 'customer-wating',
        },
      ],
    },
    {
      rule: { ...waiting, text: { zh: '{名}' } },
      code: 'bad-request',
      errors: [
        {
          path: '/rule/text/zh',
          expected: expect.stringContaining('{value}') as string,
          got: '{名}',
        },
      ],
    },
  ])('$rule.name is refused: $errors', ({ rule, code, errors }) => {
    expect(completeRule(read(rule), undefined, context, '/rule')).toEqual({
      ok: false,
      code,
      errors,
    })
  })
})
