import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { defaultTenantConfig } from '../../config/tenant-config.ts'
import { measures } from '../../families/catalogue.ts'
import { secondMs, type EpochMs } from '../../time/time.ts'
import { Contact, type StoredContact } from './contact.ts'
import {
  agent,
  assigned,
  at,
  bot,
  canonical,
  countedIn,
  customer,
  hourSeconds,
  opened,
  queued,
  released,
  resolved,
  startMs,
  type Happened,
} from './contact.test-support.ts'
import { endedWaitsMax, type ContactWaits } from './waits.ts'

function folded(happened: readonly Happened[], untilSecond = hourSeconds): Contact {
  const contact = new Contact('c-1', () => defaultTenantConfig, null, [])
  for (const [index, event] of canonical(happened).entries()) {
    contact.insert({
      event,
      receivedMs: Math.max(event.timeMs, startMs) as EpochMs,
      text: String.fromCharCode(index),
    })
  }
  contact.settle(at(untilSecond))
  return contact
}

type Seconds = readonly [kind: string, since: number, ended?: number]

const secondsOf = (waits: ContactWaits | null): Seconds[] | null =>
  waits === null
    ? null
    : [...waits.past, ...(waits.current === null ? [] : [waits.current])].map(
        ({ kind, sinceMs, endedMs }) =>
          endedMs === null
            ? [kind, (sinceMs - startMs) / secondMs]
            : [kind, (sinceMs - startMs) / secondMs, (endedMs - startMs) / secondMs],
      )

const call = (second: number, queue?: string): Happened =>
  opened(second, { channel: 'voice', queue })
const asks: readonly Happened[] = [opened(0), customer(5)]
const ends: readonly [rule: string, happened: readonly Happened[], waits: readonly Seconds[]][] = [
  ['goes on', [], [['reply', 5]]],
  ['goes on under more messages of the customer', [customer(9)], [['reply', 5]]],
  ['ends with a public human message', [agent(20, 'a-1')], [['reply', 5, 20]]],
  ['goes on under a private note', [agent(20, 'a-1', { visibility: 'private' })], [['reply', 5]]],
  ['goes on under an automatic message', [agent(20, 'a-1', { automatic: true })], [['reply', 5]]],
  ['goes on when an agent is assigned', [assigned(20, 'a-1')], [['reply', 5]]],
  ['ends when the contact is resolved', [resolved(20, 'a-1')], [['reply', 5, 20]]],
  ['ends when it is closed', [[20, 'contact.closed']], [['reply', 5, 20]]],
  ['ends when it ends', [[20, 'contact.ended']], [['reply', 5, 20]]],
  ['ends when the customer leaves', [[20, 'contact.abandoned']], [['reply', 5, 20]]],
  ['ends when a bot takes over', [[20, 'contact.handed_off', { to: 'bot' }]], [['reply', 5, 20]]],
  [
    'ends when a bot takes over, and another begins when it hands back',
    [
      [20, 'contact.handed_off', { to: 'bot' }],
      [40, 'contact.handed_off', {}],
    ],
    [
      ['reply', 5, 20],
      ['reply', 40],
    ],
  ],
  ['never was if a bot had the contact from the opening', [bot(8)], []],
  ['never was, also of one that was answered without a word', [bot(8), agent(20, 'a-1')], []],
  [
    'is followed by the next one',
    [agent(20, 'a-1'), customer(30)],
    [
      ['reply', 5, 20],
      ['reply', 30],
    ],
  ],
  [
    'of no length leaves nothing',
    [agent(20, 'a-1'), customer(30), agent(30, 'a-1')],
    [['reply', 5, 20]],
  ],
  [
    'goes on when the contact is discarded and restored',
    [[20, 'contact.discarded'], [25, 'contact.restored'], customer(30)],
    [['reply', 5]],
  ],
]

describe('an owed reply', () => {
  test.each(ends)('%s', (_rule, happened, waits) => {
    expect(secondsOf(folded([...asks, ...happened]).waits(at(hourSeconds)))).toEqual(waits)
  })
})

describe('a wait in a queue', () => {
  test.each<[rule: string, happened: readonly Happened[], waits: readonly Seconds[]]>([
    ['goes on from the opening of a call', [call(0)], [['queue', 0]]],
    ['ends with an agent', [call(0, 'sales'), assigned(15, 'a-1')], [['queue', 0, 15]]],
    [
      'goes on where the queue is said again',
      [call(0, 'sales'), queued(10, 'sales')],
      [['queue', 0]],
    ],
    [
      'ends with another queue, where the next begins',
      [call(0, 'sales'), queued(10, 'billing')],
      [
        ['queue', 0, 10],
        ['queue', 10],
      ],
    ],
    [
      'ends when the call leaves the queue',
      [call(0, 'sales'), [12, 'contact.dequeued', { queue: 'sales' }]],
      [['queue', 0, 12]],
    ],
    [
      'goes on when the call leaves a queue that it has left before',
      [call(0, 'sales'), queued(10, 'billing'), [12, 'contact.dequeued', { queue: 'sales' }]],
      [
        ['queue', 0, 10],
        ['queue', 10],
      ],
    ],
    [
      'ends when the customer hangs up',
      [call(0, 'sales'), [12, 'contact.abandoned']],
      [['queue', 0, 12]],
    ],
    ['ends when the call ends', [call(0, 'sales'), [12, 'contact.ended']], [['queue', 0, 12]]],
    [
      'ends when the call is closed',
      [call(0, 'sales'), [12, 'contact.closed']],
      [['queue', 0, 12]],
    ],
    [
      'ends when the customer hangs up in the second queue',
      [call(0, 'sales'), assigned(5, 'a-1'), queued(10, 'billing'), [40, 'contact.abandoned']],
      [
        ['queue', 0, 5],
        ['queue', 10, 40],
      ],
    ],
    [
      'begins anew after an agent',
      [call(0, 'sales'), assigned(5, 'a-1'), released(8, 'a-1'), queued(10, 'billing')],
      [
        ['queue', 0, 5],
        ['queue', 10],
      ],
    ],
    [
      'goes on behind a discard, for when it is restored',
      [call(0, 'sales'), [12, 'contact.discarded'], [20, 'contact.restored']],
      [['queue', 0]],
    ],
    ['never was if a bot had the call', [call(0), bot(3)], []],
  ])('%s', (_rule, happened, waits) => {
    expect(secondsOf(folded(happened).waits(at(hourSeconds)))).toEqual(waits)
  })
})

