import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { includesScope, type Scope, scopes } from '@deskpulse/contract'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { makeKeys } from './testing/keys.ts'
import { workbench } from './testing/product.ts'

type Operation = {
  readonly operationId: string
  readonly security: readonly Readonly<Record<string, readonly Scope[]>>[]
}
type Asked = { readonly method: string; readonly path: string; readonly operation: Operation }

const bench = workbench()
afterAll(() => bench[Symbol.asyncDispose]())

let address = ''
let keys: Readonly<Record<string, string>> = {}
let operations: readonly Asked[] = []

/** Objects of globex, by what stands in a path; others have an id of the right form. */
let theirs: Readonly<Record<string, string>> = {}

const forms: Readonly<Record<string, string>> = {
  alertId: '0'.repeat(32),
  id: '0'.repeat(12),
  name: 'customer-waiting',
  kind: 'quality-reviews',
  agent: 'a-1',
  card: 'default',
  period: '2026-03',
  appeal: 'appeal-1',
  key: 'none',
}

const urlOf = (path: string, tenant: string, ids = forms): string =>
  path.replaceAll(/\{(\w+)\}/g, (_all, name: string) => {
    const value = name === 'tenant' ? tenant : (ids[name] ?? forms[name])
    if (value === undefined) throw new Error(`${path}: what is ${name}?`)
    return encodeURIComponent(value)
  })

async function ask(method: string, url: string, key: string | null, body?: object) {
  const response = await fetch(new URL(url, address), {
    method,
    redirect: 'manual',
    headers: {
      ...(key !== null && { authorization: `Bearer ${key}` }),
      ...(body && { 'content-type': 'application/json' }),
    },
    ...(body && { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  const isProblem = response.headers.get('content-type')?.includes('problem+json') ?? false
  const code = isProblem ? (JSON.parse(text) as { code: string }).code : null
  return { status: response.status, code, text }
}

const scopeOf = ({ operation: { security } }: Asked): Scope | null =>
  Object.values(security[0] ?? {})[0]?.[0] ?? null
const isOfTenant = ({ path }: Asked): boolean => path.includes('{tenant}')
/** A change that is asked for with what no change can be made of. */
const bodyOf = ({ method }: Asked): object | undefined =>
  method === 'POST' || method === 'PUT' ? {} : undefined

const event = (tenant: string) => ({
  ...{ specversion: '1.0', id: `e-${tenant}`, source: '/test', tenant },
  ...{ type: 'deskpulse.contact.opened.v1', time: new Date().toISOString() },
  data: { contactId: 'c-1', channel: 'chat', queue: 'billing' },
})

beforeAll(async () => {
  const tenant = (name: string) =>
    Object.fromEntries(
      scopes.map((scope) => [`${name} ${scope}`, { tenant: name, scopes: [scope] }]),
    )
  const wanted = { ...tenant('acme'), ...tenant('globex'), all: { tenant: null, scopes } }
  keys = await makeKeys(bench.dataDir, wanted)
  const config = join(bench.dataDir, 'deskpulse.yaml')
  writeFileSync(config, 'auth: { mode: keys }\ntenants: { acme: {}, globex: {} }\n')
  address = await bench.start('--no-simulator', '--config', config).ready()
  const document = (await (await fetch(`${address}openapi.json`)).json()) as {
    readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  }
  operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      ...{ method: method.toUpperCase(), path, operation },
    })),
  )
  for (const name of ['acme', 'globex']) {
    const url = `/v1/tenants/${name}/events`
    expect(await ask('POST', url, keys[`${name} ingest`]!, event(name))).toMatchObject({
      status: 202,
    })
  }
  const matchers = [{ on: 'rule', value: 'none' }]
  const silence = { author: 'Li', comment: 'x', matchers, duration: '2h' }
  const silenced = await ask('POST', '/v1/tenants/globex/silences', keys['globex alerts']!, silence)
  expect(silenced.status).toBe(201)
  theirs = { ...forms, id: (JSON.parse(silenced.text) as { id: string }).id }
}, 60_000)

/** What changes because time passes. */
const passing = /\/(?:kpis\/live|waiting|intraday)$/

/** All that the admin of globex can read, without instants. */
async function stateOfGlobex(): Promise<readonly string[]> {
  const reads = operations.filter(
    (one) => one.method === 'GET' && isOfTenant(one) && !passing.test(one.path),
  )
  const answers: string[] = []
  for (const { path } of reads) {
    const { text } = await ask('GET', urlOf(path, 'globex'), keys['globex admin']!)
    answers.push(`${path} ${text.replaceAll(/"\d{4}-\d\d-\d\dT[^"]*"/g, '"…"')}`)
  }
  return answers
}

