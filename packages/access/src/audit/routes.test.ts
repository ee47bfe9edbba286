import { mkdtemp, rm } from 'node:fs/promises'
import { readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { AuditEntry, AuditResponse } from '@deskpulse/contract'
import type { EpochMs } from '@deskpulse/core/time'
import { openGuard, type Principal } from '@deskpulse/runtime'
import { testServer } from '@deskpulse/runtime/testing'
import { accessTopicSpecs, embeddedEventLog, topicNames } from '@deskpulse/stream'
import { expect, onTestFinished, test } from 'vitest'
import { auditRoutes } from './routes.ts'
import { auditTrail } from './trail.ts'

const page = readFileSync(new URL('../../../../docs/api.md', import.meta.url), 'utf8')
const section = page.split('\n## ').find((part) => part.startsWith('Audit\n')) ?? ''
const examples = [
  ...section.matchAll(/```http\nGET (?<url>[^\n]+)\n```\n\n```json\n(?<answer>[^`]+)```/g),
].map(({ groups }) => ({ url: groups?.['url'] ?? '', answer: groups?.['answer'] ?? '' }))

const from = { address: '10.0.0.7', userAgent: 'Mozilla/5.0' }
const silence = {
  ...{ author: 'Li Na', comment: 'moving desks', status: 'in-force' },
  matchers: [{ on: 'slice', value: 'queue=returns' }],
  ...{ startsAt: '2026-03-02T09:00:00.000Z', endsAt: '2026-03-02T11:00:00.000Z' },
}
/** What the page's examples are about, the oldest first. */
const entries: readonly AuditEntry[] = [
  {
    id: '00000000-0000-4000-8000-000000000001',
    ...{ who: { id: 'file', name: null }, from: { address: null, userAgent: null } },
    ...{ tenant: 'acme', action: 'configuration.propose', object: 'configuration' },
    before: { version: 'f1d2…', content: { timeZone: 'UTC' } },
    after: { version: '0a4d…', content: { timeZone: 'Asia/Shanghai' } },
  },
  {
    id: '00000000-0000-4000-8000-000000000002',
    ...{ who: { id: '5f0c7a1e93b2', name: 'Li Na' }, from, tenant: 'acme' },
    ...{ action: 'silence.create', object: 's-1', before: null, after: { id: 's-1', ...silence } },
  },
  {
    id: '00000000-0000-4000-8000-000000000003',
    ...{ who: { id: '9b1d22c84e07', name: 'ops' }, from, tenant: null },
    ...{ action: 'endpoint.test', object: 'floor', before: null, after: null },
  },
]

async function documented(principal: Principal | null = null) {
  const folder = await mkdtemp(join(tmpdir(), 'deskpulse-audit-'))
  let clockMs = Date.parse('2026-03-02T08:59:00Z')
  const topics = topicNames()
  const log = embeddedEventLog({
    file: join(folder, 'log.sqlite'),
    now: () => (clockMs += 60_000) as EpochMs,
  })
  await log.ensureTopics(accessTopicSpecs(topics))
  const audit = auditTrail({ log, topic: topics.audit })
  const authenticator = {
    brings: () => 'key' as const,
    recognise: () => principal,
    verify: async () => principal,
  }
  const app = await testServer(undefined, undefined, undefined, {
    ...{ ...openGuard, authenticator: principal && authenticator },
  })
  onTestFinished(async () => {
    await app.close()
    await log.close()
    await rm(folder, { recursive: true })
  })
  await app.register((routes) =>
    auditRoutes(routes, { audit, knows: (tenant) => tenant === 'acme' }),
  )
  for (const entry of entries) await audit.write(entry)
  return app
}

test('the page has examples', () => expect(examples.length).toBeGreaterThanOrEqual(2))

test.each(examples)('$url answers as docs/api.md says', async ({ url, answer }) => {
  const app = await documented()
  const response = await app.inject(url)
  expect(response.headers['cache-control']).toBe('no-store')
  expect(response.json()).toEqual(JSON.parse(answer))
})

test('pages follow one another by their cursors', async () => {
  const app = await documented()
  const ids: string[] = []
  let cursor: string | undefined
  do {
    const more = cursor === undefined ? '' : `&cursor=${cursor}`
    const response = await app.inject(`/v1/audit?limit=1${more}`)
    const { rows, cursor: next } = response.json<AuditResponse>()
    ids.push(...rows.map(({ id }) => id))
    cursor = next
  } while (cursor !== undefined)
  expect(ids).toEqual(entries.map(({ id }) => id).toReversed())
})

test.each([
  { query: 'from=2026-03-02T09:01:00Z&to=2026-03-02T17:02:00%2B08:00', objects: ['s-1'] },
  { query: 'action=endpoint.test', objects: ['floor'] },
  { query: 'who=Li+Na', objects: ['s-1'] },
  { query: 'who=file', objects: ['configuration'] },
])('$query asks for $objects', async ({ query, objects }) => {
  const app = await documented()
  const { rows } = (await app.inject(`/v1/audit?${query}`)).json<AuditResponse>()
  expect(rows.map(({ object }) => object)).toEqual(objects)
})

test.each([
  { query: 'from=yesterday', path: 'from' },
  { query: 'from=2026-03-02T09:00:00Z&to=2026-03-02T09:00:00Z', path: 'to' },
  { query: 'cursor=-1', path: 'cursor' },
  { query: 'action=cat.feed', path: 'action' },
  { query: 'limit=201', path: 'limit' },
])('$query is refused', async ({ query, path }) => {
  const app = await documented()
  const response = await app.inject(`/v1/audit?${query}`)
  expect([response.statusCode, response.json()]).toMatchObject([400, { errors: [{ path }] }])
})

const holder = (tenant: string | null, scope: 'admin' | 'alerts'): Principal => ({
  ...{ id: '0123456789ab', name: 'Li', scopes: new Set([scope]) },
  tenants: tenant === null ? 'all' : new Set([tenant]),
})

test.each([
  { rule: 'of the installation may read all', tenant: null, whole: 200, acme: 200 },
  { rule: 'of the tenant may read its own', tenant: 'acme', whole: 403, acme: 200 },
  { rule: 'of another tenant may read none', tenant: 'other', whole: 403, acme: 404 },
])('an admin $rule', async ({ tenant, whole, acme }) => {
  const app = await documented(holder(tenant, 'admin'))
  expect((await app.inject('/v1/audit')).statusCode).toBe(whole)
  expect((await app.inject('/v1/tenants/acme/audit')).statusCode).toBe(acme)
})

test('whoever is no admin may not read it, and of a tenant that there is not nobody', async () => {
  const app = await documented(holder(null, 'alerts'))
  expect((await app.inject('/v1/audit')).statusCode).toBe(403)
  expect((await app.inject('/v1/tenants/acme/audit')).statusCode).toBe(403)
  const admins = await documented(holder(null, 'admin'))
  expect((await admins.inject('/v1/tenants/nobody/audit')).statusCode).toBe(404)
})
