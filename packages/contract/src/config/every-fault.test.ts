import { describe, expect, test } from 'vitest'
import { type ConfigError, parseConfig, type ParseConfigOptions } from './index.ts'

function errorsOf(raw: unknown, options: ParseConfigOptions = {}): readonly ConfigError[] {
  const parsed = parseConfig(raw, {}, options)
  return parsed.ok ? [] : parsed.errors
}

const pathsOf = (raw: unknown): readonly string[] => errorsOf(raw).map(({ path }) => path)
const waits = { kind: 'deadline', subject: 'contact', limit: '45s' }
const slow = {
  kind: 'windowed',
  kpi: 'response_time',
  window: '5m',
  comparison: 'above',
  threshold: '30s',
}

describe('a wrong type hides nothing else:', () => {
  test.each([
    {
      rule: 'a KPI, a slice and a range of targets',
      raw: {
        http: { port: 'eighty' },
        tenants: {
          acme: {
            timeZone: 5,
            targets: [
              { kpi: 'respons_time', slice: 'queue', max: [5] },
              { kpi: 'fcr_gross', min: 70 },
            ],
          },
        },
      },
      paths: [
        'http.port',
        'tenants.acme.targets.0.kpi',
        'tenants.acme.targets.0.max',
        'tenants.acme.targets.0.slice',
        'tenants.acme.targets.1.min',
        'tenants.acme.timeZone',
      ],
    },
    {
      rule: 'repeated targets, overrides and thresholds',
      raw: {
        log: { level: 'loud' },
        tenants: {
          acme: {
            fcrWindow: 'soon',
            thresholds: ['30s', 'x', '30s'],
            limitOverrides: [
              { queue: 'a', reply: '5s' },
              { queue: 'a', reply: 'x' },
            ],
            targets: [
              { kpi: 'backlog', max: 5 },
              { kpi: 'backlog', max: 6, min: 'x' },
            ],
          },
        },
      },
      paths: [
        'log.level',
        'tenants.acme.fcrWindow',
        'tenants.acme.limitOverrides.1',
        'tenants.acme.limitOverrides.1.reply',
        'tenants.acme.targets.1',
        'tenants.acme.targets.1.min',
        'tenants.acme.thresholds.1',
        'tenants.acme.thresholds.2',
      ],
    },
    {
      rule: 'names of endpoints, rules and tenants',
      raw: {
        tenants: { acme: 7 },
        alerts: {
          publicUrl: 5,
          endpoints: [
            { name: 'floor', kind: 'webhook', url: 'nowhere', secret: 'plain' },
            { name: 'floor', kind: 'slack', url: 'https://floor.example', tenants: ['acne'] },
          ],
          rules: [
            { ...waits, name: 'vip', limit: 'x', endpoints: ['flor', 5] },
            { ...slow, name: 'vip', kpi: 'respons_time', for: 'x', text: { en: 5, zh: '{x}' } },
          ],
        },
      },
      paths: [
        'alerts.endpoints.0.secret',
        'alerts.endpoints.0.url',
        'alerts.endpoints.1.name',
        'alerts.endpoints.1.tenants.0',
        'alerts.publicUrl',
        'alerts.rules.0.endpoints.0',
        'alerts.rules.0.endpoints.1',
        'alerts.rules.0.limit',
        'alerts.rules.1.for',
        'alerts.rules.1.kpi',
        'alerts.rules.1.name',
        'alerts.rules.1.text.en',
        'alerts.rules.1.text.zh',
        'tenants.acme',
      ],
    },
    {
      rule: 'limits that do not fit together, and hours',
      raw: {
        http: 5,
        ingest: { lingerMs: 'x', inFlightBytesMax: 2_000_000 },
        alerts: { hours: [{ days: 'mon', from: '09:00', to: '09:00' }] },
      },
      paths: [
        'alerts.hours.0.days',
        'alerts.hours.0.to',
        'http',
        'ingest.inFlightBytesMax',
        'ingest.lingerMs',
      ],
    },
    {
      rule: 'rules that no tenant can answer',
      raw: {
        tenants: { acme: { timeZone: 'x' } },
        alerts: {
          rules: [
            {
              ...slow,
              name: 'sixty',
              kpi: 'answered_within_60s_of_due',
              threshold: 0.5,
              slice: 'topic=*',
            },
          ],
        },
      },
      paths: ['alerts.rules.0.kpi', 'alerts.rules.0.slice', 'tenants.acme.timeZone'],
    },
  ])('$rule', ({ raw, paths }) => {
    expect([...pathsOf(raw)].sort()).toEqual(paths)
  })
})

