import type { AlertResponse, RuleListResponse, SilenceListResponse } from '@deskpulse/contract'
import type { Principal } from '@deskpulse/runtime'
import { describe, expect, test } from 'vitest'
import { openWorld, type World } from './testing/world.ts'

const base = '/v1/tenants/acme'
const li: Principal = {
  ...{ id: '0123456789ab', name: 'Li', tenants: 'all' },
  scopes: new Set(['read', 'alerts'] as const),
}
const who = { id: li.id, name: 'Li' }
const silenced = { comment: 'moving desks', matchers: [], duration: '2h' }

const actions = (world: World) => world.audited().map(({ action }) => action)

async function fired(world: World): Promise<string> {
  const alertId = await world.transition()
  await world.until<AlertResponse>(`${base}/alerts/${alertId}`, ({ status }) => status === 'firing')
  return alertId
}

describe('the audit has', () => {
  test('an acknowledgement, and the one that it replaces', async () => {
    const world = await openWorld({ principal: li })
    const alertId = await fired(world)
    const url = `${base}/alerts/${alertId}/acknowledge`
    const comments = ['I call', 'I called']
    for (const comment of comments) await world.ask('POST', url, { comment })
    const [first, second] = comments.map((comment) => ({ author: 'Li', comment }))
    const entry = { action: 'alert.acknowledge', object: alertId, tenant: 'acme', who }
    expect(world.audited()).toMatchObject([
      { ...entry, before: null, after: first },
      { ...entry, before: first, after: second },
    ])
  })

  test('a silence as it is listed, when it is made and when it is ended', async () => {
    const world = await openWorld({ principal: li })
    const made = await world.ask('POST', `${base}/silences`, silenced)
    const silence = made.json<SilenceListResponse['rows'][number]>()
    expect((await world.ask('DELETE', `${base}/silences/${silence.id}`)).statusCode).toBe(204)
    const entry = { object: silence.id, tenant: 'acme', who }
    expect(world.audited()).toMatchObject([
      { ...entry, action: 'silence.create', before: null, after: silence },
      { ...entry, action: 'silence.end', before: silence, after: null },
    ])
  })

  test('a rule before and after, and nothing of one that is sent back as it is', async () => {
    const world = await openWorld({ principal: li })
    const url = `${base}/alert-rules/customer-waiting`
    const { rows } = await world.json<RuleListResponse>(`${base}/alert-rules`)
    const shipped = rows.find(({ rule }) => rule.name === 'customer-waiting')
    const rule = { name: 'customer-waiting', limit: '45s' }
    const put = async () => (await world.ask('PUT', url, { rule })).json<{ version: string }>()
    const own = await put()
    await put()
    await world.ask('DELETE', url)
    const entry = { object: 'customer-waiting', tenant: 'acme', who }
    expect(world.audited()).toMatchObject([
      { ...entry, action: 'rule.put', before: { version: null, rule: shipped }, after: own },
      { ...entry, action: 'rule.delete', before: own, after: { rule: shipped } },
    ])
  })

  test('what is asked of an endpoint, and of a message to it', async () => {
    const world = await openWorld({ principal: li })
    const url = '/v1/alert-endpoints/floor'
    await world.ask('POST', `${url}/test`, {})
    await world.until<{ rows: { status: string }[] }>(
      `${url}/deliveries`,
      ({ rows }) => rows[0]?.status === 'delivered',
    )
    const { rows } = await world.json<{ rows: { id: string }[] }>(`${url}/deliveries`)
    await world.ask('POST', `${url}/deliveries/${rows[0]!.id}/resend`, {})
    await world.ask('POST', `${url}/enable`, {})
    const entry = { tenant: null, who }
    const disabled = { disabled: null }
    expect(world.audited()).toMatchObject([
      { ...entry, action: 'endpoint.test', object: 'floor', before: null, after: null },
      {
        ...{ ...entry, action: 'delivery.resend', object: rows[0]!.id },
        ...{ before: null, after: { endpoint: 'floor' } },
      },
      { ...entry, action: 'endpoint.enable', object: 'floor', before: disabled, after: disabled },
    ])
  })

  test('nothing of what is refused, and nothing of a dry run', async () => {
    const world = await openWorld({ principal: li })
    const none = '0'.repeat(32)
    await world.ask('POST', `${base}/alerts/${none}/acknowledge`, {})
    await world.ask('DELETE', `${base}/silences/none`)
    await world.ask('DELETE', `${base}/alert-rules/none`)
    await world.ask('POST', '/v1/alert-endpoints/none/test', {})
    const rule = { name: 'customer-waiting' }
    await world.ask('POST', `${base}/alert-rules/dry-run`, { rule })
    expect(actions(world)).toEqual([])
  })
})

describe('a change bears', () => {
  test('the name of the key, whatever was typed', async () => {
    const world = await openWorld({ principal: li })
    const made = await world.ask('POST', `${base}/silences`, { ...silenced, author: 'Wang' })
    expect(made.json()).toMatchObject({ author: 'Li' })
    expect(world.audited()).toMatchObject([{ who }])
  })

  test('the typed name where nobody is asked', async () => {
    const world = await openWorld()
    const made = await world.ask('POST', `${base}/silences`, { ...silenced, author: 'Wang' })
    expect(made.json()).toMatchObject({ author: 'Wang' })
    expect(world.audited()).toMatchObject([{ who: { id: 'everybody', name: 'Wang' } }])
  })

  const alert = `${base}/alerts/${'0'.repeat(32)}`
  const rule = { name: 'customer-waiting' }
  const all: readonly {
    readonly method: 'POST' | 'PUT' | 'DELETE'
    readonly url: string
    readonly body?: object
  }[] = [
    { method: 'POST', url: `${alert}/acknowledge`, body: {} },
    { method: 'POST', url: `${base}/silences`, body: silenced },
    { method: 'DELETE', url: `${base}/silences/s-1` },
    { method: 'PUT', url: `${base}/alert-rules/customer-waiting`, body: { rule } },
    { method: 'DELETE', url: `${base}/alert-rules/customer-waiting` },
    { method: 'POST', url: '/v1/alert-endpoints/floor/test', body: {} },
    { method: 'POST', url: '/v1/alert-endpoints/floor/enable', body: {} },
    { method: 'POST', url: '/v1/alert-endpoints/floor/deliveries/d-1/resend', body: {} },
  ]
  test.each(all)('one, or $method $url is refused', async ({ method, url, body }) => {
    const world = await openWorld()
    const response = await world.ask(method, url, body)
    const path = method === 'DELETE' ? 'author' : '/author'
    expect([response.statusCode, response.json()]).toMatchObject([
      400,
      { code: 'bad-request', errors: [{ path }] },
    ])
    expect(world.audited()).toEqual([])
  })
})
