import fc from 'fast-check'
import { expect, test } from 'vitest'
import { defaultTenantConfig, type TenantConfig } from '@deskpulse/core/config'
import type { CanonicalEvent } from '@deskpulse/core/events'
import type { KpiValue } from '@deskpulse/core/kpis'
import { dayMs, type EpochMs, hourMs } from '@deskpulse/core/time'
import { foldLog } from '../../packages/engine/src/testing/fold-log.ts'
import { measuresOf } from '../../packages/engine/src/testing/measures.ts'
import type { MemoryStore } from '../../packages/engine/src/replay/memory-store.ts'
import { always, night, office } from './support/calendars.ts'
import { logOf, readerOf, tenant } from './support/folded.ts'
import { laterBy } from './support/later.ts'
import { oddEvents } from './support/odd-events.ts'

/** Properties of calendars that hold whatever the right values are. */

const startMs = Date.parse('2026-03-02T02:00:00Z')
const runs = Math.max(100, Number(process.env['ORACLE_RUNS'] ?? 0))
const slices = ['all', 'class=live', 'class=deferred', 'queue=billing', 'agent=a-1']

const config: TenantConfig = {
  ...defaultTenantConfig,
  timeZone: 'Asia/Shanghai',
  clock: { live: 'business', deferred: 'business' },
}

function folded(
  events: readonly CanonicalEvent[],
  asOf: number,
  changed: Partial<TenantConfig>,
): Promise<MemoryStore> {
  const arrivals = events.map((event) => ({ event, atMs: event.timeMs }))
  return foldLog(logOf(arrivals, { ...config, ...changed }, asOf), { batchSizes: [5, 1] })
}

type Values = Readonly<Record<string, unknown>>

/** What all KPIs show today, without the instants that stand in them, and the name of the clock. */
function valuesOf(
  store: MemoryStore,
  changed: Partial<TenantConfig>,
  clock?: 'calendar' | 'business',
): readonly Values[] {
  const reader = readerOf(store, { ...config, ...changed })
  const shown = ({ since, provisionalUntil, clock: _named, ...value }: KpiValue): unknown => ({
    ...value,
    has: [since !== undefined, provisionalUntil !== undefined],
  })
  return slices.map((slice) =>
    Object.fromEntries(
      [...reader.live(slice, 'today', { clock })].map(([id, value]) => [id, shown(value)]),
    ),
  )
}

const asOfMs = fc.integer({ min: hourMs, max: 20 * hourMs }).map((ms) => startMs + ms)
const worlds = fc
  .tuple(oddEvents(startMs), asOfMs)
  .map(([events, asOf]) => [events.filter(({ timeMs }) => timeMs <= asOf), asOf] as const)
  .filter(([events]) => events.length > 0)

test('a calendar that is always open makes business time calendar time, and nothing more is stored', async () => {
  const open = { calendars: { always }, calendar: 'always' }
  await fc.assert(
    fc.asyncProperty(worlds, async ([events, asOf]) => {
      const [without, with_] = [await folded(events, asOf, {}), await folded(events, asOf, open)]
      expect(measuresOf(with_, tenant)).toEqual(measuresOf(without, tenant))
      const expected = valuesOf(without, {})
      for (const clock of ['calendar', 'business'] as const) {
        expect(valuesOf(with_, open, clock)).toEqual(expected)
        expect(valuesOf(without, {}, clock)).toEqual(expected)
      }
    }),
    { numRuns: runs },
  )
})

test('everything a week later, in a zone whose clock never changes, gives the same values', async () => {
  const hours = {
    calendars: { office, night },
    calendar: 'office',
    queueCalendars: { tech: 'night' },
  }
  const later = (ms: number): EpochMs => (ms + 7 * dayMs) as EpochMs
  await fc.assert(
    fc.asyncProperty(worlds, async ([events, asOf]) => {
      const moved = events.map((event) => laterBy(event, 7 * dayMs))
      const [now, then] = [
        await folded(events, asOf, hours),
        await folded(moved, later(asOf), hours),
      ]
      for (const clock of ['calendar', 'business'] as const)
        expect(valuesOf(then, hours, clock)).toEqual(valuesOf(now, hours, clock))
    }),
    { numRuns: runs },
  )
})
