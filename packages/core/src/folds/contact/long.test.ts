import fc from 'fast-check'
import { expect, test } from 'vitest'
import { defaultTenantConfig } from '../../config/tenant-config.ts'
import type { CanonicalEvent, EventData } from '../../events/event.ts'
import type { EventType } from '../../events/types.ts'
import { contribute } from '../../families/contribute.ts'
import { dimensionSet } from '../../measures/dimension-set.ts'
import type { RowChange } from '../../subjects/row-set.ts'
import type { EpochMs } from '../../time/time.ts'
import { compareEvents } from '../timeline/order.ts'
import { Contact } from './contact.ts'
import { at } from './contact.test-support.ts'

/** What a contact of a sender that gives all of its contacts one name may grow to in a day. */
const length = 14_000
const settledSecond = 2 * length

type Chance = (below: number) => number

/** Numbers of [0, below), the same for each seed. */
function chanceOf(seed: number): Chance {
  let state = seed >>> 0
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

const kinds: readonly (readonly [EventType, EventData])[] = [
  ['message.sent', { from: 'customer' }],
  ['message.sent', { from: 'agent', agentId: 'a-1' }],
  ['message.sent', { from: 'agent', agentId: 'a-2', visibility: 'private' }],
  ['message.sent', { from: 'bot' }],
  ['contact.assigned', { agentId: 'a-1', queue: 'sales' }],
  ['contact.queued', { queue: 'billing' }],
  ['contact.released', { agentId: 'a-1' }],
  ['contact.resolved', { agentId: 'a-2' }],
  ['contact.reopened', {}],
  ['contact.updated', { topic: 'refund' }],
]

/** One in eight has the identity of another one, one message in four has an id that others have, too. */
function eventsOf(chance: Chance): CanonicalEvent[] {
  return Array.from({ length }, (_, number) => {
    const second = chance(length)
    const [type, data] = number === 0 ? opening : kinds[chance(kinds.length)]!
    const named = type === 'message.sent' && chance(4) === 0
    return {
      ...{ type, source: '/test', tenant: 'acme', timeMs: number === 0 ? at(0) : at(second) },
      id: number > 0 && chance(8) === 0 ? `e-${1 + chance(length - 1)}` : `e-${number}`,
      sequence: '',
      data: { contactId: 'c-1', ...data, ...(named && { messageId: `m-${chance(500)}` }) },
    }
  })
}

const opening: readonly [EventType, EventData] = ['contact.opened', { channel: 'chat' }]

/** Each comes up to so many seconds after it happened. */
function arrivals(
  events: readonly CanonicalEvent[],
  lateSeconds: number,
  chance: Chance,
): CanonicalEvent[] {
  return events
    .map((event) => ({ event, atMs: event.timeMs + 1_000 * chance(lateSeconds + 1) }))
    .toSorted((a, b) => a.atMs - b.atMs || compareEvents(a.event, b.event))
    .map(({ event }) => event)
}

/** What a slice counts of each instant. */
function sumsOf(changes: readonly RowChange[]): ReadonlyMap<string, number> {
  const sums = new Map<string, number>()
  for (const { row, sign } of changes) {
    contribute(row, ({ name }, { atMs, credit }, value, scope) => {
      const key = `${name} ${atMs} ${scope} ${JSON.stringify(dimensionSet(credit, credit))}`
      const sum = (sums.get(key) ?? 0) + sign * value
      if (sum === 0) sums.delete(key)
      else sums.set(key, sum)
    })
  }
  return sums
}

/** The events come in this order, and are folded `folds` times. */
function comesTo(events: readonly CanonicalEvent[], folds: number) {
  const contact = new Contact('c-1', () => defaultTenantConfig, null, [])
  const changes: RowChange[] = []
  const takeAt = (nowMs: EpochMs): void => {
    contact.settle(nowMs)
    changes.push(...contact.take(nowMs).rows)
  }
  let nowMs = at(0)
  for (const [number, event] of events.entries()) {
    nowMs = Math.max(nowMs, event.timeMs) as EpochMs
    contact.insert({ event, receivedMs: nowMs, text: JSON.stringify(event) })
    if (number % Math.ceil(length / folds) === 0) takeAt(nowMs)
  }
  takeAt(at(settledSecond))
  return {
    events: contact.timeline.events.map(({ event }) => event),
    sums: sumsOf(changes),
    waits: contact.waits(at(settledSecond)),
    image: contact.image()?.state,
  }
}

test('a contact of 14,000 events, edits and conflicts among them, comes to the same in any order and however often it is folded', () => {
  fc.assert(
    fc.property(
      fc.integer(),
      fc.constantFrom(0, 60, length),
      fc.integer({ min: 1, max: 12 }),
      (seed, lateSeconds, folds) => {
        const chance = chanceOf(seed)
        const events = eventsOf(chance)
        const wanted = comesTo(arrivals(events, 0, chance), 1)
        expect(wanted.events.length).toBeLessThan(length)
        expect(wanted.sums.size).toBeGreaterThan(100)
        expect(comesTo(arrivals(events, lateSeconds, chance), folds)).toEqual(wanted)
      },
    ),
    {
      numRuns: 3,
      examples: [
        [1, 0, 12],
        [1, length, 12],
      ],
    },
  )
})