describe('a fault that follows from another one is not told:', () => {
  test.each([
    {
      rule: 'what the file forgets because it is unreadable',
      raw: { alerts: { rules: [{ ...waits, name: 'vip', limit: 5 }] } },
    },
    {
      rule: 'a KPI of a threshold that cannot be read',
      raw: thresholds(['x'], 'answered_within_60s_of_due'),
    },
    {
      rule: 'a slice of dimensions that cannot be read',
      raw: { tenants: { acme: { slices: { dimensions: [5] }, targets: [topic()] } } },
    },
    {
      rule: 'a target whose only end cannot be read',
      raw: { tenants: { acme: { targets: [{ kpi: 'backlog', max: 'x' }] } } },
    },
    {
      rule: 'the kind of a rule whose name cannot be read',
      raw: { alerts: { rules: [{ name: 5, limit: '45s' }] } },
    },
    {
      rule: 'the KPI of a rule whose statistic cannot be read',
      raw: { alerts: { rules: [{ ...slow, name: 'a', kpi: undefined, statistic: 5 }] } },
    },
    {
      rule: 'an endpoint that is there and cannot be used',
      raw: {
        alerts: {
          endpoints: [{ name: 'floor', kind: 'slack', url: 5 }],
          rules: [{ ...waits, name: 'vip', endpoints: ['floor'] }],
        },
      },
    },
    {
      rule: 'an endpoint’s tenant that is there and cannot be read',
      raw: {
        tenants: { acme: { timeZone: 5 } },
        alerts: {
          endpoints: [{ name: 'f', kind: 'slack', url: 'https://f.example', tenants: ['acme'] }],
        },
      },
    },
    {
      rule: 'a tenant’s key in a block that cannot be read',
      raw: { tenants: { acme: { pseudonymise: { key: 5 } } } },
      options: { keysRequired: true },
    },
  ])('$rule', ({ raw, options }) => {
    expect(errorsOf(raw, options)).toHaveLength(1)
  })

  function thresholds(all: unknown, kpi: string): object {
    return { tenants: { acme: { thresholds: all, targets: [{ kpi, min: 0.5 }] } } }
  }
  function topic(): object {
    return { kpi: 'backlog', slice: 'topic=refund', max: 5 }
  }
})

test.each([
  {
    rule: 'limits of the same queue, channel and priority',
    tenant: {
      limitOverrides: [
        { queue: 'a', channel: 'chat', reply: 1 },
        { queue: 'a', reply: 1 },
        { channel: 'chat', queue: 'a', reply: 2 },
      ],
    },
    path: 'limitOverrides.2',
    expected: 'a queue, channel and priority that no other override has',
  },
  {
    rule: 'targets of the same KPI and slice, whatever the order of its parts',
    tenant: {
      slices: { pairs: [['queue', 'channel']] },
      targets: [
        { kpi: 'backlog', max: 5 },
        { kpi: 'backlog', slice: 'queue=a,channel=chat', max: 5 },
        { kpi: 'backlog', slice: 'channel=chat,queue=a', max: 6 },
      ],
    },
    path: 'targets.2',
    expected: 'a KPI and a slice that no other target has',
  },
  {
    rule: 'thresholds',
    tenant: { thresholds: ['30s', '60s', 30_000] },
    path: 'thresholds.2',
    expected: 'a threshold that no other is',
  },
])('$rule may not stand twice', ({ tenant, path, expected }) => {
  expect(errorsOf({ tenants: { acme: tenant } })).toEqual([
    { path: `tenants.acme.${path}`, expected, got: expect.any(String) },
  ])
})

test('of three rules, endpoints or overrides that are the same, both that repeat are named', () => {
  const [rule, endpoint] = [
    { ...waits, name: 'vip' },
    { name: 'floor', kind: 'slack', url: 'https://floor.example' },
  ]
  expect(
    pathsOf({ alerts: { rules: [rule, rule, rule], endpoints: [endpoint, endpoint, endpoint] } }),
  ).toEqual([
    'alerts.endpoints.1.name',
    'alerts.endpoints.2.name',
    'alerts.rules.1.name',
    'alerts.rules.2.name',
  ])
})

