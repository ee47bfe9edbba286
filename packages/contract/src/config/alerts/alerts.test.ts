import { type AlertRule, shippedRules } from '@deskpulse/core'
import { describe, expect, test } from 'vitest'
import { baseRules, type Config, parseConfig } from '../index.ts'

function parsed(alerts: unknown, rest: object = {}): Config {
  const outcome = parseConfig({ alerts, ...rest })
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.errors))
  return outcome.config
}

function errorsOf(alerts: unknown, rest: object = {}) {
  const outcome = parseConfig({ alerts, ...rest })
  return outcome.ok ? [] : outcome.errors
}

const ruleOf = (rules: readonly AlertRule[], name: string): AlertRule | undefined => rules.find((rule) => rule.name === name)
const made = (rule: object, rest: object = {}) => ruleOf(baseRules(parsed({ rules: [rule] }, rest)), (rule as { name: string }).name)
const shipped = (name: string) => ruleOf(shippedRules, name)!

const secret = (bytes: number): string => `whsec_${Buffer.alloc(bytes, 7).toString('base64')}`
const floor = { name: 'floor', kind: 'webhook', url: 'https://floor.example/hook', secret: secret(32) }
const waiting = { name: 'vip', kind: 'deadline', subject: 'contact', limit: '10s' }
const slow = { name: 'slow', kind: 'windowed', kpi: 'response_time', window: '5m', comparison: 'above', threshold: '30s' }

