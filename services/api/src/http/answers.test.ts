import type { Problem } from '@deskpulse/contract'
import { measures } from '@deskpulse/core'
import { DeskpulseError } from '@deskpulse/stream'
import { expect, test, vi } from 'vitest'
import { openApi } from '../testing/server.ts'

const live = '/v1/tenants/acme/kpis/live?kpis=contacts_opened,waiting_now'

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
  const again = await get(live, { 'if-none-match': String(headers['etag']) })
  expect([again.statusCode, again.body]).toEqual([304, ''])
  floor.wait(1)
  await floor.commit()
  await vi.waitUntil(async () => (await get(live, { 'if-none-match': String(headers['etag']) })).statusCode === 200)
})

test('all rows of an answer are of one moment while commits go on', async () => {
  const { floor, json } = await openApi()
  await floor.commit()
  for (let n = 1; n <= 100; n++) {
    floor.count(measures.contactOpened, ['all', 'queue=a'])
    floor.duration(measures.replyTime, ['all', 'queue=a'], 1_000)
    const [{ rows }] = await Promise.all([json(`${live},response_time&slice=all&slice=queue=a`), floor.commit()])
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
  expect([response.statusCode, response.json<Problem>().code, response.headers['retry-after']]).toEqual([503, 'store-unavailable', '2'])
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
