import { stringify } from 'yaml'

/** A configuration with something in every block. */
export const configuration = {
  openTenants: false,
  http: {
    ...{ host: '127.0.0.1', port: 8_080, hosts: ['desk.example'], trustProxy: ['10.0.0.0/8'] },
    ...{ corsOrigins: ['https://tools.example'], requestsPerMinute: { key: 1_000, address: 600 } },
  },
  auth: {
    ...{ mode: 'keys', sessionSecret: 'a secret of the tests, long enough', sessionLasts: '8h' },
    oidc: {
      ...{ issuer: 'https://id.example/realm', clientId: 'deskpulse', audience: 'deskpulse' },
      ...{ roles: { viewer: ['desk'], admin: ['root'] }, claims: { roles: 'realm_access.roles' } },
    },
  },
  ingest: { bodyBytesMax: 1_000_000, inFlightBytesMax: 2_000_000, lingerMs: '5ms' },
  kafka: {
    brokers: ['127.0.0.1:9092'],
    sasl: { mechanism: 'plain', username: 'u', password: 'p' },
  },
  redis: { url: 'redis://127.0.0.1:6379', sentinel: { nodes: ['a:1'], master: 'm' } },
  tenants: {
    acme: {
      ...{ timeZone: 'Europe/Rome', thresholds: ['30s', '60s'] },
      channelClasses: { fax: 'deferred' },
      limits: { live: { reply: '30s' } },
      limitOverrides: [{ queue: 'vip', reply: '10s' }],
      targets: [{ kpi: 'answered_within_60s_of_due', slice: 'topic=refund', min: 0.8 }],
      slices: {
        dimensions: ['queue', 'topic'],
        pairs: [['queue', 'channel']],
        values: { topic: ['refund'] },
      },
      calendars: {
        office: {
          hours: [{ days: ['mon'], from: '09:00', to: '18:00' }],
          publicHolidays: ['us-2026'],
        },
      },
      ...{ calendar: 'office', pseudonymise: { key: 'a secret of the tests' } },
      sources: { '/crm': { contacts: 'request' } },
    },
    other: { customersArePseudonyms: true },
  },
  alerts: {
    publicUrl: 'https://desk.example',
    hours: [{ days: ['mon'], from: '09:00', to: '18:00' }],
    endpoints: [
      { name: 'floor', kind: 'webhook', url: 'https://floor.example', tenants: ['acme'] },
      {
        name: 'ding',
        kind: 'dingtalk',
        url: 'https://ding.example',
        secret: 'SEC',
        severity: 'critical',
      },
    ],
    rules: [
      { name: 'customer-waiting', limit: '45s', endpoints: ['floor'], labels: { team: 'night' } },
      {
        ...{
          name: 'slow',
          kind: 'windowed',
          kpi: 'response_time',
          statistic: 'p90',
          slice: 'queue=*',
        },
        ...{ window: '15m', comparison: 'above', threshold: '60s', text: { en: '{value}' } },
      },
    ],
  },
  log: { level: 'warn' },
}

export const configurationText = stringify(configuration)

export const environment: Readonly<Record<string, string>> = {
  DESKPULSE_HTTP__PORT: '8080',
  DESKPULSE_HTTP__TRUST_PROXY: '10.0.0.0/8,127.0.0.1',
  DESKPULSE_AUTH__MODE: 'keys',
  DESKPULSE_AUTH__SESSION_SECRET_FILE: '/run/secrets/session',
  DESKPULSE_REDIS__URL: 'rediss://user:word@redis.example:6380/1',
  DESKPULSE_KAFKA__SASL: '{"mechanism":"plain","username":"u","password":"p"}',
  DESKPULSE_TENANTS__ACME__TIME_ZONE: 'Asia/Shanghai',
  DESKPULSE_TENANTS__ACME__LIMITS: '{"live":{"reply":"30s"}}',
  DESKPULSE_ALERTS__ENDPOINTS: '[{"name":"a","kind":"slack","url":"https://a.example"}]',
}
