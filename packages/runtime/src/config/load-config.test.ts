import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { selfSigned } from '../../../../tests/support/certificate.ts'
import { ConfigurationError, loadConfig } from './load-config.ts'

const folder = mkdtempSync(join(tmpdir(), 'deskpulse-config-'))
afterAll(() => rmSync(folder, { recursive: true }))

function fileOf(text: string): string {
  const file = join(folder, 'deskpulse.yaml')
  writeFileSync(file, text)
  return file
}

function errorOf(load: () => unknown): ConfigurationError {
  try {
    load()
  } catch (error) {
    if (error instanceof ConfigurationError) return error
    throw error
  }
  throw new Error('the configuration was accepted')
}

describe('a configuration', () => {
  test('without a file has its defaults, and is frozen through', () => {
    const config = loadConfig({ file: null, env: {}, start: 'service' })
    expect(config.http.port).toBe(8_080)
    expect(Object.isFrozen(config) && Object.isFrozen(config.http)).toBe(true)
  })

  test('is the file under the environment', () => {
    const file = fileOf(
      'http: { port: 1234, host: 0.0.0.0 }\nauth: { mode: open }\ntenants: { acme: { timeZone: Europe/Rome } }',
    )
    const env = {
      DESKPULSE_HTTP__PORT: '4321',
      DESKPULSE_TENANTS__ACME__PSEUDONYMISE__KEY: 'a secret of the tests',
      HOME: '/',
    }
    const config = loadConfig({ file, env, start: 'service' })
    expect(config.http).toMatchObject({ port: 4_321, host: '0.0.0.0', hosts: [] })
    expect(config.tenants['acme']?.config.timeZone).toBe('Europe/Rome')
  })

  test('of the embedded start takes its defaults only where the file says nothing', () => {
    const loaded = (text: string) => loadConfig({ file: fileOf(text), env: {}, start: 'embedded' })
    expect(loaded('# empty')).toMatchObject({ openTenants: true, log: { level: 'warn' } })
    expect(loaded('{ openTenants: false, log: { level: info } }')).toMatchObject({
      openTenants: false,
      log: { level: 'info' },
    })
  })

  test('may leave keys out where they are made: in the embedded start alone', () => {
    const file = fileOf('tenants: { acme: }')
    expect(
      loadConfig({ file, env: {}, start: 'embedded' }).tenants['acme']?.pseudonymise,
    ).toBeNull()
    const { errors } = errorOf(() => loadConfig({ file, env: {}, start: 'service' }))
    expect(errors).toMatchObject([
      { path: 'tenants.acme.pseudonymise.key', got: 'missing', line: 1 },
    ])
  })

  test('of the embedded start may tell an endpoint of the simulated tenant alone', () => {
    const file = fileOf(
      'alerts: { endpoints: [{ name: floor, kind: slack, url: "https://f.example", tenants: [demo] }] }',
    )
    expect(loadConfig({ file, env: {}, start: 'embedded' }).alerts.endpoints[0]?.tenants).toEqual([
      'demo',
    ])
    expect(errorOf(() => loadConfig({ file, env: {}, start: 'service' })).errors).toMatchObject([
      { path: 'alerts.endpoints.0.tenants.0' },
    ])
  })
})

describe('a refused configuration', () => {
  test('names every error with its path', () => {
    const file = fileOf(
      'http: { port: 70000 }\ntenants: { acme: { timeZone: Mars/Olympus } }\nkafak: {}',
    )
    const error = errorOf(() => loadConfig({ file, env: {}, start: 'embedded' }))
    expect(error.errors.map(({ path }) => path).toSorted()).toEqual([
      'http.port',
      'kafak',
      'tenants.acme.timeZone',
    ])
    for (const { path } of error.errors) expect(error.message).toContain(`\n  ${path}: expected `)
  })

  test.each([
    { rule: 'is no YAML', text: 'a: [', expected: 'YAML' },
    { rule: 'is no mapping', text: '- a', expected: 'object' },
  ])('$rule', ({ text, expected }) => {
    expect(
      errorOf(() => loadConfig({ file: fileOf(text), env: {}, start: 'service' })).errors,
    ).toMatchObject([{ path: '', expected }])
  })

  test('names a file that is not there', () => {
    const error = errorOf(() =>
      loadConfig({ file: join(folder, 'missing.yaml'), env: {}, start: 'service' }),
    )
    expect(error.message).toContain('missing.yaml')
    expect(error.errors).toMatchObject([{ got: 'ENOENT' }])
  })

  test('names the line of each error: of its key, or of the block that lacks it', () => {
    const text = `
      tenants:
        acme: &shared
          timeZone: Mars/Olympus
          customersArePseudonyms: true
          targets:
            - { kpi: response_time, max: 30s }
            - kpi: fcr_gross
              min: 70
        other: *shared
        third:
      lgo: {}`
    const { errors, message } = errorOf(() =>
      loadConfig({ file: fileOf(text), env: {}, start: 'service' }),
    )
    expect(errors.map(({ path, line }) => `${path} ${line}`).sort()).toEqual([
      'lgo 12',
      'tenants.acme.targets.1.min 9',
      'tenants.acme.timeZone 4',
      'tenants.other.targets.1.min 9',
      'tenants.other.timeZone 4',
      'tenants.third.pseudonymise.key 11',
    ])
    expect(message).toContain(
      '\n  lgo: expected a known key; got unknown key; did you mean log? (line 12)',
    )
  })

  test('names each place where the file is no YAML', () => {
    const { errors } = errorOf(() =>
      loadConfig({ file: fileOf('a: 1\na: 2\nb: 1\nb: 2'), env: {}, start: 'service' }),
    )
    expect(errors).toMatchObject([
      { path: '', expected: 'YAML', got: 'Map keys must be unique', line: 2 },
      { path: '', expected: 'YAML', got: 'Map keys must be unique', line: 4 },
    ])
  })

  test('names the variable that a wrong value came from', () => {
    const { message } = errorOf(() =>
      loadConfig({
        file: fileOf('http: { port: 1 }'),
        env: { DESKPULSE_HTTP__PORT: 'x' },
        start: 'service',
      }),
    )
    expect(message).toContain('\n  http.port (DESKPULSE_HTTP__PORT): expected number; got "x"')
    expect(message).not.toContain('line')
  })
})

