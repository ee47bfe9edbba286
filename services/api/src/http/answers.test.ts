import type { Problem } from '@deskpulse/contract'
import { measures } from '@deskpulse/core/kpis'
import type { EpochMs } from '@deskpulse/core/time'
import { DeskpulseError } from '@deskpulse/stream'
import { describe, expect, test, vi } from 'vitest'
import { openApi } from '../testing/server.ts'

const live = '/v1/tenants/acme/kpis/live?kpis=contacts_opened,waiting_now'
const aWaiting = { contactId: 'c', dueAtMs: 0 as EpochMs, first: true, channel: 'chat' }

test('a question that was asked before costs no read of the store until the next commit, which shows', async () => {
  const { floor, reads, get, json } = await openApi()
  floor.count(measures.contactOpened, ['all'])
  await floor.commit()
  const opened = async () => (await json(live)).rows[0]?.kpis['contacts_opened']?.value
  expect(await opened()).toBe(1)
  const before = reads()
  for (let board = 0; board < 50; board++) await get(live)
  expect(reads()).toBe(before)
  floor.count(measures.contactOpened, ['all'])
  await floor.commit()
  await vi.waitUntil(async () => (await opened()) === 2)
})

test('boards that ask the same at once are answered by one reading', async () => {
  const { floor, reads, get } = await openApi()
  floor.count(measures.contactOpened, ['all'])
  await floor.commit()
  const answers = await Promise.all(Array.from({ length: 100 }, () => get(live)))
  expect(new Set(answers.map(({ body }) => body)).size).toBe(1)
  expect(reads()).toBe(2) // What the tenant is, and what was asked.
})

test('a client that has the answer already is told so', async () => {
  const { floor, get } = await openApi()
  await floor.commit()
  const { headers } = await get(live)
  const again = await get(live, { 'if-none-match': `"other", ${String(headers['etag'])}` })
  expect([again.statusCode, again.body]).toEqual([304, ''])
  floor.count(measures.contactOpened, ['all'])
  await floor.commit()
  await vi.waitUntil(
    async () => (await get(live, { 'if-none-match': String(headers['etag']) })).statusCode === 200,
  )
})

