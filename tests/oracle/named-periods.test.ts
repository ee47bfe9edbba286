import { defaultTenantConfig, type TenantConfig } from '@deskpulse/core/config'
import type { CanonicalEvent } from '@deskpulse/core/events'
import type { EpochMs } from '@deskpulse/core/time'
import fc from 'fast-check'
import { test } from 'vitest'
import { foldLog } from '../../packages/engine/src/testing/fold-log.ts'
import { worldOf } from './batch/world.ts'
import { expectAsOracle } from './support/compare.ts'
import { logOf } from './support/folded.ts'
import { oddManual } from './support/odd-manual.ts'

const day = 86_400_000
/** More by hand: `ORACLE_RUNS=2000`. A failure prints its seed. */
const runs = Number(process.env['ORACLE_RUNS'] ?? 15)

const rostered = (agentId: string, startMs: number): CanonicalEvent => ({
  ...{ type: 'agent.rostered', id: `r-${agentId}`, source: '/hr', sequence: '0', tenant: 'acme' },
  timeMs: startMs as EpochMs,
  data: { agentId, teams: ['day'], from: '2020-01-01' },
})

test.each([
  { timeZone: 'UTC', start: '2026-03-02T08:00:00Z' },
  { timeZone: 'Asia/Shanghai', start: '2026-03-31T10:00:00Z' },
  { timeZone: 'America/St_Johns', start: '2026-03-08T01:00:00Z' },
  { timeZone: 'Pacific/Kiritimati', start: '2025-12-30T20:00:00Z' },
])('what names a period counts in those that contain it: $timeZone, from $start', async (zone) => {
  const { timeZone, start } = zone
  const startMs = Date.parse(start)
  const config: TenantConfig = {
    ...defaultTenantConfig,
    timeZone,
    raters: { self: 0, supervisor: 40, peer: 12.5, customer: 10 },
  }
  const delays = fc.array(fc.constantFrom(0, 45_000, day, 3 * day), { minLength: 1, maxLength: 4 })
  const laterMs = fc.constantFrom(0.5 * day, day, 4 * day, 40 * day)
  await fc.assert(
    fc.asyncProperty(oddManual(startMs), delays, laterMs, async (told, delaysMs, afterMs) => {
      const asOfMs = startMs + afterMs
      const rosters = ['a-1', 'a-2'].map((agentId) => rostered(agentId, startMs))
      const arrivals = [...rosters, ...told].map((event, index) => ({
        event,
        atMs: Math.min(asOfMs, event.timeMs + delaysMs[index % delaysMs.length]!),
      }))
      const ordered = arrivals.toSorted((a, b) => a.atMs - b.atMs)
      const store = await foldLog(logOf(ordered, config, asOfMs))
      const world = worldOf(
        ordered.map(({ event }) => event),
        config,
        asOfMs,
      )
      expectAsOracle(store, world, {
        slices: ['all', 'agent=a-1', 'agent=a-9', 'team=day', 'queue=billing'],
        periods: ['day', 'week', 'month', 'quarter', 'year', 'trailing7d'],
        windows: ['today', { minutes: 60 }],
        fromMs: asOfMs - 3 * day,
      })
      expectAsOracle(store, world, {
        slices: ['all', 'agent=a-1'],
        periods: ['15m', 'hour'],
        windows: [],
        fromMs: asOfMs - day / 2,
      })
    }),
    { numRuns: runs },
  )
})
