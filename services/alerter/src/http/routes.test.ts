import {
  type AlertListResponse,
  type AlertResponse,
  decodeGapAcknowledgement,
  type DeliveryListResponse,
  type EndpointListResponse,
  entryKinds,
} from '@deskpulse/contract'
import type { EpochMs } from '@deskpulse/core/time'
import {
  decodeFrame,
  DeskpulseError,
  type Offset,
  type PartitionId,
  type StateStore,
} from '@deskpulse/stream'
import { describe, expect, test } from 'vitest'
import { openWorld, type World } from './testing/world.ts'

const base = '/v1/tenants/acme'
const json = { 'content-type': 'application/json' }
const list = `${base}/alerts`
const ids = ({ rows }: AlertListResponse) => rows.map(({ alertId }) => alertId)
const firing = (world: World, count: number) =>
  world.until<AlertListResponse>(`${list}?status=firing`, ({ rows }) => rows.length === count)

describe('alerts', () => {
  test('are listed with why, since when, and who was told', async () => {
    const world = await openWorld()
    const alertId = await world.transition()
    const alert = await world.until<AlertResponse>(
      `${list}/${alertId}`.replace('//', '/'),
      ({ told }) => told?.endpoints[0]?.status === 'delivered',
    )
    expect(alert).toMatchObject({
      ...{
        alertId,
        tenant: 'acme',
        rule: 'customer-waiting',
        status: 'firing',
        contactId: 'c-17',
        agentId: null,
        value: 30_000,
      },
      ...{
        since: '2026-03-02T01:00:27.020Z',
        startedAt: '2026-03-02T01:00:57.020Z',
        endedAt: null,
        late: false,
        silencedBy: [],
      },
      told: { why: 'told', endpoints: [{ endpoint: 'floor', status: 'delivered', attempts: 1 }] },
    })
    expect(alert.text.en).toContain('A customer has waited 30 s for an answer')
    expect(alert.text.zh).toContain('客户已等待')
    const answer = await world.json<AlertListResponse>(list)
    expect(answer).toMatchObject({ asOf: '2026-03-02T01:00:57.020Z', stale: false, rows: [alert] })
  })

  test('come in pages: those that fire, then those that are over, the newest first', async () => {
    const world = await openWorld()
    const began: string[] = []
    for (let n = 0; n < 5; n += 1) {
      began.push(await world.transition({ contactId: `c-${n}` }))
      world.wait(1_000)
    }
    await world.transition({
      contactId: 'c-1',
      status: 'resolved',
      endedMs: world.nowMs(),
      end: 'over',
    })
    await world.until<AlertListResponse>(`${list}?status=resolved`, ({ rows }) => rows.length === 1)
    await firing(world, 4)
    const pages: string[][] = []
    for (let cursor: string | undefined = ''; cursor !== undefined;) {
      const page: AlertListResponse = await world.json(
        `${list}?limit=2${cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`}`,
      )
      pages.push(ids(page))
      cursor = page.cursor
    }
    expect(pages.flat()).toEqual([4, 3, 2, 0, 1].map((n) => began[n]))
    expect(pages.every((page) => page.length <= 2)).toBe(true)
  })

  test('can be those of one rule', async () => {
    const world = await openWorld()
    await world.transition()
    const other = await world.transition({ rule: 'other', contactId: 'c-2' })
    await firing(world, 2)
    expect(ids(await world.json(`${list}?rule=other&limit=1`))).toEqual([other])
  })

  test('can be those of one queue, of whichever slice that fixes it', async () => {
    const world = await openWorld()
    await world.transition()
    const returns = await world.transition({ contactId: 'c-2', slice: 'queue=re%2Fturns' })
    const chats = await world.transition({
      contactId: 'c-3',
      slice: 'queue=re%2Fturns,channel=chat',
    })
    await world.transition({ contactId: 'c-4', slice: 'agent=re%2Fturns' })
    await firing(world, 4)
    const page = await world.json<AlertListResponse>(`${list}?queue=re/turns`)
    expect(new Set(ids(page))).toEqual(new Set([returns, chats]))
  })

  test.each([
    {
      range: 'from=2026-03-02T01:02:00Z&to=2026-03-02T01:03:00Z',
      shown: ['long', 'touching', 'instant'],
    },
    { range: 'from=2026-03-02T01:03:00Z', shown: ['firing', 'long'] },
    { range: 'to=2026-03-02T01:02:00Z', shown: ['long', 'before'] },
    {
      range: 'from=2026-03-02&to=2026-03-03',
      shown: ['firing', 'long', 'touching', 'instant', 'before'],
    },
    { range: 'to=2026-03-02T01:02:00Z&status=firing', shown: [] },
  ])('can be those that fired at some time of [from, to): $range', async ({ range, shown }) => {
    const world = await openWorld()
    const at = (minute: number) => Date.parse(`2026-03-02T01:0${minute}:00Z`) as EpochMs
    const fired = async (contactId: string, startedMs: EpochMs, endedMs: EpochMs | null) => {
      await world.transition({ contactId, startedMs })
      if (endedMs !== null)
        await world.transition({ contactId, startedMs, status: 'resolved', endedMs, end: 'over' })
    }
    await fired('before', at(1), at(2))
    await fired('instant', at(2), at(2))
    await fired('touching', at(2), (at(3) - 1) as EpochMs)
    await fired('long', at(1), at(4))
    await fired('firing', at(5), null)
    await world.until<AlertListResponse>(`${list}?status=resolved`, ({ rows }) => rows.length === 4)
    await firing(world, 1)
    const { rows } = await world.json<AlertListResponse>(`${list}?${range}`)
    expect(new Set(rows.map(({ contactId }) => contactId))).toEqual(new Set(shown))
  })

  test('that a filter leaves fill their pages, however many others stand between them', async () => {
    const world = await openWorld()
    for (let n = 0; n < 12; n += 1) {
      await world.transition({
        contactId: `c-${n}`,
        slice: n % 4 === 0 ? 'queue=rare' : 'queue=billing',
      })
      world.wait(1_000)
    }
    await firing(world, 12)
    const first = await world.json<AlertListResponse>(`${list}?queue=rare&limit=2`)
    expect(first.rows.map(({ contactId }) => contactId)).toEqual(['c-8', 'c-4'])
    const rest = await world.json<AlertListResponse>(
      `${list}?queue=rare&limit=2&cursor=${first.cursor}`,
    )
    expect(rest.rows.map(({ contactId }) => contactId)).toEqual(['c-0'])
    expect(rest).not.toHaveProperty('cursor')
  })

  test('are stale when the values that they are made of are late', async () => {
    const world = await openWorld()
    await world.heartbeat(10_001)
    expect(await world.json(list)).toMatchObject({ stale: true })
  })

  test.each([
    { url: '/v1/tenants/nobody/alerts', status: 404, code: 'unknown-tenant' },
    { url: `${list}/${'0'.repeat(32)}`, status: 404, code: 'unknown-alert' },
    { url: `${list}/short`, status: 400, code: 'bad-request' },
    { url: `${list}?cursor=x`, status: 400, code: 'bad-request' },
    { url: `${list}?status=odd`, status: 400, code: 'bad-request' },
    { url: `${list}?from=yesterday`, status: 400, code: 'bad-request' },
    { url: `${list}?from=2026-03-02&to=2026-03-02`, status: 400, code: 'bad-request' },
    { url: `${list}?to=2026-03-02T25:00:00Z`, status: 400, code: 'bad-request' },
    { url: `${list}?queue=`, status: 400, code: 'bad-request' },
  ])('$url is $status $code', async ({ url, status, code }) => {
    const world = await openWorld()
    const response = await world.ask('GET', url)
    expect([response.statusCode, response.json<{ code: string }>().code]).toEqual([status, code])
    expect(response.headers['content-type']).toContain('application/problem+json')
  })

  test('of the installation itself stand under a name that no tenant has', async () => {
    const world = await openWorld()
    const rule = {
      tenant: '_installation',
      rule: 'endpoint-disabled',
      subject: 'endpoint/floor',
      slice: 'all',
      severity: 'critical',
    } as const
    const alertId = await world.transition(rule)
    const found = await world.until<AlertListResponse>(
      '/v1/tenants/_installation/alerts',
      ({ rows }) => rows.length === 1,
    )
    expect(found).toMatchObject({ stale: false, rows: [{ alertId, tenant: '_installation' }] })
  })
})

describe('an acknowledgement', () => {
  test('is answered with the alert that it is of', async () => {
    const world = await openWorld()
    const alertId = await world.transition()
    await firing(world, 1)
    const response = await world.ask('POST', `${list}/${alertId}/acknowledge`, {
      author: '李',
      comment: 'I call',
    })
    expect(response.statusCode).toBe(200)
    expect(response.json()).toMatchObject({
      alertId,
      acknowledgement: { author: '李', comment: 'I call', at: '2026-03-02T01:00:57.020Z' },
    })
  })

  test('of an alert that is over is refused', async () => {
    const world = await openWorld()
    const alertId = await world.transition()
    await world.transition({ status: 'resolved', endedMs: world.nowMs(), end: 'over' })
    await world.until<AlertListResponse>(`${list}?status=resolved`, ({ rows }) => rows.length === 1)
    const response = await world.ask('POST', `${list}/${alertId}/acknowledge`, { author: 'Li' })
    expect([response.statusCode, response.json<{ code: string }>().code]).toEqual([
      409,
      'alert-over',
    ])
  })

  test('of lost records is an entry of the log, which ends the alert and what answers say of them', async () => {
    const world = await openWorld()
    const of = {
      tenant: '_installation',
      rule: 'records-lost',
      subject: 'records/raw-0-50',
      slice: 'all',
      unit: 'count',
    } as const
    const alertId = await world.transition(of)
    const ofInstallation = '/v1/tenants/_installation/alerts'
    const { rows } = await world.until<AlertListResponse>(
      ofInstallation,
      (found) => found.rows.length === 1,
    )
    expect(rows[0]?.text.en).toContain('were gone before they were counted (records raw-0-50)')
    const response = await world.ask('POST', `${ofInstallation}/${alertId}/acknowledge`, {
      author: 'Li',
      comment: 'sent again',
    })
    expect(response.statusCode).toBe(200)
    const records = await world.log.read('deskpulse.log', 0 as PartitionId, 0 as Offset, 100)
    const entries = records.flatMap(({ value }) => decodeFrame(value!).entries)
    expect(
      entries.map(({ tenant, kind, bytes }) => ({
        tenant,
        kind,
        ...decodeGapAcknowledgement(bytes),
      })),
    ).toEqual([
      {
        tenant: '_installation',
        kind: entryKinds.gapAcknowledgement,
        gapId: 'raw-0-50',
        author: 'Li',
        comment: 'sent again',
        atMs: world.nowMs(),
      },
    ])
  })

  test('of an alert that nobody knows is refused', async () => {
    const world = await openWorld()
    const response = await world.ask('POST', `${list}/${'0'.repeat(32)}/acknowledge`, {
      author: 'Li',
    })
    expect([response.statusCode, response.json<{ code: string }>().code]).toEqual([
      404,
      'unknown-alert',
    ])
  })
})

describe('endpoints', () => {
  test('are listed without address and secret', async () => {
    const world = await openWorld()
    await world.transition()
    const { rows } = await world.until<EndpointListResponse>(
      '/v1/alert-endpoints',
      ({ rows: [one] }) => one?.lastDeliveredAt !== null,
    )
    expect(rows).toMatchObject([
      {
        name: 'floor',
        kind: 'webhook',
        host: 'hooks.example',
        status: 'healthy',
        waiting: 0,
        disabled: null,
      },
    ])
    expect(JSON.stringify(rows)).not.toMatch(/whsec|k1/)
  })

  test('show each message with its attempts, and send it again under the same id', async () => {
    const world = await openWorld()
    await world.transition()
    const url = '/v1/alert-endpoints/floor/deliveries'
    const first = await world.until<DeliveryListResponse>(
      url,
      ({ rows: [one] }) => one?.status === 'delivered',
    )
    const { id } = first.rows[0]!
    expect(first.rows).toMatchObject([
      {
        alerts: [{ rule: 'customer-waiting' }],
        attempts: [{ number: 1, outcome: 'accepted', httpStatus: 200 }],
      },
    ])
    expect((await world.ask('POST', `${url}/${id}/resend`, { author: 'Li' })).statusCode).toBe(202)
    const { rows } = await world.until<DeliveryListResponse>(
      url,
      ({ rows: [one] }) => one?.attemptCount === 2,
    )
    expect(rows).toMatchObject([{ id, status: 'delivered' }])
  })

  test('that gave up are enabled again', async () => {
    let status = 410
    const world = await openWorld({
      answer: () => ({ kind: 'answered', answer: { status, headers: {}, body: '' } }),
    })
    await world.transition()
    const disabled = await world.until<EndpointListResponse>(
      '/v1/alert-endpoints',
      ({ rows: [one] }) => one?.status === 'disabled',
    )
    expect(disabled.rows[0]?.disabled).toMatchObject({ reason: 'gone' })
    status = 200
    expect(
      (await world.ask('POST', '/v1/alert-endpoints/floor/enable', { author: 'Li' })).statusCode,
    ).toBe(202)
    await world.until<EndpointListResponse>(
      '/v1/alert-endpoints',
      ({ rows: [one] }) => one?.status === 'healthy',
    )
  })

  test('are tried', async () => {
    const world = await openWorld()
    expect(
      (await world.ask('POST', '/v1/alert-endpoints/floor/test', { author: 'Li' })).statusCode,
    ).toBe(202)
    const url = '/v1/alert-endpoints/floor/deliveries'
    expect(
      await world.until<DeliveryListResponse>(url, ({ rows }) => rows.length === 1),
    ).toMatchObject({ rows: [{ test: true }] })
  })

  test.each([
    { method: 'POST' as const, url: '/v1/alert-endpoints/nobody/test', code: 'unknown-endpoint' },
    {
      method: 'GET' as const,
      url: '/v1/alert-endpoints/nobody/deliveries',
      code: 'unknown-endpoint',
    },
    {
      method: 'POST' as const,
      url: '/v1/alert-endpoints/floor/deliveries/msg_1/resend',
      code: 'unknown-delivery',
    },
  ])('$method $url is 404 $code', async ({ method, url, code }) => {
    const world = await openWorld()
    const response = await world.ask(method, url, method === 'POST' ? { author: 'Li' } : undefined)
    expect([response.statusCode, response.json<{ code: string }>().code]).toEqual([404, code])
  })
})

describe('a request', () => {
  const silences = `${base}/silences`

  test.each([
    { headers: { 'sec-fetch-site': 'cross-site' }, status: 403 },
    { headers: { 'sec-fetch-site': 'same-site' }, status: 403 },
    { headers: { origin: 'https://evil.example', host: 'desk.example' }, status: 403 },
    { headers: { origin: 'null', host: 'desk.example' }, status: 403 },
    { headers: { origin: 'https://desk.example', host: '10.0.0.7:8082' }, status: 400 },
    {
      headers: {
        origin: 'http://10.0.0.7:8082',
        host: '10.0.0.7:8082',
        'sec-fetch-site': 'same-origin',
      },
      status: 400,
    },
    { headers: {}, status: 400 },
  ])('that changes something, with $headers, is answered $status', async ({ headers, status }) => {
    const world = await openWorld()
    const response = await world.ask('POST', silences, {}, headers)
    expect(response.statusCode).toBe(status)
    if (status === 403) expect(response.json()).toMatchObject({ code: 'cross-site' })
  })

  test.each([
    { payload: '{', headers: json, status: 400, code: 'not-json' },
    {
      payload: '{}',
      headers: { 'content-type': 'text/plain' },
      status: 415,
      code: 'unsupported-media-type',
    },
    {
      payload: 'a=b',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      status: 415,
      code: 'unsupported-media-type',
    },
    {
      payload: JSON.stringify({ comment: 'x'.repeat(65_536) }),
      headers: json,
      status: 413,
      code: 'too-large',
    },
    { payload: '', headers: json, status: 400, code: 'bad-request' },
  ])('with a body that is $code', async ({ payload, headers, status, code }) => {
    const world = await openWorld()
    const response = await world.http.inject({ method: 'POST', url: silences, headers, payload })
    expect([response.statusCode, response.json<{ code: string }>().code]).toEqual([status, code])
  })

  test('by a method that is not offered is told which ones are', async () => {
    const world = await openWorld()
    const response = await world.ask('PATCH', silences)
    expect([
      response.statusCode,
      response.headers['allow'],
      response.json<{ code: string }>().code,
    ]).toEqual([405, 'GET, HEAD, POST', 'method-not-allowed'])
  })

  test('while the store is away is 503, to be tried again', async () => {
    const away = async (): Promise<never> => {
      throw new DeskpulseError('STORE_UNAVAILABLE', 'away')
    }
    const world = await openWorld({ deps: { alertStore: { read: away } as unknown as StateStore } })
    const response = await world.ask('GET', list)
    expect([
      response.statusCode,
      response.headers['retry-after'],
      response.json<{ code: string }>().code,
    ]).toEqual([503, '2', 'store-unavailable'])
  })

  test('to the page brings nothing from elsewhere, and nothing inline', async () => {
    const world = await openWorld()
    const page = await world.ask('GET', '/alerts')
    expect(page.headers['content-security-policy']).toContain("default-src 'none'")
    expect(page.body).not.toMatch(/<script(?![^>]*src=)|style="|onclick=/)
    const again = await world.ask('GET', '/alerts', undefined, {
      'if-none-match': page.headers.etag,
    })
    expect(again.statusCode).toBe(304)
    expect(await world.json('/alerts/places.json')).toMatchObject({
      tenants: ['acme'],
      boardPage: '/',
      words: { zh: { rules: { 'customer-waiting': '客户等待超时' } } },
    })
  })
})

test('the OpenAPI document is of alerts alone', async () => {
  const { http } = await openWorld()
  const { paths } = (await http.inject('/openapi.json')).json<{ readonly paths: object }>()
  const own = Object.keys(paths).filter(
    (path) => !['/livez', '/readyz', '/metrics', '/v1/session'].includes(path),
  )
  expect(own.filter((path) => !/alert|silence/.test(path))).toEqual([])
  expect(own).toHaveLength(13)
})
