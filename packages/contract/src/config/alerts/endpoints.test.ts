import { describe, expect, test } from 'vitest'
import { errorsOf, floor, parsed, secret } from './alerts.test-support.ts'

const outside = { name: 'outside', kind: 'heartbeat', url: 'https://hc.example/1' }
const alertmanager = { name: 'on-call', kind: 'alertmanager', url: 'http://am.example:9093' }
const wecom = { name: 'wecom', kind: 'wecom', url: 'https://wecom.example/send?key=k' }

describe('endpoints', () => {
  test.each([
    {
      endpoint: floor,
      is: { secrets: [floor.secret], language: 'en', tenants: null, severityMin: 'info' },
    },
    {
      endpoint: { ...floor, secret: undefined, secrets: [secret(24), secret(64)] },
      is: { secrets: [secret(24), secret(64)] },
    },
    { endpoint: { ...floor, secret: secret(32).replace(/=+$/, '') }, is: { kind: 'webhook' } },
    {
      endpoint: {
        name: 'wecom',
        kind: 'wecom',
        url: 'https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=k',
      },
      is: { language: 'zh', secrets: [] },
    },
    {
      endpoint: {
        name: 'ding',
        kind: 'dingtalk',
        url: 'https://oapi.dingtalk.com/robot/send?access_token=t',
        secret: 'SECabc',
      },
      is: { language: 'zh', secrets: ['SECabc'] },
    },
    {
      endpoint: {
        name: 'ding',
        kind: 'dingtalk',
        url: 'https://oapi.dingtalk.com/robot/send?access_token=t',
      },
      is: { secrets: [] },
    },
    {
      endpoint: {
        name: 'feishu',
        kind: 'feishu',
        url: 'https://open.feishu.cn/open-apis/bot/v2/hook/x',
        language: 'both',
      },
      is: { language: 'both' },
    },
    {
      endpoint: {
        name: 'am',
        kind: 'alertmanager',
        url: 'http://alerts.example:9093',
        severity: 'critical',
      },
      is: { language: 'en', severityMin: 'critical' },
    },
    { endpoint: { ...floor, secret: undefined }, is: { secrets: [] } },
    { endpoint: floor, is: { alerts: true, closedPeriods: [], appeals: false } },
    {
      endpoint: { ...floor, alerts: false, closedPeriods: ['month', 'day', 'day'] },
      is: { alerts: false, closedPeriods: ['day', 'month'] },
    },
    { endpoint: { ...floor, alerts: false, appeals: true }, is: { alerts: false, appeals: true } },
    { endpoint: { ...wecom, alerts: false, appeals: true }, is: { alerts: false, appeals: true } },
    {
      endpoint: { name: 'outside', kind: 'heartbeat', url: 'https://hc.example/1' },
      is: { alerts: false },
    },
    { endpoint: { ...floor, tenants: ['acme'] }, is: { tenants: ['acme'] } },
  ])('$endpoint.kind $is', ({ endpoint, is }) => {
    expect(
      parsed({ endpoints: [endpoint] }, { tenants: { acme: {} } }).alerts.endpoints[0],
    ).toMatchObject(is)
  })

  const webhookSecret = 'whsec_ and the base64 of 24 to 64 bytes'
  test.each([
    {
      endpoint: { ...floor, kind: 'fax' },
      path: 'kind',
      expected: 'webhook | wecom | dingtalk | feishu | slack | teams | alertmanager | heartbeat',
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
    {
      endpoint: { ...floor, secret: secret(23) },
      path: 'secret',
      expected: webhookSecret,
      got: 'text of 38 characters',
    },
    {
      endpoint: { ...floor, secret: secret(65) },
      path: 'secret',
      expected: webhookSecret,
      got: 'text of 94 characters',
    },
    {
      endpoint: { ...floor, secret: undefined, secrets: [secret(32), 'other'] },
      path: 'secrets.1',
      expected: webhookSecret,
      got: 'text of 5 characters',
    },
    {
      endpoint: { ...floor, secrets: [secret(32)] },
      path: 'secrets',
      expected: 'secret or secrets, not both',
      got: 'array of 1',
    },
    {
      endpoint: { ...floor, kind: 'slack' },
      path: 'secret',
      expected: 'no secret: slack has none',
      got: 'text of 50 characters',
    },
    {
      endpoint: { ...floor, kind: 'feishu', secret: undefined, secrets: ['x'] },
      path: 'secrets',
      expected: 'secret: a robot of feishu has one',
      got: 'array of 1',
    },
    {
      endpoint: { name: 'outside', kind: 'heartbeat', url: 'https://hc.example/1', secret: 'xy' },
      path: 'secret',
      expected: 'no secret: heartbeat has none',
      got: 'text of 2 characters',
    },
    {
      endpoint: {
        name: 'outside',
        kind: 'heartbeat',
        url: 'https://hc.example/1',
        severity: 'critical',
      },
      path: 'severity',
      expected: 'no severity: a heartbeat is told of no alert',
      got: '"critical"',
    },
    {
      endpoint: { ...outside, alerts: true },
      path: 'alerts',
      expected: 'no alerts: a heartbeat is told of no alert',
      got: 'boolean true',
    },
    {
      endpoint: { ...wecom, closedPeriods: ['day'] },
      path: 'closedPeriods',
      expected: 'no closedPeriods: a webhook alone is told of them',
      got: 'array of 1',
    },
    {
      endpoint: { ...wecom, alerts: false },
      path: 'appeals',
      expected: 'appeals: it is told of nothing else',
      got: 'missing',
    },
    {
      endpoint: { ...wecom, alerts: false, appeals: false },
      path: 'appeals',
      expected: 'appeals: it is told of nothing else',
      got: 'boolean false',
    },
    {
      endpoint: { ...alertmanager, appeals: true },
      path: 'appeals',
      expected: 'no appeals: alertmanager is told of alerts alone',
      got: 'boolean true',
    },
    {
      endpoint: { ...alertmanager, alerts: false },
      path: 'alerts',
      expected: 'no alerts: alertmanager is told of nothing else',
      got: 'boolean false',
    },
    {
      endpoint: { ...floor, alerts: false },
      path: 'closedPeriods',
      expected: 'closedPeriods or appeals: it is told of nothing else',
      got: 'missing',
    },
    {
      endpoint: { ...floor, alerts: false, closedPeriods: ['fortnight'] },
      path: 'closedPeriods.0',
      expected: 'hour | day | week | month | quarter | year',
      got: '"fortnight"',
    },
    {
      endpoint: { ...floor, alerts: false, closedPeriods: ['day'], severity: 'critical' },
      path: 'severity',
      expected: 'no severity: it is told of no alert',
      got: '"critical"',
    },
    {
      endpoint: { ...floor, language: 'de' },
      path: 'language',
      expected: 'en | zh | both',
      got: '"de"',
    },
    {
      endpoint: { ...floor, severity: 'grave' },
      path: 'severity',
      expected: 'info | warning | critical',
      got: '"grave"',
    },
    {
      endpoint: { ...floor, tenants: ['acme', 'acne'] },
      path: 'tenants.1',
      expected: 'the name of a tenant',
      got: '"acne"',
      hint: 'did you mean acme?',
    },
    {
      endpoint: { ...floor, secrett: 'x' },
      path: 'secrett',
      expected: 'a known key',
      got: 'unknown key',
      hint: 'did you mean secret?',
    },
  ])('$path: $expected, not $got', ({ endpoint, path, ...error }) => {
    expect(errorsOf({ endpoints: [endpoint] }, { tenants: { acme: {} } })).toEqual([
      { path: `alerts.endpoints.0.${path}`, ...error },
    ])
  })

  test.each([outside, { ...floor, name: 'outside', alerts: false, closedPeriods: ['day'] }])(
    'a rule cannot name $kind that is told of no alert',
    (silent) => {
      const rules = [{ name: 'customer-waiting', endpoints: ['floor', 'outside'] }]
      expect(errorsOf({ endpoints: [floor, silent], rules })).toEqual([
        {
          path: 'alerts.rules.0.endpoints.1',
          expected: 'the name of an endpoint that is told of alerts',
          got: '"outside"',
        },
      ])
    },
  )

  test('have names of their own', () => {
    expect(errorsOf({ endpoints: [floor, floor] })).toEqual([
      { path: 'alerts.endpoints.1.name', expected: 'a name that no other has', got: '"floor"' },
    ])
  })
})
