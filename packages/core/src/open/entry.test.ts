import fc from 'fast-check'
import { expect, test } from 'vitest'
import { agentStates } from '../events/types.ts'
import type { EpochMs } from '../time/time.ts'
import { decodeTally, encodeTally } from './backlog.ts'
import {
  decodeOpen,
  encodeOpen,
  openField,
  type IntervalKind,
  type OpenEntry,
  type OpenRow,
} from './entry.ts'

const ids = fc.string({ unit: 'binary', minLength: 1, maxLength: 20 })
const times = fc.integer({ min: -(2 ** 51), max: 2 ** 51 }).map((ms) => ms as EpochMs)
const counts = fc.oneof(fc.nat(3), fc.nat())
const maybe = <Value>(arbitrary: fc.Arbitrary<Value>) => fc.option(arbitrary, { nil: undefined })

const rows: fc.Arbitrary<OpenRow> = fc.oneof(
  fc.record({
    ...{ contactId: ids, dueAtMs: times, first: fc.boolean(), channel: ids },
    ...{ queue: maybe(ids), agentId: maybe(ids), priority: maybe(ids), customerId: maybe(ids) },
  }),
  fc.record({
    agentId: ids,
    contacts: counts,
    capacity: fc.option(counts),
    queues: fc.array(ids, { maxLength: 4 }),
    missedInARow: maybe(counts.filter((count) => count > 0)),
    reason: maybe(ids),
  }),
  fc.record({
    ...{ forecastId: ids, queue: ids, startMs: times, endMs: times },
    ...{ offered: counts, workMs: fc.option(counts), agentMs: fc.option(counts) },
  }),
)
const kinds = fc.constantFrom<IntervalKind>(
  ...([
    'reply.live',
    'reply.deferred',
    'queue.voice',
    'lost.reply',
    'lost.queue',
    'agent-free',
    'agent-missed',
  ] as const),
  ...(['agent-class.handling', 'agent-class.available', 'agent-class.not_ready'] as const),
  'forecast' as const,
  ...agentStates.map((state) => `agent.${state}` as const),
)
const slices = fc.oneof(fc.array(counts, { minLength: 1, maxLength: 12 }), fc.constant([0, 1]))
const entries: fc.Arbitrary<OpenEntry> = fc.record({
  row: rows,
  intervals: fc.array(fc.record({ kind: kinds, sinceMs: times, slices }), { maxLength: 4 }),
})

test('an entry comes back as it was, its id from the field', () => {
  fc.assert(
    fc.property(entries, (entry) => {
      expect(decodeOpen(openField(entry.row), encodeOpen(entry))).toEqual(entry)
    }),
  )
})

test('equal entries have equal bytes, and others have others', () => {
  fc.assert(
    fc.property(entries, entries, (a, b) => {
      const named = ({ row, ...entry }: OpenEntry) =>
        JSON.stringify({
          ...entry,
          row: decodeOpen(openField(row), encodeOpen({ row, intervals: [] })).row,
        })
      const isSame =
        openField(a.row) === openField(b.row) && Buffer.from(encodeOpen(a)).equals(encodeOpen(b))
      expect(isSame).toBe(named(a) === named(b))
    }),
  )
})

test('contacts, agents and forecasts of one name are three subjects', () => {
  const contact = { contactId: 'x', dueAtMs: 0 as EpochMs, first: false, channel: 'chat' }
  expect([
    openField(contact),
    openField({ agentId: 'x', contacts: 0, capacity: null, queues: [] }),
    openField({
      ...{ forecastId: 'x', queue: 'x', startMs: 0 as EpochMs, endMs: 1 as EpochMs },
      ...{ offered: 0, workMs: null, agentMs: null },
    }),
  ]).toEqual(['cx', 'ax', 'fx'])
})

const waiting = {
  row: { contactId: 'x', dueAtMs: 5 as EpochMs, first: true, channel: 'chat' },
  intervals: [],
}
test.each([
  { what: 'of another version', bytes: Uint8Array.of(1, ...encodeOpen(waiting).subarray(1)) },
  { what: 'that are cut off', bytes: encodeOpen(waiting).subarray(0, -1) },
  {
    what: 'with a kind that nobody knows',
    bytes: Uint8Array.of(...encodeOpen(waiting).subarray(0, -1), 1, 200, 0, 0),
  },
  { what: 'that are none', bytes: new Uint8Array(0) },
])('bytes $what are refused', ({ bytes }) => {
  expect(() => decodeOpen('cx', bytes)).toThrow(RangeError)
})

test('an entry takes some tens of bytes', () => {
  const row = {
    contactId: 'C-1029384756',
    dueAtMs: 1_772_446_080_000 as EpochMs,
    first: false,
    channel: 'chat',
    queue: 'billing',
    agentId: 'agent-17',
  }
  const intervals = [
    {
      kind: 'reply.live' as const,
      sinceMs: 1_772_446_020_000 as EpochMs,
      slices: [0, 1, 2, 3, 4, 5, 300, 301, 302],
    },
  ]
  expect(encodeOpen({ row, intervals }).length).toBeLessThan(60)
})

test('a tally comes back as it was', () => {
  fc.assert(
    fc.property(fc.maxSafeNat(), (count) => {
      expect(decodeTally(encodeTally(count))).toBe(count)
    }),
  )
})

test('what was encoded stays as it was while more is, however much', () => {
  const one = encodeTally(1)
  const many = Array.from({ length: 40_000 }, (_, count) => encodeTally(2 * count))
  expect(decodeTally(one)).toBe(1)
  expect(many.map(decodeTally)).toEqual(many.map((_, count) => 2 * count))
})