describe('a misspelt word gets a hint:', () => {
  test.each([
    { raw: { log: { level: 'wran' } }, path: 'log.level', hint: 'did you mean warn?' },
    {
      raw: { tenants: { acme: { channelClasses: { fax: 'defered' } } } },
      path: 'tenants.acme.channelClasses.fax',
      hint: 'did you mean deferred?',
    },
    {
      raw: { tenants: { acme: { slices: { dimensions: ['quene'] } } } },
      path: 'tenants.acme.slices.dimensions.0',
      hint: 'did you mean queue?',
    },
    {
      raw: { alerts: { rules: [{ name: 'customer-wating', limit: '45s' }] } },
      path: 'alerts.rules.0.name',
      hint: 'did you mean customer-waiting?',
    },
    {
      raw: { alerts: { rules: [{ name: 'ocupancy', enabled: false }] } },
      path: 'alerts.rules.0.name',
      hint: 'did you mean occupancy?',
    },
  ])('$path: $hint', ({ raw, path, hint }) => {
    expect(errorsOf(raw)).toMatchObject([{ path, hint }])
  })
})

describe('the tenants of an endpoint are those that there are:', () => {
  const endpointOf = (...tenants: readonly string[]): object => ({
    name: 'floor',
    kind: 'slack',
    url: 'https://floor.example',
    tenants,
  })
  const alerts = { endpoints: [endpointOf('acme', 'acne', 'demo')] }

  test.each([{ openTenants: true }, { openTenants: false }])(
    'openTenants $openTenants',
    ({ openTenants }) => {
      expect(errorsOf({ openTenants, tenants: { acme: null }, alerts })).toMatchObject([
        {
          path: 'alerts.endpoints.0.tenants.1',
          expected: 'the name of a tenant',
          hint: 'did you mean acme?',
        },
        {
          path: 'alerts.endpoints.0.tenants.2',
          expected: 'the name of a tenant',
          hint: 'name it under tenants',
        },
      ])
    },
  )

  test('beside those of the file there may be others, such as the simulated one', () => {
    expect(
      errorsOf({ tenants: { acme: null }, alerts }, { tenantsBeside: ['demo'] }),
    ).toMatchObject([{ path: 'alerts.endpoints.0.tenants.1' }])
  })
})

describe('where keys are not made, a tenant without one is refused', () => {
  const expected = 'a secret of at least 16 characters, or customersArePseudonyms: true'

  test.each([
    { rule: 'a tenant that says nothing', tenant: null },
    { rule: 'a tenant whose customers are none', tenant: { customersArePseudonyms: false } },
  ])('$rule', ({ tenant }) => {
    expect(errorsOf({ tenants: { acme: tenant } }, { keysRequired: true })).toEqual([
      { path: 'tenants.acme.pseudonymise.key', expected, got: 'missing' },
    ])
    expect(errorsOf({ tenants: { acme: tenant } })).toEqual([])
  })

  test('and so are tenants that the file does not name, who have none', () => {
    const raw = {
      openTenants: true,
      tenants: {
        acme: { customersArePseudonyms: true },
        other: { pseudonymise: { key: 'a key of the tests' } },
      },
    }
    expect(errorsOf(raw, { keysRequired: true })).toEqual([
      {
        path: 'openTenants',
        expected: 'false: tenants that the file does not name have no key',
        got: 'boolean true',
      },
    ])
  })
})

describe('where an error is', () => {
  test('is asked for its path in the file', () => {
    const asked: (readonly PropertyKey[])[] = []
    const lineOf = (path: readonly PropertyKey[]): number => asked.push(path)
    expect(errorsOf({ http: { port: 'x' }, lgo: {} }, { lineOf })).toMatchObject([
      { path: 'http.port', line: 1 },
      { path: 'lgo', line: 2 },
    ])
    expect(asked).toEqual([['http', 'port'], ['lgo']])
  })

  test('is the variable, where the value came from the environment', () => {
    const parsed = parseConfig(
      { http: { port: 1 } },
      { DESKPULSE_HTTP__PORT: 'eighty' },
      { lineOf: () => 7 },
    )
    expect(parsed).toEqual({
      ok: false,
      errors: [
        {
          path: 'http.port',
          expected: 'number',
          got: '"eighty"',
          variable: 'DESKPULSE_HTTP__PORT',
        },
      ],
    })
  })
})
