import { defaultTenantConfig } from '@deskpulse/core/config'
import { describe, expect, test } from 'vitest'
import { configIdOf } from '../entries/index.ts'
import { maskSecrets, parseConfig } from './index.ts'

function errorsOf(raw: unknown, env = {}) {
  const parsed = parseConfig(raw, env)
  return parsed.ok ? [] : parsed.errors
}

function configOf(raw: unknown, env = {}) {
  const parsed = parseConfig(raw, env)
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.errors))
  return parsed.config
}

describe('the file', () => {
  test('may be empty', () => {
    expect(configOf(null)).toMatchObject({
      tenants: {},
      openTenants: false,
      http: { port: 8_080 },
      kafka: { topicPrefix: 'deskpulse' },
    })
  })

  test('a tenant without settings has the defaults', () => {
    expect(configOf({ tenants: { acme: null } }).tenants['acme']!.config).toEqual(
      defaultTenantConfig,
    )
  })

  test('durations are 28s, 1.5h, or milliseconds', () => {
    const { config } = configOf({
      tenants: {
        acme: {
          limits: { live: { firstResponse: '28s', reply: 45_000 } },
          fcrWindow: '72h',
          returnGap: '1.5h',
        },
      },
    }).tenants['acme']!
    expect(config.limits.live).toMatchObject({ firstResponseMs: 28_000, replyMs: 45_000 })
    expect([config.fcrWindowMs, config.returnGapMs]).toEqual([259_200_000, 5_400_000])
    expect(config.limits.voice).toEqual(defaultTenantConfig.limits.voice)
  })

  test('silence signs no agent out unless a duration is given', () => {
    const silenceOf = (agentSilence: unknown) =>
      configOf({ tenants: { acme: { agentSilence } } }).tenants['acme']!.config.agentSilenceMs
    expect([
      defaultTenantConfig.agentSilenceMs,
      silenceOf(undefined),
      silenceOf('never'),
      silenceOf('4h'),
    ]).toEqual([null, null, null, 14_400_000])
  })

  test('sources tell requests, unless it says that they tell threads', () => {
    const sources = { '/mail': { contacts: 'request' }, '/wechat': { contacts: 'thread' } }
    const { config } = configOf({ tenants: { acme: { sources, idleGap: '12h' } } }).tenants['acme']!
    expect(config).toMatchObject({ threadSources: ['/wechat'], idleGapMs: 43_200_000 })
    expect(defaultTenantConfig).toMatchObject({ threadSources: [], idleGapMs: 86_400_000 })
  })

  test('what is typed is frozen', () => {
    expect(
      Object.isFrozen(configOf({ tenants: { acme: {} } }).tenants['acme']!.config.limits),
    ).toBe(true)
  })

  test('all errors come at once, each with its path', () => {
    const raw = {
      tenants: { acme: { timeZone: 'Europe/Rom' }, Bad: {} },
      http: { port: -1 },
      log: { level: 'loud' },
    }
    expect(errorsOf(raw).map((error) => error.path)).toEqual([
      'tenants.acme.timeZone',
      'tenants.Bad',
      'http.port',
      'log.level',
    ])
  })
})

