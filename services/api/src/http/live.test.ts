import { measures, thresholdMeasures } from '@deskpulse/core/kpis'
import { logClockKey } from '@deskpulse/core/state'
import type { EpochMs } from '@deskpulse/core/time'
import { encodeClockProblem, type KpiList, liveSchema, type Problem } from '@deskpulse/contract'
import { describe, expect, test } from 'vitest'
import { openApi, type Api } from '../testing/server.ts'

const billing = ['all', 'queue=billing', 'class=live', 'queue=billing,class=live']

/** Two replies in billing, a customer who waits since 20 s, and the time that an agent handled contacts. */
async function filled(options: Parameters<typeof openApi>[0] = {}): Promise<Api> {
  const api = await openApi(options)
  const { floor } = api
  floor.duration(measures.replyTime, billing, 12_000)
  floor.duration(measures.replyTime, billing, 29_001)
  const { due, within } = thresholdMeasures(30)
  floor.count(due, billing, 3)
  floor.count(within, billing, 2)
  floor.count(measures.contactOpened, billing, 5)
  const member = {
    contactId: 'c-17',
    dueAtMs: (floor.nowMs() + 10_000) as EpochMs,
    first: true,
    queue: 'billing',
    channel: 'chat',
  }
  floor.open('reply.live', billing, member, floor.nowMs() - 20_000)
  floor.open('reply.live.due', billing, member, floor.nowMs() + 10_000)
  await floor.commit()
  return api
}

const base = '/v1/tenants/acme/kpis/live'

test('a slice has a row with every KPI asked for, unrounded, with what it was made of', async () => {
  const { json } = await filled()
  const answer = await json(
    `${base}?slice=queue=billing,class=live&kpis=response_time,waiting_now,longest_wait,answered_within_30s_of_due`,
  )
  expect(liveSchema.parse(answer)).toEqual(answer)
  expect(answer).toMatchObject({
    tenant: 'acme',
    asOf: '2026-03-02T10:07:27.017Z',
    stale: false,
    clock: null,
    window: { start: '2026-03-02T09:53:00.000Z', end: '2026-03-02T10:07:27.017Z' },
  })
  const [{ slice, kpis } = { slice: '', kpis: {} }] = answer.rows
  expect(slice).toBe('queue=billing,class=live')
  expect(Object.keys(kpis)).toEqual([
    'response_time',
    'waiting_now',
    'longest_wait',
    'answered_within_30s_of_due',
  ])
  expect(kpis['response_time']).toMatchObject({
    value: 20_500.5,
    count: 2,
    sum: 41_001,
    status: 'ok',
    target: { max: 30_000 },
  })
  expect(kpis['waiting_now']).toMatchObject({ value: 1, unit: 'count' })
  expect(kpis['longest_wait']).toMatchObject({ value: 20_000, since: '2026-03-02T10:07:07.017Z' })
  expect(kpis['answered_within_30s_of_due']).toMatchObject({
    value: 2 / 3,
    numerator: 2,
    denominator: 3,
  })
})

