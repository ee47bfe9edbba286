import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { CanonicalEvent, EventData } from '../../events/event.ts'
import type { EventType } from '../../events/types.ts'
import type { EpochMs } from '../../time/time.ts'
import { compareEvents, compareSequences } from './order.ts'

const event = (change: Partial<CanonicalEvent> = {}): CanonicalEvent => ({
  ...{
    type: 'message.sent',
    source: '/b',
    sequence: '5',
    id: 'm',
    timeMs: 5 as EpochMs,
    tenant: 'acme',
    data: { from: 'bot' },
  },
  ...change,
})
const data = (from: string): EventData => ({ from })
/** What sorts before and after the others, by what counts first. */
const keys: readonly {
  readonly what: string
  readonly less: Partial<CanonicalEvent>
  readonly more: Partial<CanonicalEvent>
}[] = [
  { what: 'time', less: { timeMs: 4 as EpochMs }, more: { timeMs: 6 as EpochMs } },
  { what: 'source', less: { source: '/a' }, more: { source: '/c' } },
  { what: 'sequence', less: { sequence: '4' }, more: { sequence: '10' } },
  { what: 'type', less: { type: 'contact.opened' }, more: { type: 'contact.resolved' } },
  { what: 'sender of a message', less: { data: data('customer') }, more: { data: data('agent') } },
  { what: 'id', less: { id: 'l' }, more: { id: 'n' } },
]

describe('the order of a timeline', () => {
  test.each(keys)('goes by $what', ({ less, more }) => {
    expect(compareEvents(event(less), event())).toBeLessThan(0)
    expect(compareEvents(event(), event(less))).toBeGreaterThan(0)
    expect(compareEvents(event(more), event())).toBeGreaterThan(0)
    expect(compareEvents(event(), event(more))).toBeLessThan(0)
  })

  test.each(keys.map(({ what, less }, at) => ({ what, less, behind: keys.slice(at + 1) })))(
    '$what counts before what comes after it in that list',
    ({ less, behind }) => {
      const more = Object.assign({}, ...behind.map((key) => key.more)) as Partial<CanonicalEvent>
      expect(compareEvents(event({ ...more, ...less }), event())).toBeLessThan(0)
      expect(compareEvents(event(), event({ ...more, ...less }))).toBeGreaterThan(0)
    },
  )

  test('two events have one place where source and id, time, sequence, type and sender are the same, whatever else they say', () => {
    expect(compareEvents(event(), event({ data: { from: 'bot', automatic: true } }))).toBe(0)
  })

  const events = fc.record({
    type: fc.constantFrom<EventType>('message.sent', 'contact.opened', 'contact.resolved'),
    source: fc.constantFrom('/a', '/b'),
    sequence: fc.constantFrom('0', '9', '10'),
    id: fc.constantFrom('x', 'y'),
    timeMs: fc.constantFrom(1 as EpochMs, 2 as EpochMs),
    tenant: fc.constant('acme'),
    data: fc.constantFrom(data('customer'), data('agent'), data('system')),
  })

  test('is one order for all: it does not matter which of two is asked first, and it has no circles', () => {
    fc.assert(
      fc.property(events, events, events, (a, b, c) => {
        expect(Math.sign(compareEvents(a, b)) + Math.sign(compareEvents(b, a))).toBe(0)
        const [first, second, third] = [a, b, c].toSorted(compareEvents)
        expect(compareEvents(first!, second!)).toBeLessThanOrEqual(0)
        expect(compareEvents(second!, third!)).toBeLessThanOrEqual(0)
        expect(compareEvents(first!, third!)).toBeLessThanOrEqual(0)
      }),
    )
  })
})

test('sequences are compared as integers, of any length', () => {
  const number = fc.bigInt({ min: 0n, max: 10n ** 30n })
  fc.assert(
    fc.property(number, number, (a, b) => {
      expect(Math.sign(compareSequences(String(a), String(b)))).toBe(a === b ? 0 : a < b ? -1 : 1)
    }),
    {
      examples: [
        [9n, 10n] as [bigint, bigint],
        [7n, 7n] as [bigint, bigint],
        [19n, 18n] as [bigint, bigint],
      ],
    },
  )
})
