import type { AlertListResponse, SilenceListResponse, SilenceResponse } from '@deskpulse/contract'
import { describe, expect, test } from 'vitest'
import { openWorld, type World } from './testing/world.ts'

const base = '/v1/tenants/acme'
const list = `${base}/alerts`
const firing = (world: World, count: number) =>
  world.until<AlertListResponse>(`${list}?status=firing`, ({ rows }) => rows.length === count)

describe('a silence', () => {
  const silences = `${base}/silences`
  const asked = {
    author: 'Li',
    comment: 'moving',
    matchers: [{ on: 'rule', value: 'customer-waiting' }],
    duration: '1h',
  }

  test('is in force when it is answered, and its alerts say so', async () => {
    const world = await openWorld()
    const response = await world.ask('POST', silences, asked)
    expect(response.statusCode).toBe(201)
    const silence = response.json<SilenceResponse>()
    expect(silence).toMatchObject({
      author: 'Li',
      status: 'in-force',
      endsAt: '2026-03-02T02:00:57.020Z',
    })
    const alertId = await world.transition()
    await firing(world, 1)
    expect(await world.json(`${list}/${alertId}`)).toMatchObject({
      silencedBy: [silence.id],
      told: { why: 'silenced', endpoints: [] },
    })
    expect(await world.json(silences)).toEqual({ rows: [silence] })
  })

  test('ends early', async () => {
    const world = await openWorld()
    const { id } = (await world.ask('POST', silences, asked)).json<SilenceResponse>()
    world.wait(60_000)
    expect((await world.ask('DELETE', `${silences}/${id}?author=Wang`)).statusCode).toBe(204)
    expect(await world.json<SilenceListResponse>(silences)).toMatchObject({
      rows: [{ id, status: 'over' }],
    })
    const again = await world.ask('DELETE', `${silences}/${id}?author=Wang`)
    expect([again.statusCode, again.json<{ code: string }>().code]).toEqual([
      404,
      'unknown-silence',
    ])
  })

  test('that is to come never comes, when it is ended', async () => {
    const world = await openWorld()
    const { id } = (
      await world.ask('POST', silences, { ...asked, startsAt: '2026-03-02T03:00:00.000Z' })
    ).json<SilenceResponse>()
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
    expect(
      response.json<{ errors: { path: string }[] }>().errors.map((error) => error.path),
    ).toContain(path)
  })
})
