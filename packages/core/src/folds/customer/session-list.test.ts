import fc from 'fast-check'
import { expect, test } from 'vitest'
import { keyOfRow } from '../../subjects/row.ts'
import type { EpochMs } from '../../time/time.ts'
import type { Session } from './session.ts'
import { SessionList } from './session-list.ts'

const instant = fc.integer({ min: 0, max: 60 }).map((ms) => ms as EpochMs)
const topic = fc.constantFrom(undefined, 'refund', 'login')
const resolution = fc.record({
  atMs: instant,
  windowMs: fc.constantFrom(0, 5, 20),
  ...{ isSolved: fc.boolean(), isMature: fc.boolean(), isInAuthority: fc.boolean() },
  topic,
  ...{ queue: fc.constant('q'), agent: fc.constant('a-1'), channel: fc.constant('chat') },
  ...{ class: fc.constant('live'), attributes: fc.constant({}) },
})
const session: fc.Arbitrary<Session> = fc.record({
  contactId: fc.integer({ min: 0, max: 9 }).map((n) => `c-${n}`),
  opened: fc.option(
    instant.map((atMs) => ({ atMs, credit: { queue: 'first' } })),
    { freq: 6 },
  ),
  served: fc.constant(null),
  due: fc.constant(null),
  topic,
  resolution: fc.option(resolution, { freq: 3 }),
})
const step = fc.oneof(
  { weight: 5, arbitrary: session.map((put) => ({ put })) },
  { weight: 1, arbitrary: session.map(({ contactId }) => ({ remove: contactId })) },
)

/** Each with each other. */
function plainly(sessions: Iterable<Session>): string[] {
  const all = [...sessions]
  const repeats = (later: Session, { contactId, opened, topic: own, resolution }: Session) =>
    resolution !== null &&
    opened !== null &&
    later.contactId !== contactId &&
    later.opened !== null &&
    later.opened.atMs > resolution.atMs &&
    later.opened.atMs <= resolution.atMs + resolution.windowMs &&
    (later.topic === undefined || own === undefined || later.topic === own)
  return all.flatMap((one) => {
    const { contactId, opened, resolution } = one
    const isRepeated = resolution?.isSolved === true && all.some((other) => repeats(other, one))
    return [
      ...(isRepeated
        ? [
            `session/${contactId} ${resolution.atMs} ${resolution.isMature} ${resolution.isInAuthority}`,
          ]
        : []),
      ...(all.some((other) => repeats(one, other))
        ? [`repeat/${contactId} ${opened!.atMs} first`]
        : []),
    ]
  })
}

const said = (list: SessionList): string[] =>
  [...list.rows.told].flatMap((row) => {
    if (row.grain === 'repeat')
      return [`${keyOfRow(row)} ${row.opened.atMs} ${String(row.opened.credit.queue)}`]
    if (row.grain !== 'session') return []
    const { atMs, isMature, isInAuthority } = row.repeated
    return [`${keyOfRow(row)} ${atMs} ${isMature} ${isInAuthority}`]
  })

test('after any changes those repeat, and are repeated, that a look at each with each other finds, also when it begins with them', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const list = new SessionList()
      const sessions = new Map<string, Session>()
      for (const one of steps) {
        if ('put' in one) {
          list.put(one.put)
          sessions.set(one.put.contactId, one.put)
        } else {
          list.remove(one.remove)
          sessions.delete(one.remove)
        }
        expect(said(list).sort()).toEqual(plainly(sessions.values()).sort())
        expect([...list.values()]).toEqual([...sessions.values()])
      }
      expect(said(new SessionList(list.values())).sort()).toEqual(said(list).sort())
    }),
    { numRuns: 500 },
  )
})

test('a contact that loses its opening, or gets one, is repeated no more, or again, though its resolution stays', () => {
  const opened = { ...solvedFirst, resolution: { ...solvedFirst.resolution!, isSolved: false } }
  const list = new SessionList([opened, openedAt(5)])
  expect(said(list)).toEqual(['repeat/c-2 5 q'])
  list.put({ ...opened, opened: null })
  expect(said(list)).toEqual([])
  list.put(opened)
  expect(said(list)).toEqual(['repeat/c-2 5 q'])
})

test('what is settled is let go of with its rows, which stay counted', () => {
  const list = new SessionList([solvedFirst, openedAt(5)])
  expect(said(list)).toEqual(['session/c-1 1 false true', 'repeat/c-2 5 q'])
  const all = new Set(['c-1', 'c-2'])
  expect(list.forgetSettled(all)).toHaveLength(2)
  expect([list.size, said(list), list.rows.takeChanges()]).toEqual([0, [], []])
})

test('one that a living contact may repeat is not let go of: that repeats it as long as it lives', () => {
  const list = new SessionList([solvedFirst, openedAt(11)])
  const final = new Set(['c-1'])
  expect(list.forgetSettled(final)).toEqual([])
  list.put({ ...openedAt(11), topic: 'refund' })
  expect(said(list)).toEqual(['session/c-1 1 false true', 'repeat/c-2 11 q'])
  list.put(openedAt(12))
  expect(said(list)).toEqual([])
  expect(list.forgetSettled(final)).toEqual([solvedFirst])
})

const solvedFirst: Session = {
  ...{ contactId: 'c-1', opened: { atMs: 0 as EpochMs, credit: { queue: 'q' } } },
  ...{ served: null, due: null, topic: undefined },
  resolution: {
    ...{ atMs: 1 as EpochMs, windowMs: 10, isSolved: true, isMature: false, isInAuthority: true },
    ...{ topic: undefined, queue: 'q', agent: 'a-1', channel: 'chat', class: 'live' },
    attributes: {},
  },
}
const openedAt = (atMs: number): Session => ({
  ...{ contactId: 'c-2', opened: { atMs: atMs as EpochMs, credit: { queue: 'q' } } },
  ...{ served: null, due: null, topic: undefined, resolution: null },
})