describe('slices', () => {
  test('without a slice it is all, without KPIs every one but that which compares agents', async () => {
    const { json } = await filled()
    const { rows } = await json(base)
    const { kpis } = await json<KpiList>('/v1/kpis')
    const ids = kpis.map(({ id }) => id).filter((id) => id !== 'sales_index')
    expect(rows.map((row) => row.slice)).toEqual(['all'])
    expect(Object.keys(rows[0]?.kpis ?? {})).toEqual(ids)
  })

  test('a star is every value configured or seen, and the contacts without one, alone and in a pair', async () => {
    const { json } = await filled({ config: { slices: sliced({ queue: ['returns', 'billing'] }) } })
    const { rows } = await json(
      `${base}?slice=queue=*&slice=queue=*,class=live&kpis=contacts_opened`,
    )
    expect(rows.map((row) => [row.slice, row.kpis['contacts_opened']?.value])).toEqual([
      ['queue=returns', 0],
      ['queue=billing', 5],
      ['queue=none', 0],
      ['queue=returns,class=live', 0],
      ['queue=billing,class=live', 5],
      ['queue=none,class=live', 0],
    ])
  })

  test('a star does not depend on the order in which values were seen', async () => {
    const api = await openApi()
    api.floor.count(measures.contactOpened, ['queue=tech', 'queue=none', 'queue=billing'])
    await api.floor.commit()
    expect((await api.json(`${base}?slice=queue=*`)).rows.map(({ slice }) => slice)).toEqual([
      'queue=billing',
      'queue=tech',
      'queue=none',
    ])
  })

  test('values are percent-encoded inside a slice, and once more in the address', async () => {
    const api = await openApi({ config: { slices: sliced({ queue: ['a,b=c', '售后'] }) } })
    await api.floor.commit()
    const asked = ['queue=a%2Cb%3Dc', 'queue=售后']
      .map((slice) => `slice=${encodeURIComponent(slice)}`)
      .join('&')
    const { rows } = await api.json(`${base}?${asked}`)
    expect(rows.map((row) => row.slice)).toEqual(['queue=a%2Cb%3Dc', 'queue=售后'])
  })

  test('parts in any order name the same slice, which has one row', async () => {
    const { json } = await filled()
    const { rows } = await json(
      `${base}?slice=class=live,queue=billing&slice=queue=billing,class=live`,
    )
    expect(rows.map((row) => row.slice)).toEqual(['queue=billing,class=live'])
  })
})

const sliced = (values: Record<string, string[]>) => ({
  dimensions: ['queue' as const, 'class' as const],
  pairs: [['queue', 'class'] as const],
  values,
})

describe('what cannot be answered is said with a code', () => {
  test.each([
    { url: '/v1/tenants/nobody/kpis/live', status: 404, code: 'unknown-tenant' },
    { url: `${base}?slice=queue=nowhere`, status: 404, code: 'unknown-slice' },
    { url: `${base}?slice=team=red`, status: 404, code: 'unknown-slice' },
    { url: `${base}?slice=topic=*`, status: 404, code: 'unknown-slice' },
    { url: `${base}?slice=queue`, status: 400, code: 'bad-request' },
    { url: `${base}?slice=queue=%25zz`, status: 400, code: 'bad-request' },
    { url: `${base}?kpis=response_time,first_luck`, status: 404, code: 'unknown-kpi' },
    { url: `${base}?clock=wall`, status: 400, code: 'bad-request' },
    { url: `${base}?by=exit`, status: 400, code: 'bad-request' },
    { url: `${base}?window=61m`, status: 400, code: 'bad-request' },
    { url: `${base}?windows=5m`, status: 400, code: 'bad-request' },
    { url: '/v1/nothing', status: 404, code: 'not-found' },
  ])('$code: $url', async ({ url, status, code }) => {
    const { get } = await filled()
    const response = await get(url)
    expect(response.statusCode).toBe(status)
    expect(response.headers['content-type']).toMatch(/^application\/problem\+json/)
    expect(response.json()).toMatchObject({ status, code, type: `urn:deskpulse:problem:${code}` })
  })

  test('another method than GET is 405 and names what is allowed', async () => {
    const { http } = await filled()
    const response = await http.inject({ method: 'DELETE', url: '/v1/kpis' })
    expect([response.statusCode, response.headers['allow'], response.json<Problem>().code]).toEqual(
      [405, 'GET, HEAD', 'method-not-allowed'],
    )
  })
})

describe('tenants', () => {
  test('one that the file names is there before its first event', async () => {
    const { json } = await openApi({ tenants: { early: { timeZone: 'Europe/Rome' } } })
    const { stale, rows } = await json(
      '/v1/tenants/early/kpis/live?window=today&kpis=contacts_opened',
    )
    expect([stale, rows[0]?.kpis['contacts_opened']?.value]).toEqual([true, 0])
  })
})