test('whatever is asked of another tenant is answered 404, as if there were none, and changes nothing', async () => {
  const before = await stateOfGlobex()
  const reached: string[] = []
  for (const asked of operations.filter(isOfTenant)) {
    for (const ids of [forms, theirs]) {
      const { method, path } = asked
      const foreign = await ask(
        method,
        urlOf(path, 'globex', ids),
        keys['acme admin']!,
        bodyOf(asked),
      )
      const none = await ask(
        method,
        urlOf(path, 'no-such', ids),
        keys['acme admin']!,
        bodyOf(asked),
      )
      if (foreign.code !== 'unknown-tenant' || foreign.text !== none.text)
        reached.push(`${method} ${path}: ${foreign.status} ${foreign.text}`)
    }
  }
  expect(reached).toEqual([])
  expect(operations.filter(isOfTenant).length).toBeGreaterThan(30)
  expect(await stateOfGlobex()).toEqual(before)
})

test('an object of another tenant is none under the own name either', async () => {
  const before = await stateOfGlobex()
  const made = async (what: string, body: object): Promise<string> => {
    const { text } = await ask('POST', `/v1/tenants/globex/${what}`, keys['globex admin']!, body)
    return (JSON.parse(text) as { id: string }).id
  }
  const ids = [theirs['id']!, await made('keys', { name: 'x', scopes: ['read'] })]
  ids.push(await made('boards', { name: 'hall' }))
  const reached: string[] = []
  const named = operations.filter((one) => isOfTenant(one) && one.path.includes('{id}'))
  for (const asked of named) {
    for (const id of ids) {
      const url = urlOf(asked.path, 'acme', { ...forms, id })
      const { status, text } = await ask(asked.method, url, keys['acme admin']!)
      if (status !== 404 && status !== 400)
        reached.push(`${asked.method} ${url}: ${status} ${text}`)
    }
  }
  expect(reached).toEqual([])
  expect(named.length).toBeGreaterThan(2)
  expect(await stateOfGlobex()).not.toEqual(before) // What was made is there, and valid.
  const listed = await ask('GET', '/v1/tenants/globex/keys', keys['globex admin']!)
  expect(listed.text).not.toContain('"status":"revoked"')
})

test('what concerns the installation is refused to every key of a tenant', async () => {
  const open: string[] = []
  const whole = operations.filter((one) => !isOfTenant(one) && scopeOf(one) !== null)
  const forAnyTenant = ['listKpis', 'getSession', 'beginSession']
  for (const asked of whole) {
    if (forAnyTenant.includes(asked.operation.operationId)) continue
    const { method, path } = asked
    const { status } = await ask(method, urlOf(path, ''), keys['acme admin']!, bodyOf(asked))
    if (status !== 403) open.push(`${method} ${path}: ${status}`)
  }
  expect(open).toEqual([])
})

describe('without a key', () => {
  test('whatever has a scope is answered 401, and the rest are few', async () => {
    const open: string[] = []
    for (const asked of operations) {
      const { method, path } = asked
      const { status } = await ask(method, urlOf(path, 'acme'), null, bodyOf(asked))
      if ((status === 401) !== (scopeOf(asked) !== null)) open.push(`${method} ${path}: ${status}`)
    }
    expect(open).toEqual([])
    const free = operations.filter((one) => scopeOf(one) === null)
    expect(free.map(({ operation }) => operation.operationId).toSorted()).toEqual([
      ...['endSession', 'getLiveness', 'getReadiness', 'openBoard'],
    ])
  })

  test.each(['/wallboard/tenants.json', '/alerts/places.json', '/import/places.json', '/metrics'])(
    '%s is answered 401',
    async (url) => {
      expect((await ask('GET', url, null)).status).toBe(401)
    },
  )
})

test.each(scopes)('a key of the scope %s may do what needs it, and nothing else', async (scope) => {
  const wrong: string[] = []
  for (const asked of operations.filter(isOfTenant)) {
    const { method, path } = asked
    const { status } = await ask(method, urlOf(path, 'acme'), keys[`acme ${scope}`]!, bodyOf(asked))
    const may = includesScope(new Set([scope]), scopeOf(asked)!)
    if ((status === 403) === may || status === 401) wrong.push(`${method} ${path}: ${status}`)
  }
  expect(wrong).toEqual([])
})

test('pages list the tenants of whoever asks, and no others', async () => {
  const tenantsOf = async (url: string, key: string): Promise<string[]> =>
    (JSON.parse((await ask('GET', url, keys[key]!)).text) as { tenants: string[] }).tenants
  await expect.poll(() => tenantsOf('/wallboard/tenants.json', 'all')).toEqual(['acme', 'globex'])
  expect(await tenantsOf('/wallboard/tenants.json', 'acme board')).toEqual(['acme'])
  expect(await tenantsOf('/alerts/places.json', 'acme read')).toEqual(['acme'])
  expect(await tenantsOf('/import/places.json', 'acme ingest')).toEqual(['acme'])
})
