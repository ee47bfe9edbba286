import { localSite, testServer } from '@deskpulse/runtime/testing'
import { realTimer, topicNames } from '@deskpulse/stream'
import { describe, expect, onTestFinished, test } from 'vitest'
import { openAccess } from '../access.ts'
import { sessionRoutes } from '../session/routes.ts'
import { accessLog } from '../testing/access-log.ts'
import { createKey, type NewKey } from './keys.ts'
import { keyRoutes } from './routes.ts'

type Key = { readonly id: string; readonly key: string }
type Listed = { readonly id: string; readonly status: string; readonly name: string }

async function world(mode: 'open' | 'keys' = 'keys') {
  const access = await openAccess({
    auth: { mode, sessionSecret: 'x'.repeat(32), sessionLasts: 3_600_000 },
    http: { requestsPerMinute: { key: 100_000, address: 100_000 } },
    ...{ site: localSite, log: await accessLog(), topics: topicNames() },
    ...{ timer: realTimer, nowMs: Date.now, onFailure: () => {} },
  })
  const app = await testServer(undefined, undefined, undefined, access.guard)
  await app.register((routes) => sessionRoutes(routes, access))
  await app.register((routes) =>
    keyRoutes(routes, { ...access, nowMs: Date.now, knows: (tenant) => tenant !== 'nobody' }),
  )
  onTestFinished(async () => {
    await app.close()
    await access.stop()
  })
  const of = async (asked: NewKey) =>
    (await createKey(access.keys, asked, { by: 'the test', atMs: Date.now() })).text
  const all = await of({ name: 'root', tenant: null, scopes: ['admin'] })
  const admin = await of({ name: 'Li', tenant: 'acme', scopes: ['admin'] })
  const ask = (method: 'GET' | 'POST' | 'DELETE', url: string, key: string, payload?: object) =>
    app.inject({
      ...{ method, url, headers: { authorization: `Bearer ${key}` } },
      ...(payload && { payload }),
    })
  const cookieOf = (header: string | string[] | undefined): string =>
    [header].flat().join().split(';')[0] ?? ''
  const withCookie = (url: string, cookie: string) => app.inject({ url, headers: { cookie } })
  return { app, all, admin, ask, cookieOf, withCookie }
}

describe('keys', () => {
  test.each([
    { of: 'the installation', base: '/v1/keys', who: 'all', tenant: null },
    { of: 'a tenant', base: '/v1/tenants/acme/keys', who: 'admin', tenant: 'acme' },
    { of: 'any tenant', base: '/v1/tenants/globex/keys', who: 'all', tenant: 'globex' },
  ] as const)('of $of are made, listed, used and revoked', async ({ base, who, tenant }) => {
    const at = await world()
    const by = at[who]
    const body = { name: 'reporting', scopes: ['read', 'board'], expiresIn: '1h' }
    const made = await at.ask('POST', base, by, body)
    expect(made.statusCode).toBe(201)
    const { id, key } = made.json<Key>()
    expect(made.json()).toMatchObject({
      ...{ tenant, name: 'reporting', scopes: ['read', 'board'], status: 'valid' },
      ...{ createdBy: who === 'all' ? 'root' : 'Li' },
    })
    const listed = await at.ask('GET', base, by)
    expect(listed.body).not.toContain(key.slice(-64))
    expect(listed.json<{ keys: Listed[] }>().keys.map((one) => one.name)).toContain('reporting')
    expect((await at.ask('GET', '/v1/session', key)).json()).toEqual({
      ...{ mode: 'keys', name: 'reporting', scopes: ['read', 'board'] },
      tenants: tenant === null ? null : [tenant],
    })
    expect((await at.ask('DELETE', `${base}/${id}`, by)).statusCode).toBe(204)
    expect((await at.ask('GET', '/v1/session', key)).json()).toMatchObject({
      ...{ code: 'unauthorized', detail: 'the key was revoked' },
    })
    expect((await at.ask('DELETE', `${base}/${id}`, by)).statusCode).toBe(204)
  })

  test('are revoked only where they are', async () => {
    const { ask, all, admin } = await world()
    const body = { name: 'x', scopes: ['read'] }
    const { id } = (await ask('POST', '/v1/keys', all, body)).json<Key>()
    for (const [url, by] of [
      [`/v1/tenants/acme/keys/${id}`, admin],
      [`/v1/tenants/acme/boards/${id}`, admin],
      ['/v1/keys/000000000000', all],
    ] as const)
      expect((await ask('DELETE', url, by)).json()).toMatchObject({ code: 'unknown-key' })
  })

  test.each([
    { rule: 'no scope', body: { name: 'x', scopes: [] }, path: '/scopes' },
    { rule: 'a scope that there is not', body: { name: 'x', scopes: ['root'] }, path: '/scopes/0' },
    { rule: 'no name', body: { scopes: ['read'] }, path: '/name' },
    {
      rule: 'no time to live',
      body: { name: 'x', scopes: ['read'], expiresIn: '0s' },
      path: '/expiresIn',
    },
  ])('with $rule are not made', async ({ body, path }) => {
    const { ask, all } = await world()
    const { statusCode, body: text } = await ask('POST', '/v1/keys', all, body)
    expect(statusCode).toBe(400)
    expect(JSON.parse(text)).toMatchObject({ errors: [{ path }] })
  })

  test('are of tenants that there are', async () => {
    const { ask, all } = await world()
    const answer = await ask('POST', '/v1/tenants/nobody/keys', all, {
      name: 'x',
      scopes: ['read'],
    })
    expect(answer.json()).toMatchObject({ code: 'unknown-tenant' })
  })
})