test.each<{ raw: unknown; path: string; expected: string; hint?: string }>([
  {
    raw: { tennants: {} },
    path: 'tennants',
    expected: 'a known key',
    hint: 'did you mean tenants?',
  },
  {
    raw: { tenants: { acme: { timezone: 'UTC' } } },
    path: 'tenants.acme.timezone',
    expected: 'a known key',
    hint: 'did you mean timeZone?',
  },
  {
    raw: { kafka: { xyz: 1 } },
    path: 'kafka.xyz',
    expected: expect.stringContaining('one of brokers, ssl'),
  },
  {
    raw: { tenants: { acme: { fcrWindow: 'soon' } } },
    path: 'tenants.acme.fcrWindow',
    expected: expect.stringContaining('from 1ms to 90d'),
  },
  ...[null, 'off', '2d', 0].map((agentSilence) => ({
    raw: { tenants: { acme: { agentSilence } } },
    path: 'tenants.acme.agentSilence',
    expected: 'never, or a duration from 1s to 1d, such as 28s, 1h or a number of milliseconds',
  })),
  {
    raw: { tenants: { acme: { thresholds: [1_500] } } },
    path: 'tenants.acme.thresholds.0',
    expected: 'whole seconds',
  },
  {
    raw: { tenants: { acme: { targets: [{ kpi: 'response_time' }] } } },
    path: 'tenants.acme.targets.0',
    expected: 'a target with min or max',
  },
  {
    raw: { tenants: { acme: { slices: { pairs: [['queue', 'queue']] } } } },
    path: 'tenants.acme.slices.pairs.0',
    expected: 'two different dimensions',
  },
  ...[0, 100_001, 1.5].map((valuesMax) => ({
    raw: { tenants: { acme: { slices: { valuesMax } } } },
    path: 'tenants.acme.slices.valuesMax',
    expected: valuesMax === 1.5 ? 'integer' : valuesMax === 0 ? '≥ 1' : '≤ 100000',
  })),
  {
    raw: { tenants: { acme: { sources: { '/wechat': { contacts: 'session' } } } } },
    path: 'tenants.acme.sources./wechat.contacts',
    expected: 'request | thread',
  },
  {
    raw: { tenants: { acme: { pseudonymise: { key: 'short' } } } },
    path: 'tenants.acme.pseudonymise.key',
    expected: 'a secret of at least 16 characters',
  },
  {
    raw: { ingest: { inFlightBytesMax: 2_000_000 } },
    path: 'ingest.inFlightBytesMax',
    expected: 'at least ingest.bodyBytesMax',
  },
  { raw: { redis: { url: 'http://x' } }, path: 'redis.url', expected: 'a redis or rediss URL' },
  ...['id.example', 'http://id.example', ''].flatMap((address) => {
    const expected = 'an address of HTTPS'
    const oidc = { issuer: 'https://id.example', clientId: 'desk' }
    return [
      {
        raw: { auth: { mode: 'keys', oidc: { ...oidc, issuer: address } } },
        ...{ path: 'auth.oidc.issuer', expected },
      },
      {
        raw: { auth: { mode: 'keys', oidc: { ...oidc, jwksUri: address } } },
        ...{ path: 'auth.oidc.jwksUri', expected },
      },
    ]
  }),
])('$path: $expected', ({ raw, path, expected, hint }) => {
  expect(errorsOf(raw)).toEqual([
    { path, expected, got: expect.any(String), ...(hint !== undefined && { hint }) },
  ])
})

test('how many values have slices of their own is 20,000 unless the file says otherwise, which changes no other slice setting', () => {
  const tenant = (slices: object): unknown =>
    configOf({ tenants: { acme: { slices } } }).tenants['acme']!.config
  expect(tenant({})).toEqual(defaultTenantConfig)
  expect(tenant({ valuesMax: 50_000 })).toEqual({ ...defaultTenantConfig, sliceValuesMax: 50_000 })
})

test('an error never shows a secret', () => {
  expect(
    JSON.stringify(errorsOf({ tenants: { acme: { pseudonymise: { key: 'hunter2' } } } })),
  ).not.toContain('hunter2')
})

