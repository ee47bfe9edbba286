import type { Scope } from '@deskpulse/contract'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { describe, expect, onTestFinished, test } from 'vitest'
import { testServer } from '../../testing/index.ts'
import { type Authenticated, type Authenticator, openGuard } from './guard.ts'
import type { Principal } from './principal.ts'
import { toAnyone, toHolder, toInstallation, toTenant } from './route-access.ts'

const holder = (tenants: Principal['tenants'], ...scopes: readonly Scope[]): Principal => ({
  ...{ id: scopes.join(), name: 'Li' },
  ...{ tenants, scopes: new Set(scopes) },
})
const acme = new Set(['acme'])

/** A request says in `x-who` which of these it is from. */
const known: Readonly<Record<string, Authenticated>> = {
  board: holder(acme, 'board'),
  reader: holder(acme, 'read'),
  source: holder(acme, 'ingest'),
  supervisor: holder(acme, 'read', 'alerts'),
  admin: holder(acme, 'admin'),
  'other reader': holder(new Set(['globex']), 'read'),
  'reader of all': holder('all', 'read'),
  'admin of all': holder('all', 'admin'),
  wrong: 'there is no such key',
}
const authenticator: Authenticator = {
  brings: () => 'key',
  recognise: ({ headers }) => known[String(headers['x-who'])] ?? null,
  verify: () => Promise.reject(new Error('all are recognised')),
}

async function guarded(
  limits = openGuard.requestsPerMinute,
  by: Authenticator | null = authenticator,
): Promise<FastifyInstance> {
  const guard = { ...openGuard, authenticator: by, requestsPerMinute: limits }
  const app = await testServer(undefined, undefined, undefined, guard)
  onTestFinished(() => app.close())
  const answer = ({ principal }: { readonly principal: Principal }): object => ({
    by: principal.name,
  })
  await app.register(async (routes) => {
    routes.get('/anyone', { schema: { access: toAnyone } }, answer)
    routes.get('/holder', { schema: { access: toHolder('board') } }, answer)
    routes.get('/v1/tenants/:tenant/kpis', { schema: { access: toTenant('board') } }, answer)
    routes.get('/v1/tenants/:tenant/cards', { schema: { access: toTenant('read') } }, answer)
    routes.post('/v1/tenants/:tenant/events', { schema: { access: toTenant('ingest') } }, answer)
    routes.get('/endpoints', { schema: { access: toInstallation('read') } }, answer)
    routes.get('/undeclared', answer)
  })
  return app
}

const cards = '/v1/tenants/acme/cards'
const kpis = '/v1/tenants/acme/kpis'
const events = '/v1/tenants/acme/events'

describe('a request', () => {
  test.each([
    { who: 'nobody', url: '/anyone', status: 200 },
    { who: 'wrong', url: '/anyone', status: 200 },
    { who: 'nobody', url: '/holder', status: 401 },
    { who: 'wrong', url: '/holder', status: 401 },
    { who: 'board', url: '/holder', status: 200 },
    { who: 'source', url: '/holder', status: 403 },
    { who: 'board', url: kpis, status: 200 },
    { who: 'board', url: cards, status: 403 },
    { who: 'reader', url: kpis, status: 200 },
    { who: 'reader', url: cards, status: 200 },
    { who: 'reader', url: events, status: 403 },
    { who: 'supervisor', url: events, status: 403 },
    { who: 'source', url: events, status: 200 },
    { who: 'source', url: cards, status: 403 },
    { who: 'admin', url: events, status: 200 },
    { who: 'other reader', url: cards, status: 404 },
    { who: 'other reader', url: events, status: 404 },
    { who: 'reader of all', url: cards, status: 200 },
    { who: 'reader', url: '/endpoints', status: 403 },
    { who: 'admin', url: '/endpoints', status: 403 },
    { who: 'reader of all', url: '/endpoints', status: 200 },
    { who: 'reader of all', url: '/undeclared', status: 403 },
    { who: 'admin', url: '/undeclared', status: 403 },
    { who: 'admin of all', url: '/undeclared', status: 200 },
    { who: 'nobody', url: '/nowhere', status: 404 },
  ])('of $who to $url is answered $status', async ({ who, url, status }) => {
    const app = await guarded()
    const method = url.endsWith('/events') ? 'POST' : 'GET'
    const answer = await app.inject({ method, url, headers: { 'x-who': who } })
    expect(answer.statusCode).toBe(status)
  })
})

test('a tenant of others and one that there is not are answered alike', async () => {
  const app = await guarded()
  const ask = (tenant: string) =>
    app.inject({ url: `/v1/tenants/${tenant}/cards`, headers: { 'x-who': 'reader' } })
  const [theirs, none] = [await ask('globex'), await ask('no-such-tenant')]
  expect(theirs.json()).toEqual(none.json())
  expect(theirs.json()).toMatchObject({ code: 'unknown-tenant' })
})