describe('while only log time moves', () => {
  const tenant = '/v1/tenants/acme'

  test.each([
    { path: '/kpis/live?window=15m&kpis=contacts_opened,waiting_now,response_time' },
    { path: '/kpis/live?window=today&slice=queue=*&kpis=contacts_opened' },
    { path: '/kpis/periods?period=hour&from=2026-03-02&to=2026-03-03&kpis=contacts_opened' },
    {
      path: '/kpis/periods?period=hour&from=2026-03-02&to=2026-03-03&kpis=contacts_opened&limit=5',
    },
    { path: '/waiting' },
    { path: '/agents' },
    { path: '/slices?dimension=queue' },
  ])('$path is 304, and a header says as of when it stands', async ({ path }) => {
    const { floor, get } = await openApi()
    floor.count(measures.contactOpened, ['all', 'queue=billing'])
    floor.open('reply.live', ['all'], aWaiting, floor.nowMs() - 5_000)
    const aCaller = { ...aWaiting, contactId: 'd', channel: 'voice', queue: 'hotline' }
    floor.open('queue.voice', ['all', 'queue=hotline'], aCaller, floor.nowMs() - 5_000)
    floor.duration(measures.passAnswered, ['all', 'queue=hotline'], 5_000)
    await floor.commit()
    const first = await get(tenant + path)
    const { asOf } = first.json<{ readonly asOf: string }>()
    expect(first.headers).toMatchObject({ 'deskpulse-as-of': asOf, 'cache-control': 'no-cache' })
    for (const laterMs of [250, 500]) {
      floor.wait(250)
      await floor.commit()
      const now = new Date(Date.parse(asOf) + laterMs).toISOString()
      const etag = { 'if-none-match': String(first.headers['etag']) }
      await vi.waitUntil(
        async () => (await get(tenant + path, etag)).headers['deskpulse-as-of'] === now,
      )
      const again = await get(tenant + path, etag)
      expect([again.statusCode, again.body, again.headers['etag']]).toEqual([
        304,
        '',
        first.headers['etag'],
      ])
      expect((await get(tenant + path)).json<{ readonly asOf: string }>().asOf).toBe(now)
    }
  })

  test.each([
    { kpi: 'longest_wait', rule: 'a wait that goes on' },
    { kpi: 'occupancy', rule: 'a state that goes on' },
  ])('$rule is a value that changes', async ({ kpi }) => {
    const { floor, get } = await openApi()
    floor.open('reply.live', ['all'], aWaiting, floor.nowMs() - 5_000)
    floor.open(
      'agent-class.handling',
      ['all'],
      { agentId: 'a', contacts: 1, capacity: null, queues: [] },
      floor.nowMs() - 5_000,
    )
    floor.open(
      'agent-class.available',
      ['all'],
      { agentId: 'b', contacts: 0, capacity: null, queues: [] },
      floor.nowMs() - 9_000,
    )
    await floor.commit()
    const url = `${tenant}/kpis/live?kpis=${kpi}`
    const etag = String((await get(url)).headers['etag'])
    floor.wait(250)
    await floor.commit()
    await vi.waitUntil(async () => (await get(url, { 'if-none-match': etag })).statusCode === 200)
  })

  test('a window that begins a minute later is another one', async () => {
    const { floor, get } = await openApi()
    await floor.commit()
    const url = `${tenant}/kpis/live?kpis=contacts_opened`
    const etag = String((await get(url)).headers['etag'])
    floor.wait(60_000)
    await floor.commit()
    await vi.waitUntil(async () => (await get(url, { 'if-none-match': etag })).statusCode === 200)
  })

  test('an answer that gets stale is another one', async () => {
    const { floor, get } = await openApi()
    await floor.commit(0)
    const url = `${tenant}/waiting`
    const etag = String((await get(url)).headers['etag'])
    floor.wait(10_001)
    expect((await get(url, { 'if-none-match': etag })).statusCode).toBe(200)
  })
})

test('a page of periods costs no read of the store until the next commit', async () => {
  const { floor, reads, get } = await openApi()
  await floor.commit()
  const url = '/v1/tenants/acme/kpis/periods?period=day&from=2026-03-01&to=2026-03-03'
  const first = await get(url)
  const before = reads()
  expect((await get(url)).body).toBe(first.body)
  expect(reads()).toBe(before)
})

test('all rows of an answer are of one moment while commits go on', async () => {
  const { floor, json } = await openApi()
  await floor.commit()
  for (let n = 1; n <= 100; n++) {
    floor.count(measures.contactOpened, ['all', 'queue=a'])
    floor.duration(measures.replyTime, ['all', 'queue=a'], 1_000)
    const [{ rows }] = await Promise.all([
      json(`${live},response_time&slice=all&slice=queue=a`),
      floor.commit(),
    ])
    const sizes = rows.map(({ kpis }) => [
      kpis['contacts_opened']?.value,
      kpis['response_time']?.count,
      (kpis['response_time']?.sum ?? 0) / 1_000,
    ])
    expect(new Set(sizes.flat()).size).toBe(1)
  }
})

test('a store that is away is 503 with the time to try again', async () => {
  const away = async (): Promise<never> => {
    throw new DeskpulseError('STORE_UNAVAILABLE', 'away')
  }
  const { get } = await openApi({ wrap: (store) => ({ ...store, read: away }) })
  const response = await get(live)
  expect([
    response.statusCode,
    response.json<Problem>().code,
    response.headers['retry-after'],
  ]).toEqual([503, 'store-unavailable', '2'])
})

test('a defect is 500 and tells the client nothing', async () => {
  const broken = async (): Promise<never> => {
    throw new Error('a secret')
  }
  const { get } = await openApi({ wrap: (store) => ({ ...store, read: broken }) })
  const response = await get(live)
  expect([response.statusCode, response.json<Problem>().code]).toEqual([500, 'internal'])
  expect(response.body).not.toContain('secret')
})
