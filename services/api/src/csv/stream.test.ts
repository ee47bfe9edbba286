import { get as httpGet, type IncomingMessage } from 'node:http'
import { Readable, Writable } from 'node:stream'
import { measures } from '@deskpulse/core/kpis'
import type { PeriodKind } from '@deskpulse/core/time'
import { DeskpulseError } from '@deskpulse/stream'
import { expect, test, vi } from 'vitest'
import { partitionView } from '../reading/partition-view.ts'
import { type Floor, openFloor } from '../testing/floor.ts'
import { openApi } from '../testing/server.ts'
import { periodsCsv } from './periods.ts'

/** 46,000 rows, 92 reads. */
const long = { period: 'day' as PeriodKind, from: '1900-01-01', to: '2026-03-03', slice: ['all'] }
const url = `/v1/tenants/acme/kpis/periods?${new URLSearchParams({ ...long, slice: 'all', format: 'csv' }).toString()}`

async function begun({ count, commit }: Floor): Promise<void> {
  count(measures.contactOpened, ['all'])
  await commit()
}

/** A hundred turns, in which what is under way would go on. */
async function turns(): Promise<void> {
  for (let turn = 0; turn < 100; turn++) await new Promise((done) => setImmediate(done))
}

test('no more is read than a client fetches', async () => {
  const floor = await openFloor()
  await begun(floor)
  let reads = 0
  const store = {
    ...floor.store,
    read: (...args: Parameters<typeof floor.store.read>) => {
      reads += 1
      return floor.store.read(...args)
    },
  }
  const view = partitionView({
    store,
    partition: 0 as never,
    nowMs: () => floor.nowMs(),
    onFeedFailed: () => {},
    onUnreadable: () => {},
  })
  const csv = await periodsCsv(
    { view, enter: () => () => {}, tenant: 'acme', configured: undefined },
    long,
    {},
  )
  if (!csv.ok) throw new Error(csv.problem.detail)
  const rows = Readable.from(csv.value.text)
  const { promise: written, resolve } = Promise.withResolvers<void>()
  const slow = new Writable({ highWaterMark: 1, write: () => resolve() }) // Never done with what it was given.
  rows.pipe(slow)
  await written
  await turns()
  expect(reads).toBeLessThanOrEqual(3)
  rows.destroy()
  view.close()
  await floor.close()
})

test('a client that goes away ends the reading', async () => {
  const { floor, http, reads } = await openApi()
  await begun(floor)
  const address = await http.listen({ host: '127.0.0.1', port: 0 })
  const response = await new Promise<IncomingMessage>((resolve, reject) =>
    httpGet(address + url, resolve).on('error', reject),
  )
  await new Promise((resolve) => response.once('data', resolve))
  response.destroy()
  await vi.waitUntil(
    () =>
      new Promise<boolean>((resolve) =>
        http.server.getConnections((_error, open) => resolve(open === 0)),
      ),
  )
  await turns() // What was being read is.
  const before = reads()
  await turns()
  expect(reads()).toBe(before)
  expect(before).toBeLessThan(92)
})

test('rows that cannot be read cut the connection: what was cut does not look whole', async () => {
  let answered = 0
  const { floor, http } = await openApi({
    wrap: (store) => ({
      ...store,
      async read(partition, query) {
        answered += 1
        if (answered > 4) throw new DeskpulseError('STORE_UNAVAILABLE', 'away')
        return store.read(partition, query)
      },
    }),
  })
  await begun(floor)
  const address = await http.listen({ host: '127.0.0.1', port: 0 })
  const response = await fetch(address + url)
  expect(response.status).toBe(200)
  await expect(response.text()).rejects.toThrow('terminated')
})

test('a store that is away from the start is 503, as with JSON', async () => {
  const away = async (): Promise<never> => {
    throw new DeskpulseError('STORE_UNAVAILABLE', 'away')
  }
  const { get } = await openApi({ wrap: (store) => ({ ...store, read: away }) })
  const response = await get(url)
  expect([
    response.statusCode,
    response.headers['content-type'],
    response.headers['content-disposition'],
  ]).toEqual([503, 'application/problem+json; charset=utf-8', undefined])
})

test('HEAD reads no row beyond the first page', async () => {
  const { floor, http, reads } = await openApi()
  await begun(floor)
  const response = await http.inject({ method: 'HEAD', url })
  expect([response.statusCode, response.body]).toEqual([200, ''])
  expect(response.headers['content-disposition']).toContain('acme_day_1900-01-01_2026-03-03.csv')
  expect(reads()).toBeLessThanOrEqual(2)
})
