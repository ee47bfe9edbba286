import assert from 'node:assert/strict'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { openGuard } from '../http/access/guard.ts'
import { httpServer } from '../http/server.ts'
import { createMetrics } from '../metrics/metrics.ts'
import { createLogger } from '../logging/logger.ts'
import { localSite } from '../testing/index.ts'
import { checkTimeoutMs, createHealth } from './health.ts'

afterEach(() => vi.useRealTimers())

describe('readiness', () => {
  test('without checks is given', async () => {
    expect(await createHealth().readiness()).toEqual({
      ready: true,
      stopping: false,
      checks: {},
      reasons: {},
    })
  })

  test.each([
    { rule: 'needs every check to pass', check: () => false, reason: 'it does not answer' },
    {
      rule: 'counts a throw as failing, for its reason',
      check: () => Promise.reject(new Error('refused')),
      reason: 'refused',
    },
    {
      rule: 'counts a check that throws at once',
      check: () => assert.fail('no room'),
      reason: 'no room',
    },
  ])('$rule', async ({ check, reason }) => {
    const seen: [string, boolean][] = []
    const health = createHealth((name, passed) => seen.push([name, passed]))
    health.add('log', () => true)
    health.add('store', check)
    expect(await health.readiness()).toEqual({
      ...{ ready: false, stopping: false, checks: { log: true, store: false } },
      reasons: { store: reason },
    })
    expect(seen).toEqual([
      ['log', true],
      ['store', false],
    ])
  })

  test('does not wait for a check that hangs', async () => {
    vi.useFakeTimers()
    const health = createHealth()
    health.add('store', () => new Promise(() => {}))
    const readiness = health.readiness()
    await vi.advanceTimersByTimeAsync(checkTimeoutMs)
    expect(await readiness).toMatchObject({
      checks: { store: false },
      reasons: { store: 'no answer within 2 s' },
    })
  })

  test('asks the latest check of a name, and none that was removed', async () => {
    const health = createHealth()
    health.add('start', () => false)
    health.add('start', () => {})
    expect((await health.readiness()).checks).toEqual({ start: true })
    health.remove('start')
    expect((await health.readiness()).checks).toEqual({})
  })

  test('does not depend on what is only shown', async () => {
    const health = createHealth()
    health.add('log', () => true)
    health.show('raw', () => false)
    expect(await health.readiness()).toMatchObject({
      ready: true,
      checks: { log: true, raw: false },
    })
  })

  test('is over once the service stops', async () => {
    const health = createHealth()
    health.startStopping()
    expect(await health.readiness()).toMatchObject({ ready: false, stopping: true })
  })
})

test("a service's server says alive, ready and the metrics", async () => {
  const metrics = createMetrics({ processMetrics: false })
  const health = createHealth()
  const api = { title: 'Test', description: 'A test.' }
  const app = await httpServer({
    logger: createLogger({ name: 'test', level: 'silent' }),
    metrics,
    health,
    api,
    site: localSite,
    guard: openGuard,
  })
  expect((await app.inject('/livez')).json()).toEqual({ alive: true })
  expect((await app.inject('/readyz')).statusCode).toBe(200)
  expect((await app.inject('/metrics')).body).toContain('deskpulse_records_read_total 0')
  health.add('log', () => false)
  const unready = await app.inject('/readyz')
  expect(unready.statusCode).toBe(503)
  expect(unready.json()).toMatchObject({
    checks: { log: false },
    reasons: { log: 'it does not answer' },
  })
  await app.close()
})
