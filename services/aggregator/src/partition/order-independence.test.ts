import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { CanonicalEvent, EpochMs, EventData, EventType } from '@deskpulse/core'
import { foldLog, lettersOf, measuresOf, openOf, recordOf } from '../testing/fold-log.ts'

const startMs = Date.UTC(2026, 2, 2, 8, 0, 0) as EpochMs
const hour = 3_600_000

const contactIds = ['c-1', 'c-2', 'c-3']
const agentIds = ['a-1', 'a-2']
const queues = ['billing', 'tech']

const one = <Value>(...values: readonly Value[]): fc.Arbitrary<Value> => fc.constantFrom(...values)
const contact = (data: fc.Arbitrary<EventData>): fc.Arbitrary<EventData> =>
  fc.tuple(one(...contactIds), data).map(([contactId, rest]) => ({ contactId, ...rest }))

const arbitraryData: Readonly<Partial<Record<EventType, fc.Arbitrary<EventData>>>> = {
  'contact.opened': contact(
    fc.record({
      channel: one('chat', 'voice', 'ticket'),
      queue: one(undefined, ...queues),
      handledBy: one(undefined, 'human', 'bot'),
      openedBy: one(undefined, 'customer', 'agent'),
      customerId: one(undefined, 'u-1', 'u-2'),
      topic: one(undefined, 'refund'),
    }),
  ),
  'contact.updated': contact(fc.record({ topic: one('refund', 'other'), customerId: one(undefined, 'u-1') })),
  'contact.queued': contact(fc.record({ queue: one(...queues) })),
  'contact.assigned': contact(fc.record({ agentId: one(...agentIds) })),
  'message.sent': contact(
    fc.record({
      from: one('customer', 'agent', 'bot', 'customer'),
      agentId: one(undefined, ...agentIds),
      visibility: one(undefined, 'private'),
      messageId: one(undefined, undefined, undefined, 'm-1'),
    }),
  ),
  'contact.handed_off': contact(fc.constant({})),
  'contact.work_started': contact(fc.record({ agentId: one(...agentIds) })),
  'contact.work_ended': contact(fc.record({ agentId: one(...agentIds) })),
  'contact.released': contact(fc.record({ agentId: one(...agentIds) })),
  'contact.ended': contact(fc.constant({})),
  'contact.resolved': contact(fc.record({ agentId: one(undefined, ...agentIds) })),
  'contact.reopened': contact(fc.constant({})),
  'contact.discarded': contact(fc.constant({})),
  'contact.restored': contact(fc.constant({})),
  'agent.state_changed': fc.record({ agentId: one(...agentIds), state: one('available', 'on_contact', 'break', 'offline') }),
  'agent.queue_joined': fc.record({ agentId: one(...agentIds), queue: one(...queues) }),
  'agent.queue_left': fc.record({ agentId: one(...agentIds), queue: one(...queues) }),
  'agent.heartbeat': fc.record({ agentId: one(...agentIds) }),
}

const arbitraryEvent: fc.Arbitrary<Omit<CanonicalEvent, 'id'>> = fc
  .tuple(one(...(Object.keys(arbitraryData) as EventType[])), fc.integer({ min: 0, max: 10 * 3_600 }))
  .chain(([type, second]) =>
    arbitraryData[type]!.map((data) => ({
      type,
      source: '/test',
      sequence: '0',
      tenant: 'acme',
      // Some of them around midnight, so that days hand over.
      timeMs: (startMs + 9 * hour + second * 1_000) as EpochMs,
      data: JSON.parse(JSON.stringify(data)) as EventData,
    })),
  )

const arbitraryEvents = fc
  .array(arbitraryEvent, { minLength: 1, maxLength: 40 })
  .map((events) => events.map((event, index): CanonicalEvent => ({ ...event, id: `e-${index}` })))

/** Log time runs from the day of the events to `lastMs`, where the last record stands whatever came before. */
function logOf(events: readonly CanonicalEvent[], perRecord: readonly number[], stepMs: number, lastMs: number) {
  const records = []
  let rest = events
  for (let index = 0; rest.length > 0; index += 1) {
    const count = perRecord[index % perRecord.length]!
    records.push(recordOf(index, (startMs + 20 * hour + index * stepMs) as EpochMs, rest.slice(0, count)))
    rest = rest.slice(count)
  }
  records.push(recordOf(records.length, (startMs + lastMs) as EpochMs, []))
  return records
}

const lastInstants = one(21 * hour, 21 * hour + 7 * 60_000 + 13_000, 30 * hour)

test('any order, repetition, cut into records and batches, and any restart of the worker give the same measures and open intervals', async () => {
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
      lastInstants,
      async ([events, extra, shuffled], perRecord, batchSizes, restarts, lastMs) => {
        const once = await foldLog(logOf(events, [events.length], 0, lastMs))
        const other = await foldLog(logOf([...shuffled, ...extra], perRecord, 30_000, lastMs), { batchSizes, restartAt: new Set(restarts) })
        expect(measuresOf(other, 'acme')).toEqual(measuresOf(once, 'acme'))
        expect(openOf(other, 'acme')).toEqual(openOf(once, 'acme'))
        expect(lettersOf(other)).toEqual([])
      },
    ),
    { numRuns: 150 },
  )
}, 60_000)

/** Each event is appended `delayMs` after it happened, with heartbeats in between: timers run before, between and after the events. */
function liveLogOf(events: readonly CanonicalEvent[], delaysMs: readonly number[], heartbeatMs: number, lastMs: number) {
  const arrivals = events
    .map((event, index) => ({ event, atMs: event.timeMs + delaysMs[index % delaysMs.length]! }))
    .sort((a, b) => a.atMs - b.atMs)
  const beats = Array.from(
    { length: Math.floor((lastMs - 9 * hour) / heartbeatMs) },
    (_, index) => startMs + 9 * hour + index * heartbeatMs,
  )
  const steps = [...arrivals.map(({ event, atMs }) => ({ atMs, events: [event] })), ...beats.map((atMs) => ({ atMs, events: [] }))]
  steps.sort((a, b) => a.atMs - b.atMs)
  const records = steps.map((step, index) => recordOf(index, step.atMs as EpochMs, step.events))
  return [...records, recordOf(records.length, (startMs + lastMs) as EpochMs, [])]
}

test('events that come live, late or only after days give the same, whatever timers have passed and however little is cached meanwhile', async () => {
  const delays = fc.array(one(0, 800, 29_000, 45_000, 700_000, 2 * hour), { minLength: 1, maxLength: 10 })
  await fc.assert(
    fc.asyncProperty(
      arbitraryEvents,
      delays,
      one(60_000, 400_000, hour),
      fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 4 }),
      fc.uniqueArray(fc.integer({ min: 0, max: 60 })),
      one(1, 1e9),
      lastInstants,
      async (events, delaysMs, heartbeatMs, batchSizes, restarts, partitions, lastMs) => {
        const once = await foldLog(logOf(events, [events.length], 0, lastMs))
        const live = await foldLog(liveLogOf(events, delaysMs, heartbeatMs, lastMs), {
          batchSizes,
          restartAt: new Set(restarts),
          partitions,
        })
        expect(measuresOf(live, 'acme')).toEqual(measuresOf(once, 'acme'))
        expect(openOf(live, 'acme')).toEqual(openOf(once, 'acme'))
        expect(lettersOf(live)).toEqual([])
      },
    ),
    { numRuns: 150 },
  )
}, 60_000)
