import {
  liveSchema,
  type LiveResponse,
  type PeriodsResponse,
  type Problem,
  slicesSchema,
  type SlicesResponse,
} from '@deskpulse/contract'
import { measures } from '@deskpulse/core/kpis'
import { partText } from '@deskpulse/core/measures'
import { describe, expect, test } from 'vitest'
import { type Api, openApi } from '../testing/server.ts'

const tenant = '/v1/tenants/acme'
const live = `${tenant}/kpis/live`
const numbered = (count: number): string[] =>
  Array.from({ length: count }, (_, n) => `q${String(n).padStart(5, '0')}`)

/** A contact in each of so many queues. */
async function withQueues(count: number): Promise<Api> {
  const api = await openApi()
  api.floor.name('queue', numbered(count))
  api.floor.count(measures.contactOpened, [
    'all',
    'queue=q00000',
    partText('queue', numbered(count).at(-1)!),
  ])
  await api.floor.commit()
  return api
}

/** Room for two queues, into which five came. */
async function full(configured: readonly string[] = []): Promise<Api> {
  const values = { queue: configured }
  const slices = {
    dimensions: ['queue' as const, 'class' as const],
    pairs: [['queue', 'class'] as const],
    values,
  }
  const api = await openApi({ config: { sliceValuesMax: 2, slices } })
  api.floor.name('queue', ['a', 'b', 'c', 'd', 'c', 'e'])
  api.floor.count(measures.contactOpened, ['all', 'queue=a'])
  api.floor.count(measures.contactOpened, ['all', 'queue=other'], 4)
  await api.floor.commit()
  return api
}

describe('a star over more queues than one answer holds', () => {
  test('goes on page by page, each queue once, and says how many follow', async () => {
    const { json, get } = await withQueues(4_500)
    const slices: string[] = []
    const omitted: (number | undefined)[] = []
    let cursor: string | undefined
    do {
      const url = `${live}?slice=all&slice=queue=*&kpis=contacts_opened${cursor === undefined ? '' : `&cursor=${cursor}`}`
      const page: LiveResponse = await json(url)
      expect(liveSchema.parse(page)).toEqual(page)
      const { link } = (await get(url)).headers
      expect(link).toEqual(
        page.cursor === undefined ? undefined : expect.stringContaining(`cursor=${page.cursor}`),
      )
      slices.push(...page.rows.map(({ slice }) => slice))
      omitted.push(page.omitted)
      cursor = page.cursor
    } while (cursor !== undefined)
    expect(slices).toEqual(['all', ...numbered(4_500).map((name) => `queue=${name}`), 'queue=none'])
    expect(omitted).toEqual([2_502, 502, undefined])
  })

  test('is bounded by what the answer is made of', async () => {
    const { json } = await withQueues(1_500)
    const { rows, omitted } = await json(`${live}?slice=queue=*&window=60m`)
    expect(rows.length).toBeGreaterThan(100)
    expect(rows.length + omitted!).toBe(1_501)
  })

  test('has every row as CSV', async () => {
    const { get } = await withQueues(4_500)
    const { body, headers } = await get(
      `${live}?slice=all&slice=queue=*&kpis=contacts_opened&format=csv&layout=wide`,
    )
    const lines = body.trimEnd().split('\n')
    expect(lines).toHaveLength(1 + 4_502)
    expect(lines.filter((line) => line.startsWith('start'))).toHaveLength(1)
    expect(lines.at(-2)).toMatch(/,queue=q04499,1/)
    expect(headers).toMatchObject({
      'deskpulse-as-of': '2026-03-02T10:07:27.017Z',
      'content-type': 'text/csv; charset=utf-8',
    })
  })

  test('has pages of periods too', async () => {
    const { json } = await withQueues(2_500)
    const url = `${tenant}/kpis/periods?period=day&from=2026-03-02&to=2026-03-03&slice=queue=*&kpis=contacts_opened`
    const { rows, cursor } = await json<PeriodsResponse>(url)
    expect(rows).toHaveLength(1_000)
    expect((await json<PeriodsResponse>(`${url}&cursor=${cursor}`)).rows[0]?.slice).toBe(
      'queue=q01000',
    )
  })

  test('of contacts that wait is all of them', async () => {
    const api = await withQueues(2_500)
    const member = {
      contactId: 'c',
      dueAtMs: api.floor.nowMs(),
      first: true,
      queue: 'q00007',
      channel: 'chat',
    }
    api.floor.open('reply.live', ['all', 'queue=q00007'], member, api.floor.nowMs() - 5_000)
    await api.floor.commit()
    expect(await api.json(`${tenant}/waiting?slice=queue=*`)).toMatchObject({
      count: 1,
      rows: [{ contactId: 'c' }],
    })
  })

  test('with a cursor that is none of its own, or as slices one by one, is refused', async () => {
    const { get } = await withQueues(2_500)
    const named = numbered(2_100).map((name) => `slice=queue=${name}`)
    const codeOf = async (query: string): Promise<unknown[]> => {
      const response = await get(`${live}?${query}`)
      return [response.statusCode, response.json<Problem>().errors?.[0]?.path]
    }
    expect(await codeOf('slice=queue=*&cursor=bm9uZQ')).toEqual([400, 'cursor'])
    expect(await codeOf(`${named.slice(0, 1_700).join('&')}&window=60m`)).toEqual([400, 'slice'])
  })

  test('of two dimensions is refused where it comes to more than two hundred thousand', async () => {
    const api = await openApi({
      config: { slices: { dimensions: [], pairs: [['queue', 'channel']], values: {} } },
    })
    api.floor.name('queue', numbered(450))
    api.floor.name('channel', numbered(450))
    await api.floor.commit()
    expect((await api.get(`${live}?slice=queue=*,channel=*`)).statusCode).toBe(400)
  })
})

