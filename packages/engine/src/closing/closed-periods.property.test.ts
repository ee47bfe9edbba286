import { namedMeasures } from '@deskpulse/core/closed'
import { defaultTenantConfig } from '@deskpulse/core/config'
import { dayMs, hourMs } from '@deskpulse/core/time'
import type { Offset } from '@deskpulse/stream'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  arbitraryConfigs,
  arbitraryEvents,
  hour,
  liveLogOf,
  logOf,
  one,
  startMs,
  withConfigs,
} from '../testing/arbitrary-logs.ts'
import { closedMessages, closedOf, issuedPeriods, issuesOf } from '../testing/closed.ts'
import { foldLog } from '../testing/fold-log.ts'
import type { MemoryStore } from '../replay/memory-store.ts'

const delays = fc.array(one(0, 800, 29_000, 45_000, 700_000, 2 * hourMs, 30 * hourMs), {
  minLength: 1,
  maxLength: 10,
})
/** Long after all of it, some of them longer than what matures takes. */
const lastInstants = one(50 * hour, 30 * hour + 7 * 60_000, 5 * dayMs, 12 * dayMs)
/** As often as an ingest that is idle, or seldom. */
const heartbeats = one(61_000, 400_000, hour)

const everything = (store: MemoryStore) => ({
  records: closedOf(store, 'acme'),
  messages: closedMessages(store),
  issues: issuesOf(store, 'acme'),
  toldOf: issuedPeriods(store),
})

test('closed records, their revisions and when they were issued are the same, however the log is cut, whoever folds it, however little is cached', async () => {
  let [issues, again] = [0, 0]
  await fc.assert(
    fc.asyncProperty(
      arbitraryEvents,
      delays,
      heartbeats,
      lastInstants,
      fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 4 }),
      fc.uniqueArray(fc.integer({ min: 0, max: 200 })),
      one(1, 1e4, 1e9),
      one(1, 2, 5, 1_000),
      arbitraryConfigs,
      async (
        ...[
          events,
          delaysMs,
          heartbeatMs,
          lastMs,
          batchSizes,
          restarts,
          partitions,
          wakesMax,
          configs,
        ]
      ) => {
        const log = withConfigs(liveLogOf(events, delaysMs, heartbeatMs, lastMs), configs)
        const once = everything(await foldLog(log, { batchSizes: [1_000] }))
        const options = { batchSizes, restartAt: new Set(restarts), partitions, wakesMax }
        expect(everything(await foldLog(log, options))).toEqual(once)
        issues += once.messages.length
        again += once.messages.filter(({ revision }) => revision > 1).length
      },
    ),
    { numRuns: 100 },
  )
  expect(issues).toBeGreaterThan(1_000)
  expect(again).toBeGreaterThan(100)
})

test('the alerter is told once of each period at each instant at which rows of it were issued: how many, and their highest revision', async () => {
  let several = 0
  await fc.assert(
    fc.asyncProperty(arbitraryEvents, delays, heartbeats, async (events, delaysMs, beatMs) => {
      const store = await foldLog(liveLogOf(events, delaysMs, beatMs, 5 * dayMs))
      const byPeriod = Map.groupBy(closedMessages(store), ({ closedAt, kind, start }) =>
        [closedAt, kind, start].join(),
      )
      const expected = [...byPeriod.values()].map((messages) => {
        const { tenant, kind, start, end, label, cause, closedAt } = messages[0]!
        const revision = Math.max(...messages.map((one) => one.revision))
        several += messages.length > 1 ? 1 : 0
        return { tenant, kind, start, end, label, cause, closedAt, rows: messages.length, revision }
      })
      const iso = (atMs: number): string => new Date(atMs).toISOString()
      const told = issuedPeriods(store).flatMap(({ tenant, closedAtMs, periods }) =>
        periods.map(({ startMs, endMs, ...period }) => ({
          ...{ tenant, closedAt: iso(closedAtMs), start: iso(startMs), end: iso(endMs) },
          ...period,
        })),
      )
      expect(told).toEqual(expected)
      const instants = issuedPeriods(store).map(({ closedAtMs }) => closedAtMs)
      expect(instants).toEqual([...new Set(instants)].sort((a, b) => a - b))
    }),
    { numRuns: 50 },
  )
  expect(several).toBeGreaterThan(50)
})