describe('stale', () => {
  test.each([
    { behindMs: 10_000, stale: false, rule: 'a watermark 10 s behind the clock is not' },
    { behindMs: 10_001, stale: true, rule: 'one that is further behind is' },
  ])('$rule', async ({ behindMs, stale }) => {
    const api = await openApi()
    await api.floor.commit(behindMs)
    expect((await api.json(base)).stale).toBe(stale)
  })

  test('an answer gets stale while nothing is committed', async () => {
    const api = await openApi()
    await api.floor.commit(0)
    expect((await api.json(base)).stale).toBe(false)
    api.floor.wait(10_001)
    expect((await api.json(base)).stale).toBe(true)
  })
})

describe('the clocks in the log', () => {
  test('values of a time that has not come are stale, beyond what clocks may differ', async () => {
    const api = await openApi()
    await api.floor.commit(0)
    api.floor.wait(-5_000)
    expect((await api.json(base)).stale).toBe(false)
    api.floor.wait(-1)
    expect((await api.json(base)).stale).toBe(true)
  })

  test('what is wrong with them stands in every answer, until it is over', async () => {
    const api = await openApi()
    const at = Date.parse('2026-03-02T10:00:00Z') as EpochMs
    api.floor.put(logClockKey, encodeClockProblem({ kind: 'ahead', byMs: 600_000, sinceMs: at }))
    await api.floor.commit()
    const clock = { problem: 'ahead', byMs: 600_000, since: '2026-03-02T10:00:00.000Z' }
    const addresses = [
      'kpis/live',
      'waiting',
      'agents',
      'refusals',
      'slices?dimension=queue',
      'kpis/periods?period=day&from=2026-03-02&to=2026-03-03',
    ]
    for (const address of addresses)
      expect(await api.json(`/v1/tenants/acme/${address}`)).toMatchObject({ clock })
    api.floor.put(logClockKey, null)
    await api.floor.commit()
    expect(await api.json(base)).toMatchObject({ clock: null })
  })
})

test('the OpenAPI document is of KPIs alone, and offers nothing that is always refused', async () => {
  const { get } = await openApi()
  const { paths } = (await get('/openapi.json')).json<{
    readonly paths: Readonly<
      Record<string, { readonly get: { readonly parameters: readonly object[] } }>
    >
  }>()
  const own = [
    '/v1/kpis',
    ...[
      'kpis/live',
      'kpis/periods',
      'kpis/explain',
      'kpis/closed',
      'waiting',
      'agents',
      'agents/{agent}/timeline',
      'intraday',
      'scorecards/{card}/periods/{period}',
      'scorecards/{card}/periods/{period}/agents/{agent}',
      'appeals',
      'scorecards',
      'refusals',
      'slices',
    ].map((name) => `/v1/tenants/{tenant}/${name}`),
  ]
  expect(Object.keys(paths)).toEqual(['/livez', '/readyz', '/metrics', '/v1/session', ...own])
  expect(paths['/v1/tenants/{tenant}/kpis/periods']?.get.parameters).toMatchObject([
    { name: 'tenant', required: true },
    { name: 'period', required: true },
    { name: 'from', schema: { anyOf: [{ format: 'date' }, { format: 'date-time' }] } },
    { name: 'to', schema: { anyOf: [{ format: 'date' }, { format: 'date-time' }] } },
    { name: 'slice', schema: { type: 'array', maxItems: 1_000 } },
    { name: 'kpis' },
    { name: 'clock', schema: { enum: ['calendar', 'business'] } },
    { name: 'by', schema: { enum: ['event', 'entry'] } },
    { name: 'lang', schema: { enum: ['en', 'zh'] } },
    { name: 'revision' },
    { name: 'format', schema: { enum: ['json', 'csv'] } },
    { name: 'layout', schema: { enum: ['long', 'wide'] } },
    { name: 'bom', schema: { enum: ['true', 'false'] } },
    { name: 'limit', schema: { type: 'integer', minimum: 1, maximum: 1_000 } },
    { name: 'cursor' },
  ])
})
