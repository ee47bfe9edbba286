import { expect, test } from 'vitest'
import { defaultTenantConfig, type TenantConfig } from '@deskpulse/core/config'
import { dayMs, type EpochMs, hourMs, minuteMs } from '@deskpulse/core/time'
import { closedMessages } from '../../packages/engine/src/testing/closed.ts'
import { foldLog, recordOf } from '../../packages/engine/src/testing/fold-log.ts'
import { createRandom } from '../../services/cli/src/simulate/random.ts'
import { worldOf } from './batch/world.ts'
import { expectAsOracle } from './support/compare.ts'
import { logOf } from './support/folded.ts'
import { simulatedEvents } from './support/simulated-days.ts'

const slices = ['all', 'queue=billing', 'queue=none', 'agent=agent-001', 'class=live']

test.each([
  { timeZone: 'Europe/Rome', start: '2026-03-28T22:30:00Z', seed: 7 }, // An hour is skipped.
  { timeZone: 'Asia/Kathmandu', start: '2025-12-31T17:10:00Z', seed: 8 }, // A year ends, at +5:45.
])(
  'what was issued last of every kind of period is what the oracle says, whatever came late ($timeZone)',
  async ({ timeZone, start, seed }) => {
    const startMs = Date.parse(start)
    const endMs = startMs + 3 * hourMs
    const config: TenantConfig = { ...defaultTenantConfig, timeZone, fcrWindowMs: 5 * hourMs }
    const random = createRandom(seed)
    const events = simulatedEvents({ seed, startMs, endMs, agents: 4 })
    const arrivals = events.map((event) => {
      const late = random.chance(0.05) ? random.between(0, 3 * dayMs) : random.exponential(2_000)
      return { event, atMs: event.timeMs + Math.round(late) }
    })
    const asOfMs = (endMs + 40 * dayMs) as EpochMs
    const beats = Array.from(
      { length: (40 * dayMs) / (20 * minuteMs) },
      (_, n) => startMs + n * 20 * minuteMs,
    )
    const told = logOf(arrivals, config, asOfMs).slice(0, -1)
    const times = beats.map((ms) => recordOf(0, ms as EpochMs, []))
    const ordered = [...told.slice(1), ...times].toSorted((a, b) => a.appendedAtMs - b.appendedAtMs)
    const log = [told[0]!, ...ordered].map((record, offset) => ({
      ...record,
      offset: offset as typeof record.offset,
    }))
    const store = await foldLog(log, { batchSizes: [40, 3, 200], restartAt: new Set([3, 50, 400]) })
    const issued = closedMessages(store)
    expect(issued.filter(({ cause }) => cause === 'late').length).toBeGreaterThan(50)
    expect(issued.filter(({ cause }) => cause === 'matured').length).toBeGreaterThan(5)
    const world = worldOf(events, config, store.logTimeMs)
    const reads = { slices, windows: [], fromMs: startMs, issued: true }
    const whole = ['day', 'week', 'month', 'quarter', 'year', 'trailing7d', 'trailing30d'] as const
    expectAsOracle(store, world, { ...reads, periods: whole })
    const hourly = await foldLog(log.filter(({ appendedAtMs }) => appendedAtMs < endMs + 4 * dayMs))
    const asOf = worldOf(events, config, hourly.logTimeMs)
    expectAsOracle(hourly, asOf, { ...reads, periods: ['hour', 'day'] })
  },
)
