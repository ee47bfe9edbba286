import fc from 'fast-check'
import type { CanonicalEvent } from '@deskpulse/core/events'
import type { EpochMs } from '@deskpulse/core/time'
import type { LogRecord } from '@deskpulse/stream'
import { describe, expect, test } from 'vitest'
import { answers, asks, at, contactRule, opened, proposals, tenant } from '../testing/alert-log.ts'
import {
  eventEntry,
  foldLog,
  openOf,
  recordOf,
  recordOfEntries,
  transitionsOf,
  type FoldOptions,
} from '../testing/fold-log.ts'
import { measuresOf } from '../testing/measures.ts'
import type { MemoryStore } from '../replay/memory-store.ts'

/** A contact of a sender that gives all of its contacts one name. */
const long = 'unknown'
const written = 520
const startedSecond = 7_200

/** Everything that it got before the log's second record, in order; then what comes live, some of it out of order. */
type Course = readonly {
  readonly afterMs: number
  readonly events: readonly { readonly agoSeconds: number; readonly isAnswer: boolean }[]
}[]

function eventsOf(course: Course): {
  readonly first: CanonicalEvent[]
  readonly later: { atMs: EpochMs; events: CanonicalEvent[] }[]
} {
  const first = [opened(0, long, { queue: 'q' })]
  for (let number = 0; number < written; number += 1)
    first.push((number % 2 === 0 ? asks : answers)(10 * number + 1, long))
  let ms = startedSecond * 1_000
  const later = course.map(({ afterMs, events }) => {
    ms += afterMs
    const made = events.map(({ agoSeconds, isAnswer }) =>
      (isAnswer ? answers : asks)(ms / 1_000 - agoSeconds, long),
    )
    return { atMs: at(ms / 1_000), events: made }
  })
  return { first, later }
}

function logOf({ first, later }: ReturnType<typeof eventsOf>): LogRecord[] {
  const entries = [
    {
      atMs: at(startedSecond),
      entries: [proposals()(contactRule('waiting')), ...first.map(eventEntry)],
    },
    ...later.map(({ atMs, events }) => ({ atMs, entries: events.map(eventEntry) })),
    { atMs: (later.at(-1)!.atMs + 60_000) as EpochMs, entries: [] },
  ]
  return entries.map((record, offset) => recordOfEntries(offset, record.atMs, record.entries))
}

const courses: fc.Arbitrary<Course> = fc.array(
  fc.record({
    afterMs: fc.constantFrom(5, 40, 70, 300, 20_000),
    events: fc.array(
      fc.record({ agoSeconds: fc.constantFrom(0, 0.5, 45, 3_000, 6_000), isAnswer: fc.boolean() }),
      { maxLength: 3 },
    ),
  }),
  { minLength: 10, maxLength: 40 },
)

const ways: fc.Arbitrary<FoldOptions> = fc.record({
  batchSizes: fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 4 }),
  restartAt: fc.uniqueArray(fc.integer({ min: 0, max: 40 })).map((folds) => new Set(folds)),
  partitions: fc.constantFrom(1, 1e4, 1e9),
})

const toldBy = (store: MemoryStore) => ({
  measures: measuresOf(store, tenant),
  open: openOf(store, tenant),
  alerts: transitionsOf(store),
})

describe('a contact of hundreds of events', () => {
  test('comes to the same, and so do its alerts, however the log is cut and whoever folds it', async () => {
    await fc.assert(
      fc.asyncProperty(courses, ways, async (course, way) => {
        const log = logOf(eventsOf(course))
        expect(toldBy(await foldLog(log, way))).toEqual(
          toldBy(await foldLog(log, { batchSizes: [1] })),
        )
      }),
      { numRuns: 20 },
    )
  })

  test('comes to what the same events come to in order', async () => {
    await fc.assert(
      fc.asyncProperty(courses, ways, async (course, way) => {
        const events = eventsOf(course)
        const { atMs } = events.later.at(-1)!
        const all = [...events.first, ...events.later.flatMap(({ events: some }) => some)]
        const inOrder = await foldLog([
          recordOf(0, atMs, all),
          recordOf(1, (atMs + 60_000) as EpochMs, []),
        ])
        const found = await foldLog(logOf(events), way)
        expect(measuresOf(found, tenant)).toEqual(measuresOf(inOrder, tenant))
        expect(openOf(found, tenant)).toEqual(openOf(inOrder, tenant))
      }),
      { numRuns: 20 },
    )
  })

  test('is folded anew at instants of log time that are fixed, and once for all that came out of order between two', async () => {
    const late = (afterMs: number, number: number) => ({
      afterMs,
      events: [{ agoSeconds: 6_000 - 100 * number, isAnswer: false }],
    })
    const log = logOf(eventsOf([1, 1, 1, 200, 1].map(late)))
    const counted: number[] = []
    await foldLog(log, {
      batchSizes: [1],
      folded: ({ change }) =>
        counted.push(change.puts.filter(({ key }) => key.startsWith('m:')).length),
    })
    expect(counted.map((measures) => measures > 0)).toEqual([
      true,
      false,
      false,
      false,
      true,
      false,
      true,
    ])
  })
})