describe('the environment', () => {
  test('stands over the file, by the kind of the key', () => {
    const raw = {
      kafka: { brokers: ['file:1'], topicPrefix: 'kept' },
      tenants: { 'acme-eu': { timeZone: 'UTC' } },
    }
    const config = configOf(raw, {
      DESKPULSE_KAFKA__BROKERS: 'a:9092, b:9093',
      DESKPULSE_KAFKA__SASL__MECHANISM: 'plain',
      DESKPULSE_KAFKA__SASL__USERNAME: 'u',
      DESKPULSE_KAFKA__SASL__PASSWORD: '12345678',
      DESKPULSE_HTTP__PORT: '0',
      DESKPULSE_OPEN_TENANTS: 'true',
      DESKPULSE_TENANTS__ACME_EU__TIME_ZONE: 'Europe/Rome',
      DESKPULSE_TENANTS__ACME_EU__FCR_WINDOW: '1h',
      DESKPULSE_TENANTS__ACME_EU__SLICES__PAIRS: '[["queue","topic"]]',
      DESKPULSE_CONFIG: '/a/file',
      DESKPULSE_API_KEY: 'dp_acme_0',
      DESKPULSE_API_KEY_FILE: '/a/key',
      UNRELATED: 'x',
    })
    expect(config).toMatchObject({
      http: { port: 0 },
      openTenants: true,
      kafka: { brokers: ['a:9092', 'b:9093'], topicPrefix: 'kept' },
    })
    expect(config.kafka.sasl).toEqual({ mechanism: 'plain', username: 'u', password: '12345678' })
    const tenant = config.tenants['acme-eu']!.config
    expect(tenant).toMatchObject({
      timeZone: 'Europe/Rome',
      fcrWindowMs: 3_600_000,
      slices: { pairs: [['queue', 'topic']] },
    })
  })

  test.each([
    ['DESKPULSE_KAFKA__BROKRS', 'did you mean DESKPULSE_KAFKA__BROKERS?'],
    ['DESKPULSE_HTTP__PORT__X', undefined],
    ['DESKPULSE_API_KEYS', undefined],
    ['DESKPULSE_OPENTENANTS', 'did you mean DESKPULSE_OPEN_TENANTS?'],
  ])('%s names no key', (name, hint) => {
    expect(errorsOf({}, { [name]: '1' })).toMatchObject([
      { path: name, expected: 'a variable of a known key', ...(hint !== undefined && { hint }) },
    ])
  })

  test('a value of the wrong kind is an error of its key', () => {
    expect(errorsOf({}, { DESKPULSE_HTTP__PORT: 'eighty' })).toMatchObject([
      { path: 'http.port', got: '"eighty"' },
    ])
  })
})

test('what is printed shows no key, password, secret or address of a chat robot', () => {
  const config = configOf({
    tenants: { acme: { pseudonymise: { key: 'HIDDEN-HIDDEN-HIDDEN' } } },
    kafka: { sasl: { mechanism: 'plain', username: 'shown', password: 'HIDDEN' } },
    redis: { url: 'redis://shown:HIDDEN@a:1,shown:HIDDEN@b:2', cluster: true },
    alerts: {
      publicUrl: 'https://desk.example/shown',
      endpoints: [
        { name: 'floor', kind: 'slack', url: 'https://hooks.example/HIDDEN?k=HIDDEN' },
        {
          name: 'one',
          kind: 'webhook',
          url: 'https://one.example:8443/HIDDEN',
          secret: `whsec_${'HIDDEN'.repeat(6)}`,
        },
        {
          name: 'two',
          kind: 'webhook',
          url: 'https://two.example',
          secrets: [`whsec_${'HIDDEN'.repeat(6)}`, `whsec_${'HIDDEN'.repeat(8)}`],
        },
        {
          name: 'robot',
          kind: 'dingtalk',
          url: 'https://robot.example/?access_token=HIDDEN',
          secret: 'SECHIDDEN',
        },
      ],
    },
  })
  const printed = JSON.stringify(maskSecrets(config))
  expect(printed).not.toContain('HIDDEN')
  expect(printed.match(/shown/g)).toHaveLength(4)
  for (const host of ['hooks.example', 'one.example:8443', 'two.example', 'robot.example'])
    expect(printed).toContain(`https://${host}/***`)
})

test('equal configurations have equal ids, whatever the order of keys', () => {
  const one = configOf({
    tenants: {
      acme: { timeZone: 'Europe/Rome', channelClasses: { wechat: 'live', fax: 'deferred' } },
    },
  })
  const other = configOf({
    tenants: {
      acme: { channelClasses: { fax: 'deferred', wechat: 'live' }, timeZone: 'Europe/Rome' },
    },
  })
  const ids = [one, other].map((config) => configIdOf(config.tenants['acme']!.config))
  expect(ids[0]).toBe(ids[1])
  expect(ids[0]).not.toBe(configIdOf(defaultTenantConfig))
})

test.each([
  { url: 'redis://user:a:b@host:6379/0', printed: 'redis://user:***@host:6379/0' },
  { url: 'redis://:a@b@host:6379', printed: 'redis://:***@host:6379' },
  { url: 'redis://u:p@a:1,redis://u:q@b:2', printed: 'redis://u:***@a:1,redis://u:***@b:2' },
])('the password of $url is hidden whole', ({ url, printed }) => {
  expect(maskSecrets({ redis: { url } } as unknown as Parameters<typeof maskSecrets>[0])).toEqual({
    redis: { url: printed },
  })
})