describe('what is said', () => {
  test('nothing: the shipped rules, no endpoints, no private addresses', () => {
    const config = parsed({})
    expect(config.alerts).toEqual({ allowPrivateAddresses: false, publicUrl: null, hours: null, endpoints: [], rules: [] })
    expect(baseRules(config)).toEqual(shippedRules)
  })

  test('a rule with a shipped name changes that one, in its place', () => {
    const rules = baseRules(parsed({ rules: [{ name: 'customer-waiting', limit: '45s', severity: 'critical' }] }))
    expect(rules.map(({ name }) => name)).toEqual(shippedRules.map(({ name }) => name))
    expect(ruleOf(rules, 'customer-waiting')).toEqual({ ...shipped('customer-waiting'), limitMs: 45_000, severity: 'critical' })
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
    { rule: 'each wait once', says: { ...waiting, waits: ['queue', 'queue'] }, is: { waits: ['queue'] } },
    {
      rule: 'a slice in canonical form',
      says: { ...waiting, slice: 'channel=chat,queue=billing' },
      is: { slice: 'queue=billing,channel=chat' },
    },
    {
      rule: 'a deadline of agents',
      says: { name: 'long-break', kind: 'deadline', subject: 'agent', states: ['break'], limit: '20m', slice: 'queue=billing' },
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
    { rule: 'a statistic beside its KPI', says: { ...slow, statistic: 'p90' }, is: { kpi: 'response_time', statistic: 'p90' } },
    {
      rule: 'a KPI and a statistic in one',
      says: { ...slow, kpi: undefined, statistic: 'response_time.p90' },
      is: { kpi: 'response_time', statistic: 'p90' },
    },
    { rule: 'a window of seconds', says: { ...slow, window: '300s' }, is: { window: '5m' } },
    { rule: 'a window of an hour', says: { ...slow, window: '1h' }, is: { window: '60m' } },
    { rule: 'the running day', says: { ...slow, window: 'today' }, is: { window: 'today' } },
    { rule: 'every slice of a dimension', says: { ...slow, slice: 'queue=*' }, is: { slice: 'queue=*' } },
    { rule: 'a threshold in milliseconds', says: { ...slow, threshold: 1_500, recovery: '1s' }, is: { threshold: 1_500, recovery: 1_000 } },
    {
      rule: 'a count, which is no duration',
      says: { ...slow, statistic: 'count', threshold: 100, comparison: 'below' },
      is: { statistic: 'count', threshold: 100 },
    },
    { rule: 'told once', says: { ...waiting, repeat: null }, is: { repeatMs: null } },
    { rule: 'told to nobody', says: { ...waiting, endpoints: [] }, is: { endpoints: [] } },
    {
      rule: 'a threshold changed takes its recovery along',
      says: { name: 'response-time', threshold: '20s' },
      is: { threshold: 20_000, recovery: 20_000 },
    },
    { rule: 'a recovery of its own', says: { name: 'fcr', threshold: 0.6, recovery: 0.65 }, is: { threshold: 0.6, recovery: 0.65 } },
    { rule: 'what is not said stays', says: { name: 'fcr', enabled: false }, is: { ...shipped('fcr'), enabled: false } },
  ])('gives a complete rule: $rule', ({ says, is }) => {
    expect(made(says)).toMatchObject(is)
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
    expect(made({ name: 'response-time', threshold: '40s' })?.text).toEqual(shipped('response-time').text)
  })

  test('a threshold of a tenant makes a KPI that rules may use', () => {
    const rule = { ...slow, kpi: 'answered_within_60s_of_due', threshold: 0.8, comparison: 'below' }
    expect(made(rule, { tenants: { acme: { thresholds: ['60s'] } } })).toMatchObject({ kpi: 'answered_within_60s_of_due' })
  })

  test('a shipped rule whose KPI no tenant has may be switched off', () => {
    const tenants = { acme: { thresholds: ['60s'] } }
    expect(made({ name: 'answered-within-30s', enabled: false }, { tenants })).toMatchObject({ enabled: false })
  })
})

describe('hours', () => {
  const office = [{ days: ['tue', 'mon', 'mon'], from: '09:00', to: '18:00' }]
  const officeHours = [{ days: [1, 2], fromMinute: 540, toMinute: 1_080 }]

  test('are those of every rule, shipped ones too, but for endpoints', () => {
    const rules = baseRules(parsed({ hours: office, rules: [waiting] }))
    const others = rules.filter((rule) => rule.kind === 'windowed' || rule.subject !== 'endpoint')
    expect(others).toHaveLength(rules.length - 1)
    for (const rule of others) expect(rule.hours).toEqual(officeHours)
    expect(ruleOf(rules, 'endpoint-disabled')?.hours).toBeNull()
  })

  test('a rule may have its own, or none', () => {
    const night = { ...waiting, name: 'night', hours: [{ days: ['sun'], from: '22:00', to: '06:00' }] }
    const rules = baseRules(
      parsed({ hours: office, rules: [night, { name: 'customer-waiting', always: true }, { name: 'fcr', severity: 'info' }] }),
    )
    expect(ruleOf(rules, 'night')?.hours).toEqual([{ days: [7], fromMinute: 1_320, toMinute: 360 }])
    expect(ruleOf(rules, 'customer-waiting')?.hours).toBeNull()
    expect(ruleOf(rules, 'fcr')?.hours).toEqual(officeHours)
  })

  test('end at midnight', () => {
    expect(parsed({ hours: [{ days: ['mon'], from: '00:00', to: '24:00' }] }).alerts.hours).toEqual([
      { days: [1], fromMinute: 0, toMinute: 1_440 },
    ])
  })
})

describe('endpoints', () => {
  test.each([
    { endpoint: floor, is: { secrets: [floor.secret], language: 'en', tenants: null, severityMin: 'info' } },
    { endpoint: { ...floor, secret: undefined, secrets: [secret(24), secret(64)] }, is: { secrets: [secret(24), secret(64)] } },
    { endpoint: { ...floor, secret: secret(32).replace(/=+$/, '') }, is: { kind: 'webhook' } },
    {
      endpoint: { name: 'wecom', kind: 'wecom', url: 'https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=k' },
      is: { language: 'zh', secrets: [] },
    },
    {
      endpoint: { name: 'ding', kind: 'dingtalk', url: 'https://oapi.dingtalk.com/robot/send?access_token=t', secret: 'SECabc' },
      is: { language: 'zh', secrets: ['SECabc'] },
    },
    { endpoint: { name: 'ding', kind: 'dingtalk', url: 'https://oapi.dingtalk.com/robot/send?access_token=t' }, is: { secrets: [] } },
    {
      endpoint: { name: 'feishu', kind: 'feishu', url: 'https://open.feishu.cn/open-apis/bot/v2/hook/x', language: 'both' },
      is: { language: 'both' },
    },
    {
      endpoint: { name: 'am', kind: 'alertmanager', url: 'http://alerts.example:9093', severity: 'critical' },
      is: { language: 'en', severityMin: 'critical' },
    },
    { endpoint: { ...floor, secret: undefined }, is: { secrets: [] } },
    { endpoint: { ...floor, tenants: ['acme'] }, is: { tenants: ['acme'] } },
  ])('$endpoint.kind $is', ({ endpoint, is }) => {
    expect(parsed({ endpoints: [endpoint] }, { tenants: { acme: {} } }).alerts.endpoints[0]).toMatchObject(is)
  })

  const webhookSecret = 'whsec_ and the base64 of 24 to 64 bytes'
  test.each([
    {
      endpoint: { ...floor, kind: 'fax' },
      path: 'kind',
      expected: 'webhook | wecom | dingtalk | feishu | slack | teams | alertmanager',
      got: '"fax"',
    },
    {
      endpoint: { ...floor, url: 'ftp://floor.example' },
      path: 'url',
      expected: 'an http or https URL without user and password',
      got: 'text of 19 characters',
    },
    {
      endpoint: { ...floor, url: 'https://user:password@floor.example' },
      path: 'url',
      expected: 'an http or https URL without user and password',
      got: 'text of 35 characters',
    },
    {
      endpoint: { ...floor, secret: 'a plain password that is long' },
      path: 'secret',
      expected: webhookSecret,
      got: 'text of 29 characters',
    },
    { endpoint: { ...floor, secret: secret(23) }, path: 'secret', expected: webhookSecret, got: 'text of 38 characters' },
    { endpoint: { ...floor, secret: secret(65) }, path: 'secret', expected: webhookSecret, got: 'text of 94 characters' },
    {
      endpoint: { ...floor, secret: undefined, secrets: [secret(32), 'other'] },
      path: 'secrets.1',
      expected: webhookSecret,
      got: 'text of 5 characters',
    },
    { endpoint: { ...floor, secrets: [secret(32)] }, path: 'secrets', expected: 'secret or secrets, not both', got: 'array of 1' },
    { endpoint: { ...floor, kind: 'slack' }, path: 'secret', expected: 'no secret: slack has none', got: 'text of 50 characters' },
    {
      endpoint: { ...floor, kind: 'feishu', secret: undefined, secrets: ['x'] },
      path: 'secrets',
      expected: 'secret: a robot of feishu has one',
      got: 'array of 1',
    },
    { endpoint: { ...floor, language: 'de' }, path: 'language', expected: 'en | zh | both', got: '"de"' },
    { endpoint: { ...floor, severity: 'grave' }, path: 'severity', expected: 'info | warning | critical', got: '"grave"' },
    { endpoint: { ...floor, tenants: ['acme', 'acne'] }, path: 'tenants.1', expected: 'the name of a tenant', got: '"acne"' },
    { endpoint: { ...floor, secrett: 'x' }, path: 'secrett', expected: 'did you mean secret?', got: 'unknown key' },
  ])('$path: $expected, not $got', ({ endpoint, path, expected, got }) => {
    expect(errorsOf({ endpoints: [endpoint] }, { tenants: { acme: {} } })).toEqual([{ path: `alerts.endpoints.0.${path}`, expected, got }])
  })

  test('have names of their own', () => {
    expect(errorsOf({ endpoints: [floor, floor] })).toEqual([
      { path: 'alerts.endpoints.1.name', expected: 'a name that no other has', got: '"floor"' },
    ])
  })
})

describe('a rule is refused', () => {
  const aKpi = expect.stringMatching(/^a KPI: one of first_response_time, /) as string
  const unknown = { code: 'unknown-kpi' } as const
  test.each([
    { rule: { name: 'mine' }, errors: [{ path: 'kind', expected: 'what a rule that changes no other must say', got: 'missing' }] },
    { rule: { name: 'mine', kind: 'deadline' }, errors: [{ path: 'subject', expected: 'what a deadline rule must say', got: 'missing' }] },
    {
      rule: { ...waiting, limit: undefined },
      errors: [{ path: 'limit', expected: 'what a deadline rule of contacts must say', got: 'missing' }],
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
      errors: [{ path: 'subject', expected: 'contact | agent | source | pipeline', got: '"endpoint"' }],
    },
    { rule: { name: 'mine', kind: 'windowed' }, errors: [{ path: 'kpi', expected: 'what a windowed rule must say', got: 'missing' }] },
    {
      rule: { name: 'mine', kind: 'windowed', kpi: 'backlog' },
      errors: ['window', 'comparison', 'threshold'].map((path) => ({ path, expected: 'what a windowed rule must say', got: 'missing' })),
    },
    {
      rule: { ...slow, kpi: 'respons_time' },
      errors: [{ path: 'kpi', expected: 'a KPI: did you mean response_time?', got: '"respons_time"', ...unknown }],
    },
    { rule: { ...slow, kpi: undefined, statistic: 'csat' }, errors: [{ path: 'statistic', expected: aKpi, got: '"csat"', ...unknown }] },
    {
      rule: { name: 'service-level', enabled: false },
      errors: [{ path: 'kind', expected: 'what a rule that changes no other must say', got: 'missing' }],
    },
    {
      rule: { ...slow, statistic: 'p91' },
      errors: [{ path: 'statistic', expected: 'a statistic of response_time: did you mean p90?', got: '"p91"', ...unknown }],
    },
    {
      rule: { ...slow, kpi: 'backlog', statistic: 'p90', threshold: 5 },
      errors: [{ path: 'statistic', expected: 'a statistic of backlog: one of value', got: '"p90"', ...unknown }],
    },
    {
      rule: { ...slow, kpi: 'answered_within_60s_of_due', threshold: 0.8 },
      errors: [
        {
          path: 'kpi',
          expected: 'a KPI of some tenant: did you mean answered_within_30s_of_due?',
          got: '"answered_within_60s_of_due"',
          ...unknown,
        },
      ],
    },
    { rule: { ...slow, window: '90s' }, errors: [{ path: 'window', expected: '1m … 60m in whole minutes, or today', got: '"90s"' }] },
    { rule: { ...slow, window: '2h' }, errors: [{ path: 'window', expected: '1m … 60m in whole minutes, or today', got: '"2h"' }] },
    { rule: { ...slow, window: 5 }, errors: [{ path: 'window', expected: '1m … 60m in whole minutes, or today', got: 'number 5' }] },
    { rule: { ...slow, comparison: 'over' }, errors: [{ path: 'comparison', expected: 'above | below', got: '"over"' }] },
    {
      rule: { ...slow, threshold: 'much' },
      errors: [{ path: 'threshold', expected: 'a duration such as 30s, or milliseconds', got: '"much"' }],
    },
    { rule: { ...slow, kpi: 'backlog', threshold: '30s' }, errors: [{ path: 'threshold', expected: 'a number', got: '"30s"' }] },
    { rule: { name: 'fcr', threshold: 70 }, errors: [{ path: 'threshold', expected: 'a share from 0 to 1', got: 'number 70' }] },
    { rule: { ...slow, recovery: '40s' }, errors: [{ path: 'recovery', expected: 'at most the threshold, 30000', got: '"40s"' }] },
    { rule: { name: 'fcr', recovery: 0.5 }, errors: [{ path: 'recovery', expected: 'at least the threshold, 0.7', got: 'number 0.5' }] },
    {
      rule: { name: 'response-time', kpi: 'backlog' },
      errors: [{ path: 'threshold', expected: 'what a windowed rule must say', got: 'missing' }],
    },
    {
      rule: { ...slow, slice: 'queue' },
      errors: [{ path: 'slice', expected: 'queue=value, or <dimension>=* for every slice of one', got: '"queue"' }],
    },
    {
      rule: { ...slow, slice: 'team=*' },
      errors: [
        { path: 'slice', expected: 'one of queue, agent, channel, class, topic, priority, skill, shop, intent before =*', got: '"team=*"' },
      ],
    },
    {
      rule: { ...slow, slice: 'topic=refund' },
      errors: [{ path: 'slice', expected: 'a slice that some tenant keeps', got: '"topic=refund"' }],
    },
    {
      rule: { ...waiting, slice: 'floor=3' },
      errors: [{ path: 'slice', expected: 'queue | agent | channel | class | topic | priority | skill | shop | intent', got: '"floor=3"' }],
    },
    {
      rule: { name: 'mine', kind: 'deadline', subject: 'agent', states: ['break'], limit: '1m', slice: 'channel=chat' },
      errors: [{ path: 'slice', expected: 'all, or dimensions of agents: agent, queue', got: '"channel=chat"' }],
    },
    {
      rule: { ...waiting, threshold: 3 },
      errors: [{ path: 'threshold', expected: 'nothing: a deadline rule of contacts has no threshold', got: 'number 3' }],
    },
    { rule: { name: 'fcr', limit: '3s' }, errors: [{ path: 'limit', expected: 'nothing: a windowed rule has no limit', got: '"3s"' }] },
    {
      rule: { name: 'fcr', kind: 'deadline' },
      errors: [{ path: 'kind', expected: 'windowed, as in the rule of this name that it changes', got: '"deadline"' }],
    },
    {
      rule: { name: 'silent-source', subject: 'agent' },
      errors: [{ path: 'subject', expected: 'source, as in the rule of this name that it changes', got: '"agent"' }],
    },
    {
      rule: { ...waiting, limit: '1ms' },
      errors: [{ path: 'limit', expected: 'a duration from 1s to 30d, such as 28s, 1h or a number of milliseconds', got: '"1ms"' }],
    },
    {
      rule: { ...waiting, states: ['asleep'] },
      errors: [{ path: 'states.0', expected: expect.stringContaining('break') as string, got: '"asleep"' }],
    },
    {
      rule: { ...waiting, always: true, hours: [{ days: ['mon'], from: '09:00', to: '10:00' }] },
      errors: [{ path: 'always', expected: 'hours or always, not both', got: 'boolean true' }],
    },
    {
      rule: { ...waiting, hours: [{ days: ['mon'], from: '9', to: '10:00' }] },
      errors: [{ path: 'hours.0.from', expected: 'a time from 00:00 to 23:59, in quotes', got: '"9"' }],
    },
    {
      rule: { ...waiting, hours: [{ days: ['mon'], from: '09:00', to: '09:00' }] },
      errors: [{ path: 'hours.0.to', expected: 'another time than from; a whole day is 00:00 to 24:00', got: '"09:00"' }],
    },
    {
      rule: { ...waiting, text: { en: 'wait {vlaue}' } },
      errors: [{ path: 'text.en', expected: expect.stringContaining('{value}') as string, got: '"wait {vlaue}"' }],
    },
    {
      rule: { ...waiting, endpoints: ['flor'] },
      errors: [{ path: 'endpoints.0', expected: 'the name of an endpoint: did you mean floor?', got: '"flor"' }],
    },
    { rule: { ...waiting, labels: { 'a b': 'c' } }, errors: [{ path: 'labels.a b', expected: 'keys: letters, digits and _', got: '"c"' }] },
    { rule: { ...waiting, limt: '3s' }, errors: [{ path: 'limt', expected: 'did you mean limit?', got: 'unknown key' }] },
  ])('$rule.name: $errors', ({ rule, errors }) => {
    const expected = errors.map((error) => ({ ...error, path: `alerts.rules.0.${error.path}` }))
    expect(errorsOf({ endpoints: [floor], rules: [rule] })).toEqual(expected)
  })

  test('all that is wrong with several comes at once, beside what else is wrong', () => {
    const rules = [
      { ...slow, kpi: 'x' },
      { ...waiting, limit: 'long' },
    ]
    const paths = errorsOf({ endpoints: [{ ...floor, kind: 'slack' }], rules }, { tenants: { acme: { timeZone: 'x' } } }).map(
      ({ path }) => path,
    )
    expect(paths.sort()).toEqual(['alerts.endpoints.0.secret', 'alerts.rules.0.kpi', 'alerts.rules.1.limit', 'tenants.acme.timeZone'])
  })

  test('an address of the page may have a path and no query', () => {
    expect(parsed({ publicUrl: 'https://desk.example/pulse/' }).alerts.publicUrl).toBe('https://desk.example/pulse')
    expect(errorsOf({ publicUrl: 'desk.example' })).toMatchObject([{ path: 'alerts.publicUrl' }])
    expect(errorsOf({ publicUrl: 'https://desk.example/?a=b' })).toMatchObject([{ path: 'alerts.publicUrl' }])
  })
})