describe('nobody watches', () => {
  test.each<[rule: string, happened: readonly Happened[]]>([
    [
      'an outbound contact to which nobody wrote',
      [opened(0, { direction: 'outbound' }), agent(5, 'a-1')],
    ],
    ['a discarded contact', [...asks, [20, 'contact.discarded']]],
    ['a contact of which nothing is known', []],
  ])('%s', (_rule, happened) => {
    expect(folded(happened).waits(at(hourSeconds))).toBeNull()
  })

  test('a contact that is past its lifetime', () => {
    const contact = folded([...asks, resolved(20)], 40 * 24 * hourSeconds)
    expect(contact.isExpired).toBe(true)
    expect(contact.waits(at(hourSeconds))).toBeNull()
  })
})

test('a contact says where it stands: queue, owner, channel, class and what describes it', () => {
  const waits = folded([
    opened(0, { queue: 'billing', priority: 'vip', topic: 'refund' }),
    customer(5),
    assigned(7, 'a-1'),
  ]).waits(at(hourSeconds))
  expect(waits?.dimensions).toEqual({
    queue: 'billing',
    agent: 'a-1',
    channel: 'chat',
    class: 'live',
    priority: 'vip',
    topic: 'refund',
  })
})

test('the last waits are kept, the older ones forgotten', () => {
  const turns = Array.from({ length: endedWaitsMax + 3 }, (_, index) => [
    customer(10 * index + 10),
    agent(10 * index + 15, 'a-1'),
  ]).flat()
  const waits = secondsOf(folded([opened(0), ...turns]).waits(at(hourSeconds)))
  expect(waits).toHaveLength(endedWaitsMax)
  expect(waits?.[0]).toEqual(['reply', 40, 45])
})

test('what a store holds says the same waits again', () => {
  const contact = folded([...asks, agent(20, 'a-1'), customer(30)])
  const stored = JSON.parse(JSON.stringify(contact.store())) as StoredContact
  const again = new Contact('c-1', () => defaultTenantConfig, stored, contact.timeline.events)
  expect(again.waits(at(hourSeconds))).toEqual(contact.waits(at(hourSeconds)))
})

const happenings: fc.Arbitrary<Happened> = fc
  .nat({ max: 600 })
  .chain((second) =>
    fc.constantFrom(
      customer(second),
      customer(second),
      agent(second, 'a-1'),
      assigned(second, 'a-1', 'sales'),
      queued(second, 'sales'),
      queued(second, 'billing'),
      bot(second),
      released(second, 'a-1'),
      resolved(second),
      [second, 'contact.handed_off', { to: 'bot' }] as Happened,
      [second, 'contact.reopened', {}] as Happened,
      [second, 'contact.ended', {}] as Happened,
    ),
  )

test('ended waits follow one another, and every counted reply ends one', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('chat', 'voice', 'email'),
      fc.array(happenings, { maxLength: endedWaitsMax }),
      (channel, happened) => {
        const contact = folded([opened(0, { channel }), ...happened])
        const { past, current, dimensions } = contact.waits(at(hourSeconds))!
        const spans = [...past, ...(current === null ? [] : [current])]
        for (const [index, { sinceMs, endedMs }] of spans.entries()) {
          if (endedMs !== null) expect(endedMs).toBeGreaterThan(sinceMs)
          if (index > 0) expect(sinceMs).toBeGreaterThanOrEqual(spans[index - 1]!.endedMs!)
        }
        expect(
          new Set(spans.map(({ kind }) => kind)).has(
            dimensions.class === 'voice' ? 'reply' : 'queue',
          ),
        ).toBe(false)
        for (const { measure, atMs, value } of countedIn(contact.take(at(hourSeconds)).rows)) {
          if (measure !== measures.replyTime || value === 0) continue
          expect(past).toContainEqual({ kind: 'reply', sinceMs: atMs - value, endedMs: atMs })
        }
      },
    ),
    { numRuns: 500 },
  )
})

test('somebody is believed to wait until the wait is given up, not at that instant, whatever was settled', () => {
  const contact = new Contact('c-1', () => defaultTenantConfig, null, [])
  for (const [index, event] of canonical([opened(0), customer(5)]).entries()) {
    contact.insert({ event, receivedMs: startMs, text: String.fromCharCode(index) })
  }
  contact.fold()
  const lostMs = at(24 * hourSeconds + 5)
  expect(contact.isWaiting((lostMs - 1) as EpochMs)).toBe(true)
  expect(contact.isWaiting(lostMs)).toBe(false)
  expect(contact.waits((lostMs - 1) as EpochMs)?.current).toMatchObject({
    kind: 'reply',
    lostAtMs: lostMs,
  })
  expect(contact.waits(lostMs)?.current).toBeNull()
})
