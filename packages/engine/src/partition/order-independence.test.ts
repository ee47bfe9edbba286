import fc from 'fast-check'
import type { CanonicalEvent } from '@deskpulse/core/events'
import { expect, test } from 'vitest'
import { arbitraryEvents, hour, liveLogOf, logOf, one } from '../testing/arbitrary-logs.ts'
import { foldLog, lettersOf, openOf } from '../testing/fold-log.ts'
import { measuresOf } from '../testing/measures.ts'

const lastInstants = one(21 * hour, 21 * hour + 7 * 60_000 + 13_000, 30 * hour)

/** The least makes each due subject a fold of its own. */
const wakeLimits = one(1, 2, 5, 1_000)

test('any order, repetition, cut into records, batches and wakes, and any restart of the worker give the same measures and open intervals', async () => {
  const cuts = fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 4 })
  await fc.assert(
    fc.asyncProperty(
      arbitraryEvents.chain((events) =>
        fc.tuple(
          fc.constant(events),
          fc.shuffledSubarray([...events, ...events], { minLength: 0 }),
          fc.shuffledSubarray(events, { minLength: events.length }),
        ),
      ),
      cuts,
      cuts,
      fc.uniqueArray(fc.integer({ min: 0, max: 12 })),
      wakeLimits,
      lastInstants,
      async ([events, extra, shuffled], perRecord, batchSizes, restarts, wakesMax, lastMs) => {
        const once = await foldLog(logOf(events, [events.length], 0, lastMs))
        const other = await foldLog(logOf([...shuffled, ...extra], perRecord, 30_000, lastMs), {
          batchSizes,
          restartAt: new Set(restarts),
          wakesMax,
        })
        expect(measuresOf(other, 'acme')).toEqual(measuresOf(once, 'acme'))
        expect(openOf(other, 'acme')).toEqual(openOf(once, 'acme'))
        expect(lettersOf(other)).toEqual([])
      },
    ),
    { numRuns: 150 },
  )
})

test('identities that several contacts and agents share give the same in any order: of each the smallest stays', async () => {
  const sharing = arbitraryEvents.map((events) =>
    events.map((event, index): CanonicalEvent => ({ ...event, id: `e-${index % 7}` })),
  )
  const cuts = fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 4 })
  await fc.assert(
    fc.asyncProperty(
      sharing.chain((events) =>
        fc.tuple(fc.constant(events), fc.shuffledSubarray(events, { minLength: events.length })),
      ),
      cuts,
      cuts,
      fc.uniqueArray(fc.integer({ min: 0, max: 12 })),
      lastInstants,
      async ([events, shuffled], perRecord, batchSizes, restarts, lastMs) => {
        const once = await foldLog(logOf(events, [events.length], 0, lastMs))
        const other = await foldLog(logOf(shuffled, perRecord, 30_000, lastMs), {
          batchSizes,
          restartAt: new Set(restarts),
        })
        expect(measuresOf(other, 'acme')).toEqual(measuresOf(once, 'acme'))
        expect(openOf(other, 'acme')).toEqual(openOf(once, 'acme'))
      },
    ),
    { numRuns: 150 },
  )
})

test('events that come live, late or only after days give the same, whatever timers have passed and however little is cached meanwhile', async () => {
  const delays = fc.array(one(0, 800, 29_000, 45_000, 700_000, 2 * hour), {
    minLength: 1,
    maxLength: 10,
  })
  await fc.assert(
    fc.asyncProperty(
      arbitraryEvents,
      delays,
      one(60_000, 400_000, hour),
      fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 4 }),
      fc.uniqueArray(fc.integer({ min: 0, max: 60 })),
      one(1, 1e4, 1e9),
      wakeLimits,
      lastInstants,
      async (events, delaysMs, heartbeatMs, batchSizes, restarts, partitions, wakesMax, lastMs) => {
        const once = await foldLog(logOf(events, [events.length], 0, lastMs))
        const live = await foldLog(liveLogOf(events, delaysMs, heartbeatMs, lastMs), {
          batchSizes,
          restartAt: new Set(restarts),
          partitions,
          wakesMax,
        })
        expect(measuresOf(live, 'acme')).toEqual(measuresOf(once, 'acme'))
        expect(openOf(live, 'acme')).toEqual(openOf(once, 'acme'))
        expect(lettersOf(live)).toEqual([])
      },
    ),
    { numRuns: 150 },
  )
})
