import { defaultTenantConfig, type TenantConfig } from '@deskpulse/core/config'
import type { CanonicalEvent } from '@deskpulse/core/events'
import { type BusinessCalendar, type EpochMs, minuteMs } from '@deskpulse/core/time'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { configProposals } from '../testing/alert-log.ts'
import { arbitraryEvents, hour, one, startMs } from '../testing/arbitrary-logs.ts'
import { eventEntry, foldLog, openOf, recordOfEntries } from '../testing/fold-log.ts'
import { measuresOf } from '../testing/measures.ts'

/** Open so many hours of each day, from an hour of it on. */
const opening = (fromHour: number, hours: number): BusinessCalendar => ({
  hours: [
    {
      days: [1, 2, 3, 4, 5, 6, 7],
      fromMinute: fromHour * 60,
      toMinute: ((fromHour + hours) % 24) * 60,
    },
  ],
  holidays: [],
  workdays: [],
})

type Step = {
  readonly atMs: number
  readonly config?: TenantConfig
  readonly event?: CanonicalEvent
}

const configs: fc.Arbitrary<TenantConfig> = fc
  .record({ from: one(0, 8, 17, 20, 22), hours: one(1, 3, 9, 20), has: one(true, true, false) })
  .map(({ from, hours, has }) => ({
    ...defaultTenantConfig,
    calendars: { some: opening(from, hours) },
    calendar: has ? 'some' : null,
    clock: { live: 'business', deferred: 'business' },
    pendedPauses: { voice: true, live: true, deferred: true },
  }))

test('calendars that change while customers wait give the same, however the log is cut into batches, and whatever is cached', async () => {
  const changes = fc.array(fc.tuple(configs, fc.nat(11 * 60)), { minLength: 1, maxLength: 4 })
  await fc.assert(
    fc.asyncProperty(
      arbitraryEvents,
      changes,
      fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 4 }),
      fc.uniqueArray(fc.integer({ min: 0, max: 60 })),
      one(1, 1e9),
      async (events, versions, batchSizes, restarts, partitions) => {
        const propose = configProposals()
        const steps: Step[] = [
          ...events.map((event) => ({ atMs: event.timeMs as number, event })),
          ...versions.map(([config, minute], place) => ({
            atMs: startMs + 8 * hour + (place === 0 ? 0 : minute * minuteMs),
            config,
          })),
          ...Array.from({ length: 16 }, (_, n) => ({ atMs: startMs + (9 + n) * hour })),
        ].sort((a, b) => a.atMs - b.atMs)
        const records = steps.map(({ atMs, config, event }, offset) =>
          recordOfEntries(offset, atMs as EpochMs, [
            ...(config === undefined ? [] : [propose(config)]),
            ...(event === undefined ? [] : [eventEntry(event)]),
          ]),
        )
        const live = await foldLog(records, { batchSizes: [1] })
        const other = await foldLog(records, {
          batchSizes,
          restartAt: new Set(restarts),
          partitions,
        })
        expect(measuresOf(other, 'acme')).toEqual(measuresOf(live, 'acme'))
        expect(openOf(other, 'acme')).toEqual(openOf(live, 'acme'))
      },
    ),
    { numRuns: 100 },
  )
})