test('a request that is not let through says how it may be, and no body of it is read', async () => {
  const app = await guarded()
  const answer = await app.inject({
    ...{ method: 'POST', url: events, payload: '{', headers: { 'content-type': 'nothing/known' } },
  })
  expect(answer.statusCode).toBe(401)
  expect(answer.headers['www-authenticate']).toBe('Bearer realm="deskpulse"')
})

test('where nobody is asked, everything is let through, and nobody has a name', async () => {
  const app = await guarded(undefined, null)
  expect((await app.inject('/undeclared')).json()).toEqual({ by: null })
  expect((await app.inject({ method: 'POST', url: events })).statusCode).toBe(200)
})

describe('requests of a minute', () => {
  const limits = { key: 3, address: 2 }
  const statusesOf = async (url: string, ...who: readonly string[]): Promise<number[]> => {
    const app = await guarded(limits)
    const statuses: number[] = []
    for (const one of who)
      statuses.push((await app.inject({ url, headers: { 'x-who': one } })).statusCode)
    return statuses
  }

  test('of a key are counted by the key', async () => {
    const readers = Array.from({ length: 4 }, () => 'reader')
    expect(await statusesOf(cards, ...readers, 'supervisor')).toEqual([200, 200, 200, 429, 200])
  })

  test('without a key are counted by the address', async () => {
    expect(await statusesOf(cards, 'nobody', 'nobody', 'nobody', 'reader')).toEqual([
      ...[401, 401, 429, 200],
    ])
    expect(await statusesOf('/anyone', 'nobody', 'nobody', 'nobody')).toEqual([200, 200, 429])
  })

  test('with what is known to be wrong are counted by the address', async () => {
    expect(await statusesOf(cards, 'wrong', 'wrong', 'wrong', 'reader')).toEqual([
      ...[401, 401, 429, 200],
    ])
  })

  test('past their limit say when to come again', async () => {
    const app = await guarded({ key: 1, address: 1 })
    const ask = () => app.inject({ url: cards, headers: { 'x-who': 'reader' } })
    await ask()
    const { headers, body } = await ask()
    expect(Number(headers['retry-after'])).toBeGreaterThan(2)
    expect(JSON.parse(body)).toMatchObject({ code: 'rate-limited' })
  })
})

test('keys that must be verified are not, from an address that erred too often', async () => {
  let verified = 0
  const slow: Authenticator = {
    brings: () => 'key',
    recognise: () => undefined,
    verify: () => {
      verified += 1
      return Promise.resolve('there is no such key')
    },
  }
  const app = await guarded(undefined, slow)
  for (let n = 0; n < 40; n += 1) await app.inject(cards)
  expect(verified).toBe(30)
})

describe('a request that takes long', () => {
  const askedTwice = async (
    changing: Authenticator | null,
    change: () => void,
  ): Promise<unknown> => {
    const app = await guarded(undefined, changing)
    const twice = async (request: FastifyRequest): Promise<readonly boolean[]> => {
      const before = await request.isStillLetIn()
      change()
      return [before, await request.isStillLetIn()]
    }
    await app.register(async (routes) => {
      routes.get('/long', { schema: { access: toHolder('ingest') } }, (request) => twice(request))
    })
    return (await app.inject('/long')).json()
  }

  test('learns that its key is over', async () => {
    let of: Authenticated = holder(acme, 'ingest')
    const changing: Authenticator = { ...authenticator, recognise: () => of }
    expect(await askedTwice(changing, () => (of = 'the key was revoked'))).toEqual([true, false])
  })

  test.each([
    { rule: 'is not let in any more', then: 'the session is over', isLetIn: false },
    { rule: 'brings nothing any more', then: null, isLetIn: false },
    { rule: 'still is', then: holder(acme, 'ingest'), isLetIn: true },
  ])('is verified where it is not recognised, and $rule', async ({ then, isLetIn }) => {
    let of: Authenticated = holder(acme, 'ingest')
    const changing: Authenticator = {
      ...{ brings: () => 'session', recognise: () => undefined, verify: async () => of },
    }
    expect(await askedTwice(changing, () => (of = then))).toEqual([true, isLetIn])
  })

  test('is asked nothing where nobody is', async () => {
    expect(await askedTwice(null, () => {})).toEqual([true, true])
  })

  test('that is recognised is told at once', async () => {
    const answers: unknown[] = []
    const app = await guarded()
    app.get('/long', { schema: { access: toHolder('board') } }, (request) => {
      answers.push(request.isStillLetIn())
      return {}
    })
    await app.inject({ url: '/long', headers: { 'x-who': 'board' } })
    expect(answers).toEqual([true])
  })
})
