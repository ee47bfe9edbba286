import { readFileSync } from 'node:fs'
import { afterEach, expect, test } from 'vitest'
import { type Rig, rig } from '../testing/rig.ts'

const rigs: Rig[] = []
async function world(): Promise<Rig> {
  const made = await rig({ nowMs: () => Date.parse('2026-03-06T00:00:00Z') })
  rigs.push(made)
  return made
}
afterEach(async () => {
  for (const made of rigs.splice(0)) await made.close()
})

const post = async ({ http }: Rig, path: string, payload: object | string) => {
  const response = await http.inject({
    ...{ method: 'POST', url: `/v1/tenants/acme/appeals${path}`, payload },
    headers: { 'content-type': 'application/json' },
  })
  return { status: response.statusCode, body: response.json<Record<string, unknown>>() }
}

const filed = {
  ...{ agentId: 'a-1', contactIds: ['c-1'], reason: 'not mine' },
  period: { start: '2026-02-01', end: '2026-02-28' },
}
const decided = { decision: 'granted', decidedBy: 'lead-1', note: 'agreed' }

test('an appeal is an event, and so is each decision about it', async () => {
  const made = await world()
  const first = await post(made, '', { ...filed, appealId: 'ap' })
  expect(first).toEqual({ status: 202, body: { appealId: 'ap' } })
  expect((await post(made, '/ap/decision', decided)).status).toBe(202)
  expect((await post(made, '/ap/decision', { ...decided, decision: 'refused' })).status).toBe(202)
  const events = await made.events()
  expect(events).toMatchObject([
    { type: 'appeal.filed', id: 'ap/filed', data: { appealId: 'ap', ...filed } },
    { type: 'appeal.decided', data: { appealId: 'ap', ...decided } },
    { type: 'appeal.decided', data: { appealId: 'ap', decision: 'refused' } },
  ])
  expect(new Set(events.map(({ id }) => id)).size).toBe(3)
})

test('an appeal and a decision are taken down in the audit, as they were sent', async () => {
  const made = await world()
  await post(made, '', { ...filed, appealId: 'ap' })
  await post(made, '/ap/decision', decided)
  await post(made, '/ap/decision', { ...decided, decision: 'maybe' })
  const entry = { object: 'ap', tenant: 'acme', before: null }
  expect(made.audited).toMatchObject([
    { ...entry, action: 'appeal.file', after: filed },
    { ...entry, action: 'appeal.decide', after: decided },
  ])
})

test('one without an id has a new one', async () => {
  const made = await world()
  const ids = [(await post(made, '', filed)).body, (await post(made, '', filed)).body]
  expect(ids[0]!['appealId']).not.toBe(ids[1]!['appealId'])
  expect(await made.events()).toMatchObject(ids.map(({ appealId }) => ({ data: { appealId } })))
})

test.each([
  { rule: 'about nothing', body: { ...filed, contactIds: [] }, path: '/contactIds' },
  { rule: 'without a reason', body: { ...filed, reason: '' }, path: '/reason' },
  {
    rule: 'of a period that ends before it begins',
    body: { ...filed, period: { start: '2026-03-01', end: '2026-02-01' } },
    path: '/period/end',
  },
  {
    rule: 'about a KPI that is none',
    body: { ...filed, kpis: ['cats'] },
    path: '/kpis/0',
    status: 404,
  },
  { rule: 'with a member that nothing reads', body: { ...filed, why: '' }, path: '/why' },
])('an appeal $rule is refused, and nothing is sent', async ({ body, path, status = 400 }) => {
  const made = await world()
  const answer = await post(made, '', body)
  expect(answer).toMatchObject({ status, body: { errors: [{ path }] } })
  expect(await made.events()).toEqual([])
})

test('a decision that is neither is refused, and so is one of another tenant', async () => {
  const made = await world()
  const answer = await post(made, '/ap/decision', { ...decided, decision: 'maybe' })
  expect(answer).toMatchObject({ status: 400, body: { errors: [{ path: '/decision' }] } })
  const url = '/v1/tenants/nobody/appeals/ap/decision'
  const other = await made.http.inject({ method: 'POST', url, payload: decided })
  expect(other.statusCode).toBe(404)
})

test('the bodies of docs/api.md are taken, and answered as the page says', async () => {
  const page = readFileSync(new URL('../../../../docs/api.md', import.meta.url), 'utf8')
  const section = page.split('\n## ').find((part) => part.startsWith('Appeals\n'))!
  const [asked, taken, decision] = [...section.matchAll(/```json\n([^`]+)```/g)].map(
    ([, json]) => json!,
  )
  const made = await world()
  const answer = { status: 202, body: JSON.parse(taken!) as object }
  expect(await post(made, '', asked!)).toEqual(answer)
  expect(await post(made, '/ap-7/decision', decision!)).toEqual(answer)
})
