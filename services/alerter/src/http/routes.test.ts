import type {
  AlertListResponse,
  AlertResponse,
  DeliveryListResponse,
  DryRunResponse,
  EndpointListResponse,
  RuleChangedResponse,
  RuleListResponse,
  SilenceListResponse,
  SilenceResponse,
} from '@deskpulse/contract'
import type { EpochMs, EventData, EventType } from '@deskpulse/core'
import { DeskpulseError, type StateStore } from '@deskpulse/stream'
import { describe, expect, test } from 'vitest'
import { openWorld, startMs, type World } from './testing/world.ts'

const base = '/v1/tenants/acme'
const json = { 'content-type': 'application/json' }
const list = `${base}/alerts`
const ids = ({ rows }: AlertListResponse) => rows.map(({ alertId }) => alertId)
const firing = (world: World, count: number) => world.until<AlertListResponse>(`${list}?status=firing`, ({ rows }) => rows.length === count)

describe('alerts', () => {
  test('are listed with why, since when, and who was told', async () => {
    const world = await openWorld()
    const alertId = await world.transition()
    const alert = await world.until<AlertResponse>(
      `${list}/${alertId}`.replace('//', '/'),
      ({ told }) => told?.endpoints[0]?.status === 'delivered',
    )
    expect(alert).toMatchObject({
      ...{ alertId, tenant: 'acme', rule: 'customer-waiting', status: 'firing', contactId: 'c-17', agentId: null, value: 30_000 },
      ...{ since: '2026-03-02T01:00:27.020Z', startedAt: '2026-03-02T01:00:57.020Z', endedAt: null, late: false, silencedBy: [] },
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
    await world.transition({ contactId: 'c-1', status: 'resolved', endedMs: world.nowMs(), end: 'over' })
    await world.until<AlertListResponse>(`${list}?status=resolved`, ({ rows }) => rows.length === 1)
    await firing(world, 4)
    const pages: string[][] = []
    for (let cursor: string | undefined = ''; cursor !== undefined;) {
      const page: AlertListResponse = await world.json(`${list}?limit=2${cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`}`)
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
    const found = await world.until<AlertListResponse>('/v1/tenants/_installation/alerts', ({ rows }) => rows.length === 1)
    expect(found).toMatchObject({ stale: false, rows: [{ alertId, tenant: '_installation' }] })
  })
})

describe('an acknowledgement', () => {
  test('is answered with the alert that it is of', async () => {
    const world = await openWorld()
    const alertId = await world.transition()
    await firing(world, 1)
    const response = await world.ask('POST', `${list}/${alertId}/acknowledge`, { author: '李', comment: 'I call' })
    expect(response.statusCode).toBe(200)
    expect(response.json()).toMatchObject({ alertId, acknowledgement: { author: '李', comment: 'I call', at: '2026-03-02T01:00:57.020Z' } })
  })

  test('of an alert that is over is refused', async () => {
    const world = await openWorld()
    const alertId = await world.transition()
    await world.transition({ status: 'resolved', endedMs: world.nowMs(), end: 'over' })
    await world.until<AlertListResponse>(`${list}?status=resolved`, ({ rows }) => rows.length === 1)
    const response = await world.ask('POST', `${list}/${alertId}/acknowledge`, { author: 'Li' })
    expect([response.statusCode, response.json<{ code: string }>().code]).toEqual([409, 'alert-over'])
  })

  test('of an alert that nobody knows is refused', async () => {
    const world = await openWorld()
    const response = await world.ask('POST', `${list}/${'0'.repeat(32)}/acknowledge`, { author: 'Li' })
    expect([response.statusCode, response.json<{ code: string }>().code]).toEqual([404, 'unknown-alert'])
  })
})

describe('a silence', () => {
  const silences = `${base}/silences`
  const asked = { author: 'Li', comment: 'moving', matchers: [{ on: 'rule', value: 'customer-waiting' }], duration: '1h' }

  test('is in force when it is answered, and its alerts say so', async () => {
    const world = await openWorld()
    const response = await world.ask('POST', silences, asked)
    expect(response.statusCode).toBe(201)
    const silence = response.json<SilenceResponse>()
    expect(silence).toMatchObject({ author: 'Li', status: 'in-force', endsAt: '2026-03-02T02:00:57.020Z' })
    const alertId = await world.transition()
    await firing(world, 1)
    expect(await world.json(`${list}/${alertId}`)).toMatchObject({ silencedBy: [silence.id], told: { why: 'silenced', endpoints: [] } })
    expect(await world.json(silences)).toEqual({ rows: [silence] })
  })

  test('ends early', async () => {
    const world = await openWorld()
    const { id } = (await world.ask('POST', silences, asked)).json<SilenceResponse>()
    world.wait(60_000)
    expect((await world.ask('DELETE', `${silences}/${id}?author=Wang`)).statusCode).toBe(204)
    expect(await world.json<SilenceListResponse>(silences)).toMatchObject({ rows: [{ id, status: 'over' }] })
    const again = await world.ask('DELETE', `${silences}/${id}?author=Wang`)
    expect([again.statusCode, again.json<{ code: string }>().code]).toEqual([404, 'unknown-silence'])
  })

  test('that is to come never comes, when it is ended', async () => {
    const world = await openWorld()
    const { id } = (await world.ask('POST', silences, { ...asked, startsAt: '2026-03-02T03:00:00.000Z' })).json<SilenceResponse>()
    expect((await world.ask('DELETE', `${silences}/${id}?author=Wang`)).statusCode).toBe(204)
    expect((await world.ask('DELETE', `${silences}/${id}?author=Wang`)).statusCode).toBe(404)
  })

  test.each([
    { change: { duration: undefined }, path: '/endsAt' },
    { change: { author: '' }, path: '/author' },
    { change: { matchers: [{ on: 'mood', value: 'x' }] }, path: '/matchers/0/on' },
  ])('with $change is refused at $path', async ({ change, path }) => {
    const world = await openWorld()
    const response = await world.ask('POST', silences, { ...asked, ...change })
    expect(response.statusCode).toBe(400)
    expect(response.json<{ errors: { path: string }[] }>().errors.map((error) => error.path)).toContain(path)
  })
})

describe('rules', () => {
  const rules = `${base}/alert-rules`
  const waiting = `${rules}/customer-waiting`
  const change = (limit: string) => ({ author: 'Li', rule: { name: 'customer-waiting', limit } })

  test('are those that came with Deskpulse, until somebody says otherwise', async () => {
    const world = await openWorld()
    const { version, rows, versions } = await world.json<RuleListResponse>(rules)
    expect([version, versions]).toEqual([null, []])
    expect(rows.find(({ rule }) => rule.name === 'customer-waiting')).toMatchObject({ origin: 'shipped', rule: { limit: 30_000 } })
  })

  test('are changed, in force with the answer, and are the installation’s again when the change is taken back', async () => {
    const world = await openWorld()
    const put = await world.ask('PUT', waiting, change('45s'))
    expect(put.statusCode).toBe(200)
    const changed = put.json<RuleChangedResponse>()
    expect(changed.rule).toMatchObject({ origin: 'api', rule: { limit: 45_000, waits: ['reply', 'queue'] } })
    const seen = await world.json<RuleListResponse>(rules)
    expect(seen).toMatchObject({ version: changed.version, versions: [{ origin: 'api', author: 'Li' }] })
    const back = await world.ask('DELETE', `${waiting}?author=Li&version=${changed.version}`)
    expect(back.json()).toMatchObject({ rule: { origin: 'shipped', rule: { limit: 30_000 } } })
  })

  test('sent back as they were read change nothing', async () => {
    const world = await openWorld()
    const { rows } = await world.json<RuleListResponse>(rules)
    for (const { rule } of rows) {
      const response = await world.ask('PUT', `${rules}/${rule.name}`, { author: 'Li', rule })
      expect(response.json<RuleChangedResponse>().rule?.rule, response.body).toEqual(rule)
    }
  })

  test('that have changed meanwhile are a conflict', async () => {
    const world = await openWorld()
    const first = (await world.ask('PUT', waiting, { ...change('45s'), version: null })).json<RuleChangedResponse>()
    const second = await world.ask('PUT', waiting, { ...change('50s'), version: null })
    expect([second.statusCode, second.json<{ code: string }>().code]).toEqual([409, 'rule-conflict'])
    const byHeader = await world.ask('PUT', waiting, change('50s'), { 'if-match': '"other"' })
    expect(byHeader.statusCode).toBe(409)
    const third = await world.ask('PUT', waiting, change('50s'), { 'if-match': `"${first.version}"` })
    expect(third.statusCode).toBe(200)
  })

  test('of nobody’s own cannot be removed', async () => {
    const world = await openWorld()
    const shipped = await world.ask('DELETE', `${waiting}?author=Li`)
    expect([shipped.statusCode, shipped.json<{ code: string }>().code]).toEqual([409, 'rule-not-own'])
    const unknown = await world.ask('DELETE', `${rules}/nothing?author=Li`)
    expect([unknown.statusCode, unknown.json<{ code: string }>().code]).toEqual([404, 'unknown-rule'])
  })

  test('that ask for what does not exist are refused with every member at fault', async () => {
    const world = await openWorld()
    const windowed = { kind: 'windowed', window: '5m', comparison: 'above', threshold: 1 }
    const response = await world.ask('PUT', `${rules}/luck`, { author: 'Li', rule: { name: 'luck', ...windowed, kpi: 'luck' } })
    expect([response.statusCode, response.json<{ code: string }>().code]).toEqual([404, 'unknown-kpi'])
    expect(response.json<{ errors: { path: string }[] }>().errors.map(({ path }) => path)).toContain('/rule/kpi')
    const named = await world.ask('PUT', `${rules}/other`, change('45s'))
    expect(named.json<{ errors: { path: string }[] }>().errors[0]?.path).toBe('/rule/name')
  })

  test('have room for dozens with the longest texts; what has none changes nothing', async () => {
    const world = await openWorld()
    const text = { en: 'x'.repeat(900), zh: '等'.repeat(900) }
    const rule = (n: number) => ({ name: `waiting-${n}`, kind: 'deadline', subject: 'contact', limit: '30s', severity: 'info', text })
    let answer = { statusCode: 200, body: '' }
    let taken = 0
    while (answer.statusCode === 200) {
      answer = await world.ask('PUT', `${rules}/waiting-${taken}`, { author: 'Li', rule: rule(taken) })
      if (answer.statusCode === 200) taken += 1
    }
    expect(JSON.parse(answer.body)).toMatchObject({ status: 409, code: 'limit-reached' })
    expect(taken).toBeGreaterThan(50)
    const { rows } = await world.json<RuleListResponse>(rules)
    expect(rows.filter(({ origin }) => origin === 'api').length).toBe(taken)
  })
})

describe('a dry run', () => {
  let serial = 0
  const event = (atMs: number, type: EventType, data: EventData) => {
    serial += 1
    return { type, id: String(serial), source: '/s', timeMs: atMs as EpochMs, sequence: '0', tenant: 'acme', data }
  }
  const dryRun = (world: World, body: object) => world.ask('POST', `${base}/alert-rules/dry-run`, body)

  test('says what the rule would have done', async () => {
    const world = await openWorld()
    const opens = event(startMs, 'contact.opened', { contactId: 'c', channel: 'chat', queue: 'billing' })
    await world.events(opens, event(startMs, 'message.sent', { contactId: 'c', from: 'customer' }))
    world.wait(40_000)
    await world.events(event(startMs + 40_000, 'message.sent', { contactId: 'c', from: 'agent', agentId: 'a' }))
    const found = (await dryRun(world, { rule: { name: 'customer-waiting' } })).json<DryRunResponse>()
    expect(found).toMatchObject({ count: 1, entries: 3, notes: [], alerts: [{ subject: 'contact/c', value: 40_000, retracted: false }] })
    const patient = (await dryRun(world, { rule: { name: 'customer-waiting', limit: '1m' } })).json<DryRunResponse>()
    expect(patient).toMatchObject({ count: 0, rule: { limit: 60_000 } })
  })

  test('of what is not kept is refused', async () => {
    const world = await openWorld()
    const response = await dryRun(world, { rule: { name: 'pipeline-stalled' } })
    expect([response.statusCode, response.json<{ code: string }>().code]).toEqual([400, 'not-supported'])
  })

  test('over nothing is refused', async () => {
    const world = await openWorld()
    const response = await dryRun(world, { rule: { name: 'customer-waiting' }, from: '2026-03-02', to: '2026-03-01' })
    expect([response.statusCode, response.json<{ errors: { path: string }[] }>().errors[0]?.path]).toEqual([400, '/to'])
  })
})

describe('endpoints', () => {
  test('are listed without address and secret', async () => {
    const world = await openWorld()
    await world.transition()
    const { rows } = await world.until<EndpointListResponse>('/v1/alert-endpoints', ({ rows: [one] }) => one?.lastDeliveredAt !== null)
    expect(rows).toMatchObject([{ name: 'floor', kind: 'webhook', host: 'hooks.example', status: 'healthy', waiting: 0, disabled: null }])
    expect(JSON.stringify(rows)).not.toMatch(/whsec|k1/)
  })

  test('show each message with its attempts, and send it again under the same id', async () => {
    const world = await openWorld()
    await world.transition()
    const url = '/v1/alert-endpoints/floor/deliveries'
    const first = await world.until<DeliveryListResponse>(url, ({ rows: [one] }) => one?.status === 'delivered')
    const { id } = first.rows[0]!
    expect(first.rows).toMatchObject([
      { alerts: [{ rule: 'customer-waiting' }], attempts: [{ number: 1, outcome: 'accepted', httpStatus: 200 }] },
    ])
    expect((await world.ask('POST', `${url}/${id}/resend`, { author: 'Li' })).statusCode).toBe(202)
    const { rows } = await world.until<DeliveryListResponse>(url, ({ rows: [one] }) => one?.attemptCount === 2)
    expect(rows).toMatchObject([{ id, status: 'delivered' }])
  })

  test('that gave up are enabled again', async () => {
    let status = 410
    const world = await openWorld({ answer: () => ({ kind: 'answered', answer: { status, headers: {}, body: '' } }) })
    await world.transition()
    const disabled = await world.until<EndpointListResponse>('/v1/alert-endpoints', ({ rows: [one] }) => one?.status === 'disabled')
    expect(disabled.rows[0]?.disabled).toMatchObject({ reason: 'gone' })
    status = 200
    expect((await world.ask('POST', '/v1/alert-endpoints/floor/enable', { author: 'Li' })).statusCode).toBe(202)
    await world.until<EndpointListResponse>('/v1/alert-endpoints', ({ rows: [one] }) => one?.status === 'healthy')
  })

  test('are tried', async () => {
    const world = await openWorld()
    expect((await world.ask('POST', '/v1/alert-endpoints/floor/test', { author: 'Li' })).statusCode).toBe(202)
    const url = '/v1/alert-endpoints/floor/deliveries'
    expect(await world.until<DeliveryListResponse>(url, ({ rows }) => rows.length === 1)).toMatchObject({ rows: [{ test: true }] })
  })

  test.each([
    { method: 'POST' as const, url: '/v1/alert-endpoints/nobody/test', code: 'unknown-endpoint' },
    { method: 'GET' as const, url: '/v1/alert-endpoints/nobody/deliveries', code: 'unknown-endpoint' },
    { method: 'POST' as const, url: '/v1/alert-endpoints/floor/deliveries/msg_1/resend', code: 'unknown-delivery' },
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
    { headers: { origin: 'http://10.0.0.7:8082', host: '10.0.0.7:8082', 'sec-fetch-site': 'same-origin' }, status: 400 },
    { headers: {}, status: 400 },
  ])('that changes something, with $headers, is answered $status', async ({ headers, status }) => {
    const world = await openWorld()
    const response = await world.ask('POST', silences, {}, headers)
    expect(response.statusCode).toBe(status)
    if (status === 403) expect(response.json()).toMatchObject({ code: 'cross-site' })
  })

  test.each([
    { payload: '{', headers: json, status: 400, code: 'not-json' },
    { payload: '{}', headers: { 'content-type': 'text/plain' }, status: 415, code: 'unsupported-media-type' },
    { payload: 'a=b', headers: { 'content-type': 'application/x-www-form-urlencoded' }, status: 415, code: 'unsupported-media-type' },
    { payload: JSON.stringify({ comment: 'x'.repeat(65_536) }), headers: json, status: 413, code: 'too-large' },
    { payload: '', headers: json, status: 400, code: 'bad-request' },
  ])('with a body that is $code', async ({ payload, headers, status, code }) => {
    const world = await openWorld()
    const response = await world.http.inject({ method: 'POST', url: silences, headers, payload })
    expect([response.statusCode, response.json<{ code: string }>().code]).toEqual([status, code])
  })

  test('by a method that is not offered is told which ones are', async () => {
    const world = await openWorld()
    const response = await world.ask('PATCH', silences)
    expect([response.statusCode, response.headers['allow'], response.json<{ code: string }>().code]).toEqual([
      405,
      'GET, HEAD, POST',
      'method-not-allowed',
    ])
  })

  test('while the store is away is 503, to be tried again', async () => {
    const away = async (): Promise<never> => {
      throw new DeskpulseError('STORE_UNAVAILABLE', 'away')
    }
    const world = await openWorld({ deps: { alertStore: { read: away } as unknown as StateStore } })
    const response = await world.ask('GET', list)
    expect([response.statusCode, response.headers['retry-after'], response.json<{ code: string }>().code]).toEqual([
      503,
      '2',
      'store-unavailable',
    ])
  })

  test('to the page brings nothing from elsewhere, and nothing inline', async () => {
    const world = await openWorld()
    const page = await world.ask('GET', '/alerts')
    expect(page.headers['content-security-policy']).toContain("default-src 'none'")
    expect(page.body).not.toMatch(/<script(?![^>]*src=)|style="|onclick=/)
    const again = await world.ask('GET', '/alerts', undefined, { 'if-none-match': page.headers.etag })
    expect(again.statusCode).toBe(304)
    expect(await world.json('/alerts/places.json')).toMatchObject({ tenants: ['acme'], boardPage: '/' })
  })
})
