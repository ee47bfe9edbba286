import {
  type ListedRefusal,
  type Problem,
  refusalLimits,
  type RefusalsResponse,
  refusalsSchema,
} from '@deskpulse/contract'
import { describe, expect, test } from 'vitest'
import { putRefusals, refusal } from '../testing/refusals.ts'
import { type Api, openApi } from '../testing/server.ts'

const url = '/v1/tenants/acme/refusals'

async function listed(refusals: readonly ListedRefusal[]): Promise<Api> {
  const api = await openApi()
  putRefusals(api.floor, refusals)
  await api.floor.commit()
  return api
}

const numbers = (count: number): number[] => Array.from({ length: count }, (_, n) => n)
const idsOf = ({ rows }: RefusalsResponse): (string | null)[] => rows.map(({ id }) => id)

test('a refusal says when, why and what was refused, and where it stands in the log', async () => {
  const { json } = await listed([refusal(12)])
  const answer = await json<RefusalsResponse>(url)
  expect(refusalsSchema.parse(answer)).toEqual(answer)
  expect(answer).toEqual({
    asOf: '2026-03-02T10:07:27.017Z',
    stale: false,
    clock: null,
    total: 1,
    count: 1,
    rows: [
      {
        ...{ at: '2026-03-02T01:00:12.000Z', code: 'id-conflict' },
        reason: 'the same source and id came with other content, which stays',
        ...{
          source: '/chat',
          id: 'm-12',
          type: 'deskpulse.message.sent.v1',
          time: '2026-03-02T01:00:00.000Z',
        },
        event: {
          ...{ specversion: '1.0', id: 'm-12', source: '/chat', type: 'deskpulse.message.sent.v1' },
          ...{
            time: '2026-03-02T01:00:00.000Z',
            sequence: '7',
            tenant: 'acme',
            data: { contactId: 'c-1', from: 'agent' },
          },
        },
        place: { partition: 0, offset: 12, index: 3 },
      },
    ],
  })
})

test('an entry that is no event has no names; an event that is too large has its names alone', async () => {
  const large = { ...refusal(2).event!, data: null }
  const { json } = await listed([
    refusal(1, { code: 'config-conflict', event: null }),
    refusal(2, { event: large }),
  ])
  const answer = await json<RefusalsResponse>(url)
  expect(refusalsSchema.parse(answer)).toEqual(answer)
  expect(answer.rows).toMatchObject([
    { source: '/chat', id: 'm-2', type: 'deskpulse.message.sent.v1', event: null },
    { code: 'config-conflict', source: null, id: null, type: null, time: null, event: null },
  ])
})

test('a tenant of which nothing was refused has an empty list; one that is unknown has none', async () => {
  const api = await openApi()
  await api.floor.commit()
  expect(await api.json<RefusalsResponse>(url)).toMatchObject({ total: 0, count: 0, rows: [] })
  expect((await api.get('/v1/tenants/nobody/refusals')).json<Problem>().code).toBe('unknown-tenant')
})

describe('the list', () => {
  test.each([49, 50, 51, 1_000, 1_049, 1_050, 2_345])(
    'of %i refusals holds the last ones, the newest first',
    async (total) => {
      const { json } = await listed(numbers(total).map((n) => refusal(n)))
      const answer = await json<RefusalsResponse>(`${url}?limit=1000`)
      const kept = Math.min(total, refusalLimits.listedMax)
      expect([answer.total, answer.count, answer.cursor]).toEqual([total, kept, undefined])
      expect(idsOf(answer)).toEqual(numbers(kept).map((n) => `m-${total - 1 - n}`))
    },
  )

  test('is filtered by code and by source, and counts what is asked for', async () => {
    const all = numbers(60).map((n) =>
      refusal(n, n % 3 === 0 ? { code: 'expired' } : {}, n % 2 === 0 ? '/chat' : '/mail'),
    )
    const { json } = await listed(all)
    const of = async (query: string) => json<RefusalsResponse>(`${url}?${query}`)
    expect(await of('code=expired')).toMatchObject({ total: 60, count: 20, rows: { length: 20 } })
    expect((await of('source=/mail')).rows.every(({ source }) => source === '/mail')).toBe(true)
    expect(idsOf(await of('code=expired&source=%2Fmail&limit=3'))).toEqual(['m-57', 'm-51', 'm-45'])
    expect(await of('source=/nowhere')).toMatchObject({ count: 0, rows: [] })
  })

  test('is read page by page; what is refused meanwhile moves no row', async () => {
    const { json, floor } = await listed(numbers(120).map((n) => refusal(n)))
    const first = await json<RefusalsResponse>(`${url}?limit=50`)
    putRefusals(
      floor,
      numbers(130).map((n) => refusal(n)),
    )
    await floor.commit()
    const ids = idsOf(first)
    for (let { cursor } = first; cursor !== undefined;) {
      const next = await json<RefusalsResponse>(`${url}?limit=50&cursor=${cursor}`)
      ids.push(...idsOf(next))
      cursor = next.cursor
    }
    expect(ids).toEqual(numbers(120).map((n) => `m-${119 - n}`))
  })
})

test.each([
  { query: 'code=bad-schema', path: 'code' },
  { query: 'limit=0', path: 'limit' },
  { query: 'limit=1001', path: 'limit' },
  { query: 'source=', path: 'source' },
  { query: 'cursor=x', path: 'cursor' },
  { query: 'colour=red', path: 'colour' },
])('$query is 400 and names $path', async ({ query, path }) => {
  const { get } = await listed([])
  const response = await get(`${url}?${query}`)
  expect(response.statusCode).toBe(400)
  expect(response.json<Problem>()).toMatchObject({ code: 'bad-request', errors: [{ path }] })
})
