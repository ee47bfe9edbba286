import fc from 'fast-check'
import type { AlertRule, AlertTransition } from '@deskpulse/core/alerts'
import type { EpochMs } from '@deskpulse/core/time'
import type { LogRecord } from '@deskpulse/stream'
import { expect, test } from 'vitest'
import { agentRule, contactRule, proposals, sourceRule } from '../testing/alert-log.ts'
import { arbitraryEvents, hour, liveLogOf, one } from '../testing/arbitrary-logs.ts'
import {
  alertRecordsOf,
  foldLog,
  recordOfEntries,
  transitionsOf,
  type FoldOptions,
} from '../testing/fold-log.ts'
import type { MemoryStore } from '../replay/memory-store.ts'

const evening = [{ days: [1, 2, 3, 4, 5, 6, 7], fromMinute: 19 * 60, toMinute: 60 }]
const ruleSets: readonly (readonly AlertRule[])[] = [
  [],
  [contactRule('waiting'), sourceRule('silent', { limitMs: 3_600_000 })],
  [
    contactRule('waiting', { limitMs: 600_000, slice: 'queue=billing' }),
    contactRule('calls', { classes: ['voice'], waits: ['queue'] }),
  ],
  [
    contactRule('waiting', { hours: evening }),
    contactRule('tickets', { classes: ['deferred'], limitMs: 1_800_000 }),
  ],
  [
    contactRule('waiting', { enabled: false }),
    sourceRule('silent', { sources: ['/test'] }),
    agentRule('long-break'),
  ],
]

/** Rules change now and then, in records of their own or together with events. */
function withChanges(
  records: readonly LogRecord[],
  changes: readonly (readonly [place: number, rules: readonly AlertRule[]])[],
): LogRecord[] {
  const propose = proposals()
  const inserted = changes.map(([place, rules]) => {
    const before = Math.floor(place * records.length)
    return { before, appendedAtMs: records[before]!.appendedAtMs, entry: propose(...rules) }
  })
  const all = records.flatMap((record, index) => [
    ...inserted
      .filter(({ before }) => before === index)
      .map(({ appendedAtMs, entry }) => recordOfEntries(0, appendedAtMs, [entry])),
    record,
  ])
  return all.map((record, offset) => ({ ...record, offset: offset as LogRecord['offset'] }))
}

const logs = fc
  .tuple(
    arbitraryEvents,
    fc.array(one(0, 800, 29_000, 45_000, 700_000, 2 * hour), { minLength: 1, maxLength: 10 }),
    one(60_000, 400_000, hour),
    one(21 * hour, 30 * hour, 9 * 24 * hour),
    fc.array(fc.tuple(fc.double({ min: 0, max: 0.999, noNaN: true }), one(...ruleSets)), {
      maxLength: 3,
    }),
  )
  .map(([events, delaysMs, heartbeatMs, lastMs, changes]) => {
    const places = changes.map(([place]) => place).toSorted((a, b) => a - b)
    const live = liveLogOf(events, delaysMs, heartbeatMs, Math.min(lastMs, 30 * hour)).slice(0, -1)
    const last = { ...live.at(-1)!, appendedAtMs: (live[0]!.appendedAtMs + lastMs) as EpochMs }
    return withChanges(
      [...live, recordOfEntries(0, last.appendedAtMs, [])],
      changes.map(([, rules], index) => [places[index]!, rules]),
    )
  })

/** What the outbox got, but of agents: their alerts are decided once a fold. */
function outOf(store: MemoryStore): ReturnType<typeof alertRecordsOf> {
  return alertRecordsOf(store)
    .filter(
      ({ record }) =>
        record.kind !== 'transition' || !record.transition.subject.startsWith('agent/'),
    )
    .sort((a, b) => (a.id < b.id ? -1 : 1))
}

const ways: fc.Arbitrary<FoldOptions> = fc.record({
  batchSizes: fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 4 }),
  restartAt: fc.uniqueArray(fc.integer({ min: 0, max: 60 })).map((folds) => new Set(folds)),
  partitions: one(1, 1e4, 1e9),
  wakesMax: one(1, 2, 5, 1_000),
})

test('the alerts that a log tells are the same, with the same ids, however it is cut, whoever folds it, however little is cached and however few wakes fit', async () => {
  await fc.assert(
    fc.asyncProperty(logs, ways, async (log, way) => {
      const once = await foldLog(log, { batchSizes: [1], wakesMax: 1e9 })
      expect(outOf(await foldLog(log, way))).toEqual(outOf(once))
    }),
    { numRuns: 200 },
  )
})

test('of one rule on one subject at most one alert fires, each ends once, and they are numbered', async () => {
  await fc.assert(
    fc.asyncProperty(logs, ways, async (log, way) => {
      const last = new Map<string, AlertTransition>()
      for (const transition of transitionsOf(await foldLog(log, way))) {
        const { rule, subject, number, status, startedMs, sinceMs, endedMs } = transition
        const before = last.get(`${rule} ${subject}`)
        last.set(`${rule} ${subject}`, transition)
        if (status === 'firing')
          expect([before?.status ?? 'resolved', before?.number ?? 0]).toEqual([
            'resolved',
            number - 1,
          ])
        else
          expect([before?.status, before?.number, before?.startedMs]).toEqual([
            'firing',
            number,
            startedMs,
          ])
        expect(startedMs).toBeGreaterThanOrEqual(sinceMs)
        if (endedMs !== null) expect(endedMs).toBeGreaterThanOrEqual(startedMs)
      }
    }),
    { numRuns: 150 },
  )
})
