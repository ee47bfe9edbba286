import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { secretPlaces } from '../testing/index.ts'
import { type Environment, maskSecrets, parseConfig } from './index.ts'

const canary = 'CANARY-that-nobody-may-see'
const places = secretPlaces()

const shouted = (key: string): string =>
  key.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()
const variableOf = (place: string): string =>
  `DESKPULSE_${place.replace('*', 'acme').split('.').map(shouted).join('__')}`

/** `{ redis: { password: value } }`; any name is `acme`, any list has one entry. */
function fileWith(place: string, value: unknown): unknown {
  return place.split('.').reduceRight((inner, key, at, all) => {
    if (key !== '*') return { [key]: inner }
    return all[at - 1] === 'tenants' ? { acme: inner } : [inner]
  }, value)
}

test('the secrets of the configuration are those that are known, and no new one goes unseen', () => {
  const tls = (block: string) => ['ca', 'cert', 'key'].map((key) => `${block}.${key}`)
  expect(places).toEqual(
    expect.arrayContaining([
      'tenants.*.pseudonymise.key',
      'alerts.endpoints.*.url',
      'alerts.endpoints.*.secret',
      'alerts.endpoints.*.secrets.*',
      'alerts.endpoints.*.token',
      ...tls('alerts.endpoints.*.tls'),
      ...tls('kafka.ssl'),
      'kafka.sasl.password',
      'kafka.sasl.clientSecret',
      'redis.url',
      'redis.password',
      ...tls('redis.tls'),
      'redis.sentinel.password',
      ...tls('redis.sentinel.tls'),
    ]),
  )
})

describe.each(places)('%s', (place) => {
  /** What is printed, of whatever configuration: of errors, or of one that can be used. */
  function printed(raw: unknown, env: Environment = {}): string {
    const parsed = parseConfig(raw, env, { readFile: () => canary })
    return JSON.stringify(parsed.ok ? maskSecrets(parsed.config) : parsed.errors)
  }

  test('is in no error and no print, however it is said', () => {
    expect(printed(fileWith(place, canary))).not.toContain(canary)
    expect(printed(fileWith(place, [canary]))).not.toContain(canary)
    expect(printed(fileWith(place, { file: canary }))).not.toContain(canary)
    expect(printed(fileWith(place, { file: 'name' }))).not.toContain(canary)
    expect(printed({}, { [variableOf(place)]: canary })).not.toContain(canary)
    expect(printed({}, { [`${variableOf(place)}_FILE`]: 'name' })).not.toContain(canary)
    expect(printed(fileWith(place, { wrong: canary }))).not.toContain(canary)
  })

  test('is hidden when a configuration is printed that can be used', () => {
    const text = place.endsWith('url') ? `redis://${canary}:${canary}@host/${canary}` : canary
    const config = fileWith(place, text) as Parameters<typeof maskSecrets>[0]
    const shown = JSON.stringify(maskSecrets(config))
    if (place === 'redis.url') expect(shown).not.toContain(`:${canary}`)
    else expect(shown).not.toContain(canary)
    expect(shown).toContain('***')
  })

  test('is in no error where it stands in the place of a block around it', () => {
    const parts = place.split('.')
    for (let length = 1; length < parts.length; length += 1)
      expect(printed(fileWith(parts.slice(0, length).join('.'), canary))).not.toContain(canary)
  })

  test('may be in a file, whose name an error does not tell', () => {
    const parsed = parseConfig(
      fileWith(place, { file: canary }),
      {},
      {
        readFile: () => {
          throw Object.assign(new Error(canary), { code: 'ENOENT' })
        },
      },
    )
    const path = place.replace('tenants.*', 'tenants.acme').replaceAll('*', '0')
    const errors = parsed.ok ? [] : parsed.errors
    expect(errors).toContainEqual({ path, expected: 'a file that can be read', got: 'ENOENT' })
    expect(JSON.stringify(errors)).not.toContain(canary)
  })
})

describe('a secret in a file', () => {
  const texts: Readonly<Record<string, string>> = { '/run/a': 'from a\n', '/run/b': 'from b\r\n' }
  const readFile = (name: string): string => texts[name] ?? ''
  const configOf = (raw: unknown, env: Environment = {}) => {
    const parsed = parseConfig(raw, env, { readFile })
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.errors))
    return parsed.config
  }

  test('is read without the line break at its end', () => {
    expect(configOf({ redis: { password: { file: '/run/a' } } }).redis.password).toBe('from a')
  })

  test('may be named by a variable, which stands over the file', () => {
    const env = {
      DESKPULSE_REDIS__PASSWORD_FILE: '/run/b',
      DESKPULSE_KAFKA__SASL__MECHANISM: 'oauthbearer',
      DESKPULSE_KAFKA__SASL__TOKEN_URL: 'https://id.example/token',
      DESKPULSE_KAFKA__SASL__CLIENT_ID: 'deskpulse',
      DESKPULSE_KAFKA__SASL__CLIENT_SECRET_FILE: '/run/a',
    }
    const { redis, kafka } = configOf({ redis: { password: 'of the file' } }, env)
    expect(redis.password).toBe('from b')
    expect(kafka.sasl).toEqual({
      mechanism: 'oauthbearer',
      tokenUrl: 'https://id.example/token',
      clientId: 'deskpulse',
      clientSecret: 'from a',
    })
  })

  test('is not named by two variables at once', () => {
    const parsed = parseConfig(
      {},
      { DESKPULSE_REDIS__PASSWORD: 'one', DESKPULSE_REDIS__PASSWORD_FILE: '/run/a' },
      { readFile },
    )
    expect(parsed).toMatchObject({
      ok: false,
      errors: [{ path: 'DESKPULSE_REDIS__PASSWORD_FILE', expected: 'one of the two' }],
    })
  })

  test('is one of those that are secret: another key has no file', () => {
    const parsed = parseConfig({}, { DESKPULSE_HTTP__PORT_FILE: '/run/a' }, { readFile })
    expect(parsed).toMatchObject({ ok: false, errors: [{ path: 'DESKPULSE_HTTP__PORT_FILE' }] })
  })
})

