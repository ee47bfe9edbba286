import type { PartitionId } from '@deskpulse/stream'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { watchForSilence } from './watchdog.ts'
import type { WatchdogOptions } from './watchdog.ts'
import { consumeDefaults } from './options.ts'

beforeEach(() => void vi.useFakeTimers({ now: 1_000_000 }))
afterEach(() => void vi.useRealTimers())

/** A partition that was read up to 10 and ends at 12; a watchdog that bites after 4 s. */
function watched(
  change: {
    running?: number
    end?: number
    lastSignAtMs?: () => number
    away?: () => boolean
  } = {},
) {
  const onStuck = vi.fn()
  const options: WatchdogOptions = {
    topic: 'raw',
    group: 'ingest',
    endOffsets: async () => {
      if (change.away?.()) throw new Error('no broker answers')
      return new Map([[0, change.end ?? 12]])
    },
    startOffsets: async () => new Map([[0, 10]]),
    logger: () => {},
    stuckAfterMs: 4_000,
    assigned: () => [0 as PartitionId],
    runner: {
      running: () => change.running ?? 0,
      positions: () => new Map([[0, 10]]),
      lastSignAtMs: change.lastSignAtMs ?? (() => 0),
    },
    onStuck,
  }
  return { onStuck, stop: watchForSilence(options) }
}

test('records that wait, and no batch for the limit: stuck', async () => {
  const { onStuck } = watched()
  await vi.advanceTimersByTimeAsync(4_000)
  expect(onStuck).not.toHaveBeenCalled()
  await vi.advanceTimersByTimeAsync(1_000)
  expect(onStuck).toHaveBeenCalledWith(expect.objectContaining({ code: 'LOG_UNAVAILABLE' }))
})

test.each([
  { rule: 'nothing waits', change: { end: 10 } },
  {
    rule: 'a handler is at work, and says so',
    change: { running: 1, lastSignAtMs: () => Date.now() - 900 },
  },
  { rule: 'batches come', change: { lastSignAtMs: () => Date.now() - 900 } },
  {
    rule: 'no broker answers every now and then',
    change: { away: () => Date.now() % 3_000 === 0 },
  },
])('not stuck: $rule', async ({ change }) => {
  const { onStuck } = watched(change)
  await vi.advanceTimersByTimeAsync(60_000)
  expect(onStuck).not.toHaveBeenCalled()
})

test('a handler that gave no sign of life for the limit: stuck, though nothing waits', async () => {
  const { onStuck } = watched({ running: 1, end: 10, lastSignAtMs: () => 1_000_000 })
  await vi.advanceTimersByTimeAsync(4_999)
  expect(onStuck).not.toHaveBeenCalled()
  await vi.advanceTimersByTimeAsync(1)
  expect(onStuck).toHaveBeenCalledWith(expect.objectContaining({ code: 'LOG_UNAVAILABLE' }))
})

test('a process that was frozen lets its handlers give a sign before it takes them for stuck', async () => {
  let signMs = 1_000_000
  const { onStuck } = watched({ running: 1, end: 10, lastSignAtMs: () => signMs })
  await vi.advanceTimersByTimeAsync(500)
  vi.setSystemTime(Date.now() + 600_000)
  await vi.advanceTimersByTimeAsync(700)
  signMs = Date.now()
  await vi.advanceTimersByTimeAsync(3_000)
  expect(onStuck).not.toHaveBeenCalled()
})

test('a watch that was stopped says nothing', async () => {
  const { onStuck, stop } = watched()
  stop()
  await vi.advanceTimersByTimeAsync(60_000)
  expect(onStuck).not.toHaveBeenCalled()
})

test('the limit leaves time for a session to run out and the group to settle', () => {
  expect(consumeDefaults.stuckAfterMs).toBeGreaterThan(
    consumeDefaults.sessionTimeoutMs + consumeDefaults.rebalanceTimeoutMs,
  )
})
