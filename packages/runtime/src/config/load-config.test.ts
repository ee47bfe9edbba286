import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
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
    const config = loadConfig({ file: null, env: {} })
    expect(config.http.port).toBe(8_080)
    expect(Object.isFrozen(config) && Object.isFrozen(config.http)).toBe(true)
  })

  test('is the file under the environment', () => {
    const file = fileOf('http: { port: 1234, host: 0.0.0.0 }\ntenants: { acme: { timeZone: Europe/Rome } }')
    const config = loadConfig({ file, env: { DESKPULSE_HTTP__PORT: '4321', HOME: '/' } })
    expect(config.http).toEqual({ port: 4_321, host: '0.0.0.0' })
    expect(config.tenants['acme']?.config.timeZone).toBe('Europe/Rome')
  })

  test("takes a service's own default only where the file says nothing", () => {
    const defaults = { openTenants: true }
    expect(loadConfig({ file: fileOf('# empty'), env: {}, defaults }).openTenants).toBe(true)
    expect(loadConfig({ file: fileOf('openTenants: false'), env: {}, defaults }).openTenants).toBe(false)
  })
})

describe('a refused configuration', () => {
  test('names every error with its path', () => {
    const file = fileOf('http: { port: 70000 }\ntenants: { acme: { timeZone: Mars/Olympus } }\nkafak: {}')
    const error = errorOf(() => loadConfig({ file, env: {} }))
    expect(error.errors.map(({ path }) => path).toSorted()).toEqual(['http.port', 'kafak', 'tenants.acme.timeZone'])
    for (const { path } of error.errors) expect(error.message).toContain(`\n  ${path}: expected `)
  })

  test.each([
    { rule: 'is no YAML', text: 'a: [', expected: 'YAML' },
    { rule: 'is no mapping', text: '- a', expected: 'object' },
  ])('$rule', ({ text, expected }) => {
    expect(errorOf(() => loadConfig({ file: fileOf(text), env: {} })).errors).toMatchObject([{ path: '', expected }])
  })

  test('names a file that is not there', () => {
    const error = errorOf(() => loadConfig({ file: join(folder, 'missing.yaml'), env: {} }))
    expect(error.message).toContain('missing.yaml')
    expect(error.errors).toMatchObject([{ got: 'ENOENT' }])
  })
})
