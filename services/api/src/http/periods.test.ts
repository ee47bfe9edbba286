import { type PeriodsResponse, periodsSchema, type Problem } from '@deskpulse/contract'
import { measures } from '@deskpulse/core/kpis'
import { dayMs, hourMs } from '@deskpulse/core/time'
import { describe, expect, test } from 'vitest'
import { openApi } from '../testing/server.ts'

const base = '/v1/tenants/acme/kpis/periods'
const config = { timeZone: 'Europe/Rome' }

test('every period of the range has a row, also an empty one, in the time zone of the tenant', async () => {
  const { floor, json } = await openApi({ config })
  floor.count(measures.contactOpened, ['all'], 3, Date.parse('2026-02-28T23:30:00Z')) // 1 March in Rome.
  await floor.commit()
  const answer = await json<PeriodsResponse>(
    `${base}?period=day&from=2026-02-28&to=2026-03-02&kpis=contacts_opened`,
  )
  expect(periodsSchema.parse(answer)).toEqual(answer)
  expect(answer).toMatchObject({
    tenant: 'acme',
    timeZone: 'Europe/Rome',
    period: 'day',
    asOf: '2026-03-02T10:07:27.017Z',
  })
  expect(answer.rows).toMatchObject([
    {
      start: '2026-02-27T23:00:00.000Z',
      end: '2026-02-28T23:00:00.000Z',
      label: '2026-02-28',
      slice: 'all',
      closed: false,
    },
    {
      start: '2026-02-28T23:00:00.000Z',
      end: '2026-03-01T23:00:00.000Z',
      label: '2026-03-01',
      slice: 'all',
      closed: false,
    },
  ])
  expect(answer.rows.map((row) => row.kpis['contacts_opened']?.value)).toEqual([0, 3])
  expect(answer.rows[0]).not.toHaveProperty('revision')
})

describe('the range is widened to whole periods', () => {
  test.each([
    {
      query: 'period=day&from=2026-03-01T12:00:00Z&to=2026-03-01T13:00:00Z',
      labels: ['2026-03-01'],
    },
    { query: 'period=week&from=2026-03-01&to=2026-03-03', labels: ['2026-W09', '2026-W10'] },
    { query: 'period=month&from=2026-02-28&to=2026-03-02', labels: ['2026-02', '2026-03'] },
    { query: 'period=quarter&from=2026-01-01&to=2026-04-01', labels: ['2026-Q1'] },
    { query: 'period=year&from=2025-12-31&to=2026-01-02', labels: ['2025', '2026'] },
    {
      query: 'period=hour&from=2026-03-02T08:10:00%2B01:00&to=2026-03-02T08:50:00%2B01:00',
      labels: ['2026-03-02T08:00'],
    },
    {
      query: 'period=15m&from=2026-03-02T07:10:00Z&to=2026-03-02T07:20:00Z',
      labels: ['2026-03-02T08:00', '2026-03-02T08:15'],
    },
  ])('$query', async ({ query, labels }) => {
    const { floor, json } = await openApi({ config })
    await floor.commit()
    const { rows } = await json<PeriodsResponse>(`${base}?${query}`)
    expect(rows.map((row) => row.label)).toEqual(labels)
  })
})

test('sub-day periods whose quarter-hours are gone have no value, and say so; days are kept for good', async () => {
  const { floor, json } = await openApi({ config })
  const agoMs = floor.nowMs() - 9 * dayMs
  floor.count(measures.contactOpened, ['all'], 3, agoMs)
  await floor.commit()
  const range = `from=${new Date(agoMs - hourMs).toISOString()}&to=${new Date(agoMs + hourMs).toISOString()}&kpis=contacts_opened`
  const hours = await json<PeriodsResponse>(`${base}?period=hour&${range}`)
  expect(hours.rows[1]?.kpis['contacts_opened']).toMatchObject({ value: null, reason: 'not-kept' })
  const days = await json<PeriodsResponse>(`${base}?period=day&${range}`)
  expect(days.rows[0]?.kpis['contacts_opened']).toMatchObject({ value: 3 })
})

test('KPIs of the moment have no value in a period', async () => {
  const { floor, json } = await openApi()
  await floor.commit()
  const { rows } = await json<PeriodsResponse>(
    `${base}?period=day&from=2026-03-02&to=2026-03-03&kpis=waiting_now`,
  )
  expect(rows[0]?.kpis['waiting_now']).toMatchObject({ value: null, reason: 'not-in-this-window' })
})

test('sums past 2^53 are exact integers', async () => {
  const { floor, get } = await openApi()
  for (const day of [1, 2])
    floor.count(
      measures.agentHandling,
      ['all'],
      2 ** 53 - 1,
      Date.parse(`2026-03-0${day}T00:00:00Z`),
    )
  await floor.commit()
  const response = await get(`${base}?period=month&from=2026-03-01&to=2026-03-31&kpis=occupancy`)
  expect(response.body).toContain('"numerator":18014398509481982,')
})

test('pages follow one another without a gap, and the last one has no cursor', async () => {
  const { floor, json } = await openApi({
    config: { slices: { dimensions: ['queue'], pairs: [], values: { queue: ['a', 'b', 'c'] } } },
  })
  await floor.commit()
  const query = `${base}?period=day&from=2026-03-01&to=2026-03-05&slice=queue=*&kpis=contacts_opened`
  const whole = (await json<PeriodsResponse>(query)).rows.map((row) => `${row.label} ${row.slice}`)
  expect(whole).toHaveLength(16)
  const paged: string[] = []
  let cursor = ''
  do {
    const page = await json<PeriodsResponse>(`${query}&limit=5${cursor}`)
    paged.push(...page.rows.map((row) => `${row.label} ${row.slice}`))
    cursor = page.cursor === undefined ? '' : `&cursor=${page.cursor}`
  } while (cursor !== '')
  expect(paged).toEqual(whole)
})

test('a page has at most 1,000 rows, and names the next in Link too', async () => {
  const { floor, get } = await openApi()
  await floor.commit()
  const response = await get(
    `${base}?period=15m&from=1900-01-01&to=2199-12-31&kpis=contacts_opened`,
  )
  const { rows, cursor } = response.json<PeriodsResponse>()
  expect(rows).toHaveLength(1_000)
  const link = String(response.headers['link'])
  expect(link).toMatch(/^<\?.*>; rel="next"$/)
  const next = await get(base + link.slice(1, link.indexOf('>')))
  expect(next.json<PeriodsResponse>().rows[0]?.start).toBe(rows.at(-1)?.end)
  expect(cursor).toBeTypeOf('string')
})

describe('what cannot be answered', () => {
  test.each([
    { query: 'period=day&from=2026-03-01&to=2026-03-01', path: 'to' },
    { query: 'period=day&from=2026-02-30&to=2026-03-01', path: 'from' },
    { query: 'period=day&from=2026-03-01&to=soon', path: 'to' },
    { query: 'period=decade&from=2026-03-01&to=2026-03-02', path: 'period' },
    { query: 'period=day&from=2026-03-01&to=2026-03-02&limit=0', path: 'limit' },
    { query: 'period=day&from=2026-03-01&to=2026-03-02&cursor=xyz', path: 'cursor' },
  ])('$path of $query is 400 and named', async ({ query, path }) => {
    const { floor, get } = await openApi()
    await floor.commit()
    const response = await get(`${base}?${query}`)
    expect(response.statusCode).toBe(400)
    expect(response.json<Problem>().errors?.map((error) => error.path)).toEqual([path])
  })
})
