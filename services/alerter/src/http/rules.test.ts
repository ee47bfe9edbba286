import type { DryRunResponse, RuleChangedResponse, RuleListResponse } from '@deskpulse/contract'
import type { EventData, EventType } from '@deskpulse/core/events'
import type { EpochMs } from '@deskpulse/core/time'
import { describe, expect, test } from 'vitest'
import { openWorld, startMs, type World } from './testing/world.ts'

const base = '/v1/tenants/acme'

describe('rules', () => {
  const rules = `${base}/alert-rules`
  const waiting = `${rules}/customer-waiting`
  const change = (limit: string) => ({ author: 'Li', rule: { name: 'customer-waiting', limit } })

  test('are those that came with Deskpulse, until somebody says otherwise', async () => {
    const world = await openWorld()
    const { version, rows, versions } = await world.json<RuleListResponse>(rules)
    expect([version, versions]).toEqual([null, []])
    expect(rows.find(({ rule }) => rule.name === 'customer-waiting')).toMatchObject({
      origin: 'shipped',
      rule: { limit: 30_000 },
    })
  })

  test('are changed, in force with the answer, and are the installation’s again when the change is taken back', async () => {
    const world = await openWorld()
    const put = await world.ask('PUT', waiting, change('45s'))
    expect(put.statusCode).toBe(200)
    const changed = put.json<RuleChangedResponse>()
    expect(changed.rule).toMatchObject({
      origin: 'api',
      rule: { limit: 45_000, waits: ['reply', 'queue'] },
    })
    const seen = await world.json<RuleListResponse>(rules)
    expect(seen).toMatchObject({
      version: changed.version,
      versions: [{ origin: 'api', author: 'Li' }],
    })
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
    const first = (
      await world.ask('PUT', waiting, { ...change('45s'), version: null })
    ).json<RuleChangedResponse>()
    const second = await world.ask('PUT', waiting, { ...change('50s'), version: null })
    expect([second.statusCode, second.json<{ code: string }>().code]).toEqual([
      409,
      'rule-conflict',
    ])
    const byHeader = await world.ask('PUT', waiting, change('50s'), { 'if-match': '"other"' })
    expect(byHeader.statusCode).toBe(409)
    const third = await world.ask('PUT', waiting, change('50s'), {
      'if-match': `"${first.version}"`,
    })
    expect(third.statusCode).toBe(200)
  })

  test('of nobody’s own cannot be removed', async () => {
    const world = await openWorld()
    const shipped = await world.ask('DELETE', `${waiting}?author=Li`)
    expect([shipped.statusCode, shipped.json<{ code: string }>().code]).toEqual([
      409,
      'rule-not-own',
    ])
    const unknown = await world.ask('DELETE', `${rules}/nothing?author=Li`)
    expect([unknown.statusCode, unknown.json<{ code: string }>().code]).toEqual([
      404,
      'unknown-rule',
    ])
  })

  test('that ask for what does not exist are refused with every member at fault', async () => {
    const world = await openWorld()
    const windowed = { kind: 'windowed', window: '5m', comparison: 'above', threshold: 1 }
    const response = await world.ask('PUT', `${rules}/luck`, {
      author: 'Li',
      rule: { name: 'luck', ...windowed, kpi: 'luck' },
    })
    expect([response.statusCode, response.json<{ code: string }>().code]).toEqual([
      404,
      'unknown-kpi',
    ])
    expect(
      response.json<{ errors: { path: string }[] }>().errors.map(({ path }) => path),
    ).toContain('/rule/kpi')
    const named = await world.ask('PUT', `${rules}/other`, change('45s'))
    expect(named.json<{ errors: { path: string }[] }>().errors[0]?.path).toBe('/rule/name')
  })

  test('have room for dozens with the longest texts; what has none changes nothing', async () => {
    const world = await openWorld()
    const text = { en: 'x'.repeat(900), zh: '等'.repeat(900) }
    const rule = (n: number) => ({
      name: `waiting-${n}`,
      kind: 'deadline',
      subject: 'contact',
      limit: '30s',
      severity: 'info',
      text,
    })
    let answer = { statusCode: 200, body: '' }
    let taken = 0
    while (answer.statusCode === 200) {
      answer = await world.ask('PUT', `${rules}/waiting-${taken}`, {
        author: 'Li',
        rule: rule(taken),
      })
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
    return {
      type,
      id: String(serial),
      source: '/s',
      timeMs: atMs as EpochMs,
      sequence: '0',
      tenant: 'acme',
      data,
    }
  }
  const dryRun = (world: World, body: object) =>
    world.ask('POST', `${base}/alert-rules/dry-run`, body)

  test('says what the rule would have done', async () => {
    const world = await openWorld()
    const opens = event(startMs, 'contact.opened', {
      contactId: 'c',
      channel: 'chat',
      queue: 'billing',
    })
    await world.events(opens, event(startMs, 'message.sent', { contactId: 'c', from: 'customer' }))
    world.wait(40_000)
    await world.events(
      event(startMs + 40_000, 'message.sent', { contactId: 'c', from: 'agent', agentId: 'a' }),
    )
    const found = (
      await dryRun(world, { rule: { name: 'customer-waiting' } })
    ).json<DryRunResponse>()
    expect(found).toMatchObject({
      count: 1,
      entries: 3,
      notes: [],
      alerts: [{ subject: 'contact/c', value: 40_000, retracted: false }],
    })
    const patient = (
      await dryRun(world, { rule: { name: 'customer-waiting', limit: '1m' } })
    ).json<DryRunResponse>()
    expect(patient).toMatchObject({ count: 0, rule: { limit: 60_000 } })
  })

  test('of what is not kept is refused', async () => {
    const world = await openWorld()
    const response = await dryRun(world, { rule: { name: 'pipeline-stalled' } })
    expect([response.statusCode, response.json<{ code: string }>().code]).toEqual([
      400,
      'not-supported',
    ])
  })

  test('over nothing is refused', async () => {
    const world = await openWorld()
    const response = await dryRun(world, {
      rule: { name: 'customer-waiting' },
      from: '2026-03-02',
      to: '2026-03-01',
    })
    expect([
      response.statusCode,
      response.json<{ errors: { path: string }[] }>().errors[0]?.path,
    ]).toEqual([400, '/to'])
  })
})