describe('TLS', () => {
  const errorsOf = (raw: unknown, env: Environment = {}) => {
    const parsed = parseConfig(raw, env)
    return parsed.ok ? [] : parsed.errors.map(({ path, expected }) => `${path}: ${expected}`)
  }
  const key = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({
    format: 'pem',
    type: 'pkcs8',
  })

  test('is switched on by a word, or by its members, whatever the order of the variables', () => {
    const env = { DESKPULSE_KAFKA__SSL__SERVERNAME: 'kafka.example', DESKPULSE_KAFKA__SSL: 'true' }
    const parsed = parseConfig({ redis: { tls: true } }, env)
    expect(parsed).toMatchObject({
      ok: true,
      config: { redis: { tls: {} }, kafka: { ssl: { servername: 'kafka.example' } } },
    })
    expect(parseConfig({ kafka: { ssl: false } })).toMatchObject({ ok: true })
  })

  test('takes no half of a pair, no pair that is none, and no text that is no PEM', () => {
    expect(errorsOf({ kafka: { ssl: { key } } })).toEqual(['kafka.ssl: cert and key, or neither'])
    expect(errorsOf({ redis: { tls: { key, cert: key } } })).toEqual([
      'redis.tls: a certificate and its own key, which no passphrase protects',
    ])
    expect(errorsOf({ redis: { tls: { ca: '/etc/ca.pem' } } })).toEqual([
      'redis.tls.ca: PEM: its text, or the file that holds it',
    ])
    expect(errorsOf({ kafka: { ssl: { caa: 'x' } } })).toEqual(['kafka.ssl.caa: a known key'])
  })

  test('a Redis has sentinels or is a cluster', () => {
    const sentinel = { nodes: ['a:26379'], master: 'm' }
    expect(errorsOf({ redis: { sentinel } })).toEqual([])
    expect(errorsOf({ redis: { sentinel, cluster: true } })).toEqual([
      'redis.sentinel: sentinel or cluster, not both',
    ])
  })

  test('members of one SASL mechanism are not those of another', () => {
    const sasl = { mechanism: 'oauthbearer', username: 'u', password: 'p' }
    expect(errorsOf({ kafka: { sasl } }).toSorted()).toEqual([
      'kafka.sasl.clientId: string',
      'kafka.sasl.clientSecret: string',
      'kafka.sasl.password: one of mechanism, tokenUrl, clientId, clientSecret, scope',
      'kafka.sasl.tokenUrl: string',
      'kafka.sasl.username: one of mechanism, tokenUrl, clientId, clientSecret, scope',
    ])
  })

  test.each(['10.0.0.0/8', '::1', 'fd00::/8', '192.0.2.1'])('%s may be a proxy', (range) => {
    expect(errorsOf({ http: { trustProxy: [range] } })).toEqual([])
  })
  test.each(['10.0.0.0/33', 'proxy', '::/129', '1.2.3'])('%s is no proxy', (range) => {
    expect(errorsOf({ http: { trustProxy: [range] } })).toEqual([
      'http.trustProxy.0: an address, or a range such as 10.0.0.0/8',
    ])
  })
})

describe('who sends to an endpoint', () => {
  const endpoint = { name: 'floor', kind: 'webhook', url: 'https://floor.example' }
  const errorsOf = (more: object) => {
    const parsed = parseConfig({ alerts: { endpoints: [{ ...endpoint, ...more }] } })
    return parsed.ok ? [] : parsed.errors.map(({ path, expected }) => `${path}: ${expected}`)
  }

  test('is known by a token or a certificate to programs, over https alone', () => {
    expect(errorsOf({ token: 'abc', tls: {} })).toEqual([])
    expect(errorsOf({ kind: 'alertmanager', token: 'abc' })).toEqual([])
    expect(errorsOf({ url: 'http://floor.example', token: 'abc' })).toEqual([
      'alerts.endpoints.0.url: an https URL: it has token',
    ])
    expect(errorsOf({ kind: 'slack', token: 'abc', tls: {} })).toEqual([
      'alerts.endpoints.0.token: no token: slack has none',
      'alerts.endpoints.0.tls: no tls: slack has none',
    ])
    expect(errorsOf({ token: 'Bearer abc' })).toEqual([
      'alerts.endpoints.0.token: a bearer token, without "Bearer"',
    ])
  })
})
