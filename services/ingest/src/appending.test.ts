import { DeskpulseError } from '@deskpulse/stream'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { message, rig } from './testing/rig.ts'

beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }))
afterEach(() => vi.useRealTimers())

test('a log that takes nothing for a while fails the readiness check, with its reason, until it takes something', async () => {
  let isFull = true
  const full = new DeskpulseError('LOG_FULL', 'no room left')
  const at = await rig({
    wrap: (log) => ({
      ...log,
      append: (...frame) => (isFull ? Promise.reject(full) : log.append(...frame)),
    }),
  })
  const send = () =>
    at.http.inject({ method: 'POST', url: '/v1/tenants/acme/events', payload: message() })
  expect((await send()).statusCode).toBe(503)
  at.ingest.checkAppending()
  vi.advanceTimersByTime(5_000)
  expect(() => at.ingest.checkAppending()).toThrow(
    /^appending to partition \d of deskpulse.log.* has failed for 5 s: LOG_FULL: no room left$/,
  )
  isFull = false
  expect((await send()).statusCode).toBe(202)
  await vi.waitFor(() => at.ingest.checkAppending()) // Each partition has its heartbeat.
  await at.close()
})