describe('files beside the configuration', () => {
  const write = (name: string, text: string): string => {
    const file = join(folder, name)
    writeFileSync(file, text)
    return file
  }

  test('hold its secrets', () => {
    const password = write('password', 'of a file\n')
    const key = write('key', 'a key of sixteen characters\n')
    const { redis, tenants } = loadConfig({
      file: fileOf(`{ tenants: { acme: { pseudonymise: { key: { file: ${key} } } } } }`),
      env: { DESKPULSE_REDIS__PASSWORD_FILE: password },
      start: 'service',
    })
    expect(redis.password).toBe('of a file')
    expect(tenants['acme']?.pseudonymise?.key).toBe('a key of sixteen characters')
  })

  test('of the server are looked at before it starts', () => {
    const [one, other] = [selfSigned({ hosts: ['a'] }), selfSigned({ hosts: ['b'] })]
    const cert = write('cert.pem', one.cert)
    const tls = (files: object) =>
      fileOf(JSON.stringify({ tenants: {}, http: { tls: { cert, ...files } } }))
    const errors = (files: object) =>
      errorOf(() => loadConfig({ file: tls(files), env: {}, start: 'service' })).errors
    expect(errors({ key: join(folder, 'none') })).toMatchObject([
      { path: 'http.tls.key', expected: 'a file that can be read', got: 'ENOENT' },
    ])
    expect(errors({ key: write('other.pem', other.key), ca: cert })).toMatchObject([
      { path: 'http.tls.key', expected: 'the key of the certificate, without a passphrase' },
    ])
    const key = write('key.pem', one.key)
    expect(errors({ key, ca: key })).toMatchObject([{ path: 'http.tls.ca' }])
    expect(
      loadConfig({ file: tls({ key, ca: cert }), env: {}, start: 'service' }).http.tls,
    ).toEqual({ cert, key, ca: cert })
  })

  test('a password that YAML takes for an alias is not repeated', () => {
    const file = fileOf('redis: { password: *CANARY }')
    const { message } = errorOf(() => loadConfig({ file, env: {}, start: 'service' }))
    expect(message).toContain('Unresolved alias')
    expect(message).not.toContain('CANARY')
  })
})

test.each([
  { nests: 'lists', text: '['.repeat(3_000) },
  { nests: 'maps', text: '{a: '.repeat(3_000) },
  { nests: 'lists of lines', text: `a:\n  ${'- '.repeat(10_000)}` },
  { nests: 'keys', text: '? '.repeat(10_000) },
  { nests: 'lists, and goes on', text: `${'- '.repeat(10_000)}a: b\nc: d` },
  { nests: 'values', text: `${': '.repeat(10_000)}\na: b` },
])('a file that nests too deep is an error of the file: $nests', ({ text }) => {
  const { errors } = errorOf(() => loadConfig({ file: fileOf(text), env: {}, start: 'service' }))
  expect(errors[0]).toMatchObject({ path: '', expected: 'YAML' })
})

describe('a server that other machines reach', () => {
  const errorOf = (text: string, start: 'embedded' | 'service'): string => {
    try {
      loadConfig({ file: fileOf(text), env: {}, start })
      return ''
    } catch (error) {
      return error instanceof ConfigurationError ? error.message : String(error)
    }
  }

  test.each([
    { by: 'its address', text: 'http: { host: 0.0.0.0 }' },
    { by: 'an address of the network', text: 'http: { host: 10.1.2.3 }' },
    { by: 'a proxy', text: 'http: { trustProxy: [127.0.0.1] }' },
    { by: 'its public address', text: "alerts: { publicUrl: 'https://pulse.example.com' }" },
  ])('by $by must say whom it lets in', ({ text }) => {
    for (const start of ['embedded', 'service'] as const) {
      expect(errorOf(text, start)).toContain('auth.mode: expected keys or open')
      expect(errorOf(`${text}\nauth: { mode: open }`, start)).toBe('')
    }
    expect(errorOf(`${text}\nauth: { mode: keys }`, 'embedded')).toBe('')
    expect(errorOf(`${text}\nauth: { mode: keys }`, 'service')).toContain('auth.sessionSecret')
  })

  test.each(['http: { host: localhost }', "alerts: { publicUrl: 'http://127.0.0.1:8082' }"])(
    'is not the one with %s',
    (text) => {
      expect(errorOf(text, 'service')).toBe('')
    },
  )
})