/** What was issued last of each slice and period, where that is something. */
type Held = ReturnType<typeof namedMeasures>

function lastOf(store: MemoryStore): Map<string, Held> {
  const last = new Map<string, { readonly revision: number; readonly held: Held }>()
  for (const [name, { revision, measures }] of Object.entries(closedOf(store, 'acme'))) {
    const place = name.slice(0, name.lastIndexOf(' '))
    if (revision > (last.get(place)?.revision ?? 0))
      last.set(place, { revision, held: namedMeasures(measures) })
  }
  return new Map(
    [...last]
      .filter(([, { held }]) => Object.keys(held).length > 0)
      .map(([place, { held }]) => [place, held]),
  )
}

test('whatever comes late and in whatever order, what is issued last is what the same events come to in one piece', async () => {
  const lastMs = 40 * dayMs
  let kinds = new Set<string>()
  await fc.assert(
    fc.asyncProperty(arbitraryEvents, delays, async (events, delaysMs) => {
      const late = lastOf(await foldLog(liveLogOf(events, delaysMs, 6 * hourMs, lastMs)))
      const told = logOf(events, [events.length], 0, 20 * hour)
      const ticks = liveLogOf([], [0], 6 * hourMs, lastMs).filter(
        ({ appendedAtMs }) => appendedAtMs > told[0]!.appendedAtMs,
      )
      const log = [...told, ...ticks].map((record, at) => ({ ...record, offset: at as Offset }))
      const once = lastOf(await foldLog(log))
      expect(late).toEqual(once)
      kinds = kinds.union(new Set([...late.keys()].map((place) => place.split(' ')[0]!)))
    }),
    { numRuns: 60 },
  )
  expect(kinds).toEqual(new Set(['hour', 'day', 'week', 'month', 'quarter']))
})

/** What adds up: a number, the sum of durations, or money by currency. */
function amountsOf(value: Held[string]): readonly (readonly [currency: string, amount: unknown])[] {
  if (typeof value !== 'object') return [['', value]]
  if ('sumMs' in value && 'near' in value) return [['', value.sumMs]]
  return Object.entries(value).map(([currency, amount]) => [` ${currency}`, amount])
}

/** Customers count anew in each part of a period; retention is of whole periods. */
const isAnewInParts = (name: string): boolean =>
  /^(served|due|missed|paid|advised|converted|inquired|bought)In[A-Z]/.test(name)

/** Counts and sums of what was issued last, of each slice over all periods of a kind: of kinds that are over by then. */
function sumsOf(store: MemoryStore): Record<string, number> {
  const sums: Record<string, number> = {}
  for (const [place, held] of lastOf(store)) {
    const [kind, , slice] = place.split(' ')
    if (kind === 'quarter' || kind === 'year') continue
    for (const [name, value] of Object.entries(held)) {
      if (isAnewInParts(name)) continue
      for (const [currency, amount] of amountsOf(value)) {
        const key = `${kind} ${slice} ${name}${currency}`
        sums[key] = (sums[key] ?? 0) + Number(amount)
      }
    }
  }
  return sums
}

test('periods over a change of configuration are issued as two, and come to the same together', async () => {
  let parts = 0
  await fc.assert(
    fc.asyncProperty(
      arbitraryEvents,
      delays,
      fc.uniqueArray(fc.integer({ min: 0, max: 12 * 3_600 }), { minLength: 1, maxLength: 3 }),
      async (events, delaysMs, seconds) => {
        const log = liveLogOf(events, delaysMs, 6 * hour, 40 * dayMs)
        const config = { ...defaultTenantConfig, timeZone: 'Asia/Kathmandu' }
        const first = { atMs: startMs, config }
        // By none of these anything counts otherwise.
        const later = seconds.map((second, nth) => ({
          atMs: startMs + 9 * hour + second * 1_000,
          config: { ...config, sliceValuesMax: 10_000 + nth },
        }))
        const cut = await foldLog(withConfigs(log, [first, ...later]))
        expect(sumsOf(cut)).toEqual(sumsOf(await foldLog(withConfigs(log, [first]))))
        parts += closedMessages(cut).filter(({ label }) => label.includes('/')).length
      },
    ),
    { numRuns: 40 },
  )
  expect(parts).toBeGreaterThan(100)
})
