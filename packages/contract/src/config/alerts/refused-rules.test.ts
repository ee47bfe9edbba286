import { describe, expect, test } from 'vitest'
import { errorsOf, floor, parsed, slow, waiting } from './alerts.test-support.ts'

describe('a rule is refused', () => {
  const aKpi = expect.stringMatching(/^a KPI: one of first_response_time, /) as string
  const unknown = { code: 'unknown-kpi' } as const
  test.each([
    {
      rule: { name: 'mine' },
      errors: [
        { path: 'kind', expected: 'what a rule that changes no other must say', got: 'missing' },
      ],
    },
    {
      rule: { name: 'mine', kind: 'deadline' },
      errors: [{ path: 'subject', expected: 'what a deadline rule must say', got: 'missing' }],
    },
    {
      rule: { ...waiting, limit: undefined },
      errors: [
        { path: 'limit', expected: 'what a deadline rule of contacts must say', got: 'missing' },
      ],
    },
    {
      rule: { name: 'mine', kind: 'deadline', subject: 'agent' },
      errors: [
        { path: 'limit', expected: 'what a deadline rule of agents must say', got: 'missing' },
        { path: 'states', expected: 'what a deadline rule of agents must say', got: 'missing' },
      ],
    },
    {
      rule: { name: 'mine', kind: 'deadline', subject: 'endpoint', limit: '1h' },
      errors: [
        {
          path: 'subject',
          expected: 'contact | agent | source | dimension | pipeline',
          got: '"endpoint"',
        },
      ],
    },
    {
      rule: { name: 'mine', kind: 'windowed' },
      errors: [{ path: 'kpi', expected: 'what a windowed rule must say', got: 'missing' }],
    },
    {
      rule: { name: 'mine', kind: 'windowed', kpi: 'backlog' },
      errors: ['window', 'comparison', 'threshold'].map((path) => ({
        path,
        expected: 'what a windowed rule must say',
        got: 'missing',
      })),
    },
    {
      rule: { ...slow, kpi: 'respons_time' },
      errors: [
        {
          path: 'kpi',
          expected: 'a KPI',
          hint: 'did you mean response_time?',
          got: '"respons_time"',
          ...unknown,
        },
      ],
    },
    {
      rule: { ...slow, kpi: undefined, statistic: 'happiness' },
      errors: [{ path: 'statistic', expected: aKpi, got: '"happiness"', ...unknown }],
    },
    {
      rule: { name: 'unanswered-mail', enabled: false },
      errors: [
        { path: 'kind', expected: 'what a rule that changes no other must say', got: 'missing' },
      ],
    },
    {
      rule: { ...slow, statistic: 'p91' },
      errors: [
        {
          path: 'statistic',
          expected: 'a statistic of response_time',
          hint: 'did you mean p90?',
          got: '"p91"',
          ...unknown,
        },
      ],
    },
    {
      rule: { ...slow, kpi: 'backlog', statistic: 'p90', threshold: 5 },
      errors: [
        {
          path: 'statistic',
          expected: 'a statistic of backlog: one of value',
          got: '"p90"',
          ...unknown,
        },
      ],
    },
    {
      rule: { ...slow, kpi: 'answered_within_60s_of_due', threshold: 0.8 },
      errors: [
        {
          path: 'kpi',
          expected: 'a KPI of some tenant',
          hint: 'did you mean answered_within_30s_of_due?',
          got: '"answered_within_60s_of_due"',
          ...unknown,
        },
      ],
    },
    {
      rule: { ...slow, window: '90s' },
      errors: [{ path: 'window', expected: '1m … 60m in whole minutes, or today', got: '"90s"' }],
    },
    {
      rule: { ...slow, window: '2h' },
      errors: [{ path: 'window', expected: '1m … 60m in whole minutes, or today', got: '"2h"' }],
    },
    {
      rule: { ...slow, window: 5 },
      errors: [
        { path: 'window', expected: '1m … 60m in whole minutes, or today', got: 'number 5' },
      ],
    },
    {
      rule: { ...slow, comparison: 'over' },
      errors: [{ path: 'comparison', expected: 'above | below', got: '"over"' }],
    },
    {
      rule: { ...slow, threshold: 'much' },
      errors: [
        { path: 'threshold', expected: 'a duration such as 30s, or milliseconds', got: '"much"' },
      ],
    },
    {
      rule: { ...slow, kpi: 'backlog', threshold: '30s' },
      errors: [{ path: 'threshold', expected: 'a number', got: '"30s"' }],
    },
    {
      rule: { name: 'fcr', threshold: 70 },
      errors: [
        {
          path: 'threshold',
          expected: 'a share from 0 to 1',
          got: 'number 70',
          hint: '70 % is 0.7',
        },
      ],
    },
    {
      rule: { ...slow, recovery: '40s' },
      errors: [{ path: 'recovery', expected: 'at most the threshold, 30000', got: '"40s"' }],
    },
    {
      rule: { name: 'fcr', recovery: 0.5 },
      errors: [{ path: 'recovery', expected: 'at least the threshold, 0.7', got: 'number 0.5' }],
    },
    {
      rule: { name: 'response-time', kpi: 'backlog' },
      errors: [{ path: 'threshold', expected: 'what a windowed rule must say', got: 'missing' }],
    },
    {
      rule: { ...slow, slice: 'queue' },
      errors: [
        {
          path: 'slice',
          expected: 'queue=value, or <dimension>=* for every slice of one',
          got: '"queue"',
        },
      ],
    },
    {
      rule: { ...slow, slice: 'team=*' },
      errors: [
        {
          path: 'slice',
          expected:
            'one of queue, agent, channel, class, topic, priority, skill, shop, intent, appeal before =*',
          got: '"team=*"',
        },
      ],
    },
    {
      rule: { ...slow, slice: 'team=support' },
      errors: [
        {
          path: 'slice',
          expected:
            'queue | agent | channel | class | topic | priority | skill | shop | intent | appeal: a team is read, nothing is counted in it, or <dimension>=* for every slice of one',
          got: '"team=support"',
        },
      ],
    },
    {
      rule: { ...slow, slice: 'topic=refund' },
      errors: [
        { path: 'slice', expected: 'a slice that some tenant keeps', got: '"topic=refund"' },
      ],
    },
    {
      rule: { ...waiting, slice: 'queue=*' },
      errors: [
        {
          path: 'slice',
          expected: 'queue=value: a star is every value (one in a value is %2A)',
          got: '"queue=*"',
        },
      ],
    },
    {
      rule: { ...waiting, slice: 'floor=3' },
      errors: [
        {
          path: 'slice',
          expected:
            'queue | agent | channel | class | topic | priority | skill | shop | intent | appeal',
          got: '"floor=3"',
        },
      ],
    },
    {
      rule: {
        name: 'mine',
        kind: 'deadline',
        subject: 'agent',
        states: ['break'],
        limit: '1m',
        slice: 'channel=chat',
      },
      errors: [
        {
          path: 'slice',
          expected: 'all, or dimensions of agents: agent, queue',
          got: '"channel=chat"',
        },
      ],
    },
    {
      rule: { ...waiting, threshold: 3 },
      errors: [
        {
          path: 'threshold',
          expected: 'nothing: a deadline rule of contacts has no threshold',
          got: 'number 3',
        },
      ],
    },
    {
      rule: { name: 'fcr', limit: '3s' },
      errors: [{ path: 'limit', expected: 'nothing: a windowed rule has no limit', got: '"3s"' }],
    },
    {
      rule: { name: 'fcr', kind: 'deadline' },
      errors: [
        {
          path: 'kind',
          expected: 'windowed, as in the rule of this name that it changes',
          got: '"deadline"',
        },
      ],
    },
    {
      rule: { name: 'silent-source', subject: 'agent' },
      errors: [
        {
          path: 'subject',
          expected: 'source, as in the rule of this name that it changes',
          got: '"agent"',
        },
      ],
    },
    {
      rule: { ...waiting, limit: '1ms' },
      errors: [
        {
          path: 'limit',
          expected: 'a duration from 1s to 30d, such as 28s, 1h or a number of milliseconds',
          got: '"1ms"',
        },
      ],
    },
    {
      rule: { ...waiting, states: ['asleep'] },
      errors: [
        { path: 'states.0', expected: expect.stringContaining('break') as string, got: '"asleep"' },
        {
          path: 'states',
          expected: 'nothing: a deadline rule of contacts has no states',
          got: 'array of 1',
        },
      ],
    },
    {
      rule: { ...waiting, always: true, hours: [{ days: ['mon'], from: '09:00', to: '10:00' }] },
      errors: [{ path: 'always', expected: 'hours or always, not both', got: 'boolean true' }],
    },
    {
      rule: { ...waiting, hours: [{ days: ['mon'], from: '9', to: '10:00' }] },
      errors: [
        { path: 'hours.0.from', expected: 'a time from 00:00 to 23:59, in quotes', got: '"9"' },
      ],
    },
    {
      rule: { ...waiting, hours: [{ days: ['mon'], from: '09:00', to: '09:00' }] },
      errors: [
        {
          path: 'hours.0.to',
          expected: 'another time than from; a whole day is 00:00 to 24:00',
          got: '"09:00"',
        },
      ],
    },
    {
      rule: { ...waiting, text: { en: 'wait {vlaue}' } },
      errors: [
        {
          path: 'text.en',
          expected: expect.stringContaining('{value}') as string,
          got: '"wait {vlaue}"',
        },
      ],
    },
    {
      rule: { ...waiting, endpoints: ['flor'] },
      errors: [
        {
          path: 'endpoints.0',
          expected: 'the name of an endpoint that is told of alerts',
          hint: 'did you mean floor?',
          got: '"flor"',
        },
      ],
    },
    {
      rule: { ...waiting, escalate: { after: '5m', endpoints: ['floor', 'flor'] } },
      errors: [
        {
          path: 'escalate.endpoints.1',
          expected: 'the name of an endpoint that is told of alerts',
          hint: 'did you mean floor?',
          got: '"flor"',
        },
      ],
    },
    ...[0, 1, 1.5].map((warnAt) => ({
      rule: { ...waiting, warnAt },
      errors: [
        {
          path: 'warnAt',
          expected: 'a share of the limit, between 0 and 1',
          got: `number ${warnAt}`,
        },
      ],
    })),
    {
      rule: { ...slow, warnAt: 0.5 },
      errors: [
        { path: 'warnAt', expected: 'nothing: a windowed rule has no warnAt', got: 'number 0.5' },
      ],
    },
    {
      rule: { ...waiting, labels: { 'a b': 'c' } },
      errors: [{ path: 'labels.a b', expected: 'keys: letters, digits and _', got: '"c"' }],
    },
    {
      rule: { ...waiting, limt: '3s' },
      errors: [
        { path: 'limt', expected: 'a known key', hint: 'did you mean limit?', got: 'unknown key' },
      ],
    },
  ])('$rule.name: $errors', ({ rule, errors }) => {
    const expected = errors.map((error) => ({ ...error, path: `alerts.rules.0.${error.path}` }))
    expect(errorsOf({ endpoints: [floor], rules: [rule] })).toEqual(expected)
  })

  test('all that is wrong with several comes at once, beside what else is wrong', () => {
    const rules = [
      { ...slow, kpi: 'x' },
      { ...waiting, limit: 'long' },
    ]
    const paths = errorsOf(
      { endpoints: [{ ...floor, kind: 'slack' }], rules },
      { tenants: { acme: { timeZone: 'x' } } },
    ).map(({ path }) => path)
    expect(paths.sort()).toEqual([
      'alerts.endpoints.0.secret',
      'alerts.rules.0.kpi',
      'alerts.rules.1.limit',
      'tenants.acme.timeZone',
    ])
  })

  test('an address of the page may have a path and no query', () => {
    expect(parsed({ publicUrl: 'https://desk.example/pulse/' }).alerts.publicUrl).toBe(
      'https://desk.example/pulse',
    )
    expect(errorsOf({ publicUrl: 'desk.example' })).toMatchObject([{ path: 'alerts.publicUrl' }])
    expect(errorsOf({ publicUrl: 'https://desk.example/?a=b' })).toMatchObject([
      { path: 'alerts.publicUrl' },
    ])
  })
})
