import type { AuditEntry } from '@deskpulse/contract'
import type { FastifyInstance } from 'fastify'
import { expect, onTestFinished, test } from 'vitest'
import { testServer } from '../../testing/index.ts'
import type { Operation } from '../route-schema.ts'
import type { Change } from './changes.ts'
import { openGuard } from './guard.ts'
import type { Principal } from './principal.ts'
import { toHolder } from './route-access.ts'

const operation: Operation = {
  ...{ id: 'putRule', tag: { name: 'rules', description: 'Rules.' }, summary: 'A rule' },
  ...{ access: toHolder('alerts'), changes: 'rule.put', problems: ['log-unavailable'] },
  answers: { 204: { description: 'It is so' } },
}
const li: Principal = {
  ...{ id: '0123456789ab', name: 'Li', tenants: 'all', scopes: new Set(['alerts'] as const) },
}

type World = { readonly app: FastifyInstance; readonly written: AuditEntry[] }

async function world(
  change: Change | null,
  principal: Principal | null = null,
  failing: Error | null = null,
): Promise<World> {
  const written: AuditEntry[] = []
  const authenticator = {
    brings: () => 'key' as const,
    recognise: () => principal,
    verify: async () => principal,
  }
  const app = await testServer(undefined, undefined, undefined, {
    ...openGuard,
    authenticator: principal && authenticator,
    audit: async (entry) => {
      if (failing !== null) throw failing
      written.push(entry)
    },
  })
  onTestFinished(() => app.close())
  await app.register(async (routes) => {
    for (const url of ['/v1/tenants/:tenant/rules', '/v1/rules'])
      routes.put(url, { schema: { operation } }, async (request, reply) => {
        await request.changed(change)
        return reply.code(204).send()
      })
  })
  return { app, written }
}

const put = ({ app }: World, url: string, headers: Readonly<Record<string, string>> = {}) =>
  app.inject({ method: 'PUT', url, headers, remoteAddress: '10.0.0.7' })

test('a change is taken down with who made it, from where, and of whose tenant', async () => {
  const made = await world({ object: 'r-1', before: { limit: 1 }, after: { limit: 2 } }, li)
  const response = await put(made, '/v1/tenants/acme/rules', { 'user-agent': 'x'.repeat(300) })
  expect(response.statusCode).toBe(204)
  expect(made.written).toEqual([
    {
      ...{ id: expect.stringMatching(/^[0-9a-f-]{36}$/) as string, action: 'rule.put' },
      who: { id: '0123456789ab', name: 'Li' },
      from: { address: '10.0.0.7', userAgent: 'x'.repeat(200) },
      ...{ tenant: 'acme', object: 'r-1', before: { limit: 1 }, after: { limit: 2 } },
    },
  ])
})

type Bearing = {
  readonly rule: string
  readonly principal?: Principal
  readonly who: AuditEntry['who']
  readonly change?: Partial<Change>
}
test.each<Bearing>([
  { rule: 'a typed name, where nobody is asked', who: { id: 'everybody', name: 'Wang' } },
  { rule: 'the name of the key, whatever is typed', principal: li, who: { id: li.id, name: 'Li' } },
  {
    ...{ rule: 'what the change itself says', principal: li, who: { id: 'x', name: null } },
    change: { who: { id: 'x', name: null } },
  },
])('it bears $rule', async ({ principal = null, who, change = {} }) => {
  const made = await world({ object: 'r-1', author: 'Wang', ...change }, principal)
  await put(made, '/v1/rules')
  expect(made.written).toMatchObject([{ who, before: null, after: null }])
})

type Of = {
  readonly url: string
  readonly change?: Partial<Change>
  readonly tenant: string | null
}
test.each<Of>([
  { url: '/v1/rules', tenant: null },
  { url: '/v1/tenants/_installation/rules', tenant: null },
  { url: '/v1/rules', change: { tenant: 'acme' }, tenant: 'acme' },
])('it is of the tenant $tenant at $url', async ({ url, change = {}, tenant }) => {
  const made = await world({ object: 'r-1', ...change })
  await put(made, url)
  expect(made.written).toMatchObject([{ tenant, from: { userAgent: 'lightMyRequest' } }])
})

test('what was so already is no change', async () => {
  const made = await world(null, li)
  expect((await put(made, '/v1/rules')).statusCode).toBe(204)
  expect(made.written).toEqual([])
})

test('a change that cannot be taken down is answered with the error of the log', async () => {
  const away = Object.assign(new Error('the log is away'), { code: 'LOG_UNAVAILABLE' })
  const made = await world({ object: 'r-1' }, li, away)
  const response = await put(made, '/v1/rules')
  expect(response.statusCode).toBe(503)
  expect(response.json()).toMatchObject({ code: 'log-unavailable' })
})

test('an address that changes something without saying what is not taken', async () => {
  const app = await testServer()
  onTestFinished(() => app.close())
  const { changes: _, ...silent } = operation
  const add = () => app.put('/v1/rules', { schema: { operation: silent } }, () => null)
  expect(add).toThrow('/v1/rules: the operation does not say what it changes')
})