describe('a full dimension', () => {
  test('is listed with other after the configured values, and how full it is', async () => {
    const { json } = await full(['a'])
    const answer = await json<SlicesResponse>(`${tenant}/slices?dimension=queue`)
    expect(slicesSchema.parse(answer)).toEqual(answer)
    expect(answer.values.map(({ slice }) => slice)).toEqual([
      'queue=a',
      'queue=other',
      'queue=none',
    ])
    expect(answer.limit).toEqual({ values: 2, max: 2, other: ['c', 'd', 'e'] })
  })

  test('has its rows in queue=*, which come to all', async () => {
    const { json } = await full()
    const { rows } = await json(`${live}?slice=queue=*&kpis=contacts_opened`)
    expect(rows.map(({ slice, kpis }) => [slice, kpis['contacts_opened']?.value])).toEqual([
      ['queue=other', 4],
      ['queue=a', 1],
      ['queue=b', 0],
      ['queue=none', 0],
    ])
  })

  test('says of a value without a slice where it counts', async () => {
    const response = await (await full()).get(`${live}?slice=queue=c`)
    expect([response.statusCode, response.json<Problem>().detail]).toEqual([
      404,
      'queue has no further slices of its own: what is new counts in queue=other',
    ])
  })

  test('shows no configured value at 0 that counts as other because it was configured too late', async () => {
    const api = await openApi({ config: { sliceValuesMax: 1 } })
    api.floor.name('queue', ['a', 'late'])
    api.floor.configure({
      slices: { dimensions: ['queue'], pairs: [], values: { queue: ['late'] } },
    })
    await api.floor.commit()
    const { rows } = await api.json(`${live}?slice=queue=*`)
    expect(rows.map(({ slice }) => slice)).toEqual(['queue=other', 'queue=a', 'queue=none'])
  })
})

test('a value that is a star is not every value', async () => {
  const { floor, json } = await openApi()
  floor.name('queue', ['*', 'b'])
  floor.count(measures.contactOpened, [partText('queue', '*')], 3)
  floor.count(measures.contactOpened, ['queue=b'])
  await floor.commit()
  const rowsOf = async (slice: string): Promise<unknown[]> => {
    const { rows } = await json(`${live}?slice=${encodeURIComponent(slice)}&kpis=contacts_opened`)
    return rows.map((row) => [row.slice, row.kpis['contacts_opened']?.value])
  }
  expect(await rowsOf('queue=%2A')).toEqual([['queue=%2A', 3]])
  expect(await rowsOf('queue=*')).toEqual([
    ['queue=%2A', 3],
    ['queue=b', 1],
    ['queue=none', 0],
  ])
})