test('the link of a board opens its page with a session that may look, until it is revoked', async () => {
  const { app, ask, admin, cookieOf, withCookie } = await world()
  const made = await ask('POST', '/v1/tenants/acme/boards', admin, { name: 'hall', lang: 'zh' })
  const { id, link } = made.json<{ id: string; link: string }>()
  const opened = await app.inject(link)
  expect(opened.statusCode).toBe(303)
  expect(opened.headers.location).toBe('/?tenant=acme&lang=zh')
  const cookie = cookieOf(opened.headers['set-cookie'])
  expect(String(opened.headers['set-cookie'])).toMatch(/HttpOnly.*SameSite=Strict/i)
  expect((await withCookie('/v1/session', cookie)).json()).toMatchObject({ scopes: ['board'] })
  expect((await withCookie('/v1/tenants/acme/boards', cookie)).statusCode).toBe(403)
  const boards = (await ask('GET', '/v1/tenants/acme/boards', admin)).json<{ boards: Listed[] }>()
  expect(boards.boards).toMatchObject([{ id, name: 'hall', page: '/?tenant=acme&lang=zh' }])
  const keys = (await ask('GET', '/v1/tenants/acme/keys', admin)).json<{ keys: Listed[] }>()
  expect(keys.keys.map((one) => one.id)).not.toContain(id)
  expect((await ask('DELETE', `/v1/tenants/acme/boards/${id}`, admin)).statusCode).toBe(204)
  expect((await withCookie('/v1/session', cookie)).statusCode).toBe(401)
  expect((await app.inject(link)).statusCode).toBe(404)
})

test('a key that is no board opens none', async () => {
  const { app, admin } = await world()
  expect((await app.inject(`/boards/${admin}`)).json()).toMatchObject({ code: 'unknown-key' })
})

test('a session begins with a key, and is forgotten at its end', async () => {
  const { app, ask, admin, cookieOf, withCookie } = await world()
  expect((await app.inject({ method: 'POST', url: '/v1/session' })).statusCode).toBe(401)
  const begun = await ask('POST', '/v1/session', admin)
  const cookie = cookieOf(begun.headers['set-cookie'])
  expect((await withCookie('/v1/tenants/acme/keys', cookie)).statusCode).toBe(200)
  const ended = await app.inject({ method: 'DELETE', url: '/v1/session', headers: { cookie } })
  expect(ended.statusCode).toBe(204)
  expect([ended.headers['set-cookie']].flat().join()).toMatch(/deskpulse=;/)
})

test('neither a session nor what is no key begins another session', async () => {
  const { app, ask, admin, cookieOf } = await world()
  const begun = await ask('POST', '/v1/session', admin)
  const cookie = cookieOf(begun.headers['set-cookie'])
  const again = await app.inject({ method: 'POST', url: '/v1/session', headers: { cookie } })
  expect([again.statusCode, again.headers['set-cookie']]).toEqual([403, undefined])
})

test('wrong keys of boards are few', async () => {
  const { app, ask, admin } = await world()
  const made = await ask('POST', '/v1/tenants/acme/boards', admin, { name: 'hall' })
  const wrong = made.json<{ link: string }>().link.replace(/.{64}$/, 'f'.repeat(64))
  const statuses: number[] = []
  for (let n = 0; n < 31; n += 1) statuses.push((await app.inject(wrong)).statusCode)
  expect(statuses.slice(-2)).toEqual([404, 429])
})

test('where nobody is asked, no key is made that would be valid later', async () => {
  const { app } = await world('open')
  for (const url of ['/v1/keys', '/v1/tenants/acme/keys', '/v1/tenants/acme/boards']) {
    const payload = { name: 'x', ...(!url.endsWith('boards') && { scopes: ['admin'] }) }
    expect((await app.inject({ method: 'POST', url, payload })).json()).toMatchObject({
      code: 'forbidden',
    })
  }
})

test('a change in a session that another site asks for is refused', async () => {
  const { app, ask, admin, cookieOf } = await world()
  const begun = await ask('POST', '/v1/session', admin)
  const cookie = cookieOf(begun.headers['set-cookie'])
  const answer = await app.inject({
    ...{ method: 'POST', url: '/v1/tenants/acme/keys', payload: { name: 'x', scopes: ['admin'] } },
    headers: { cookie, 'sec-fetch-site': 'cross-site' },
  })
  expect(answer.json()).toMatchObject({ code: 'cross-site' })
})
