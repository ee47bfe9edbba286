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
  isMature: fc.boolean(),
  topic,
  ...{ queue: fc.constant('q'), agent: fc.constant('a-1'), channel: fc.constant('chat') },
  ...{ class: fc.constant('live'), attributes: fc.constant({}) },
})
const session: fc.Arbitrary<Session> = fc.record({
  contactId: fc.integer({ min: 0, max: 9 }).map((n) => `c-${n}`),
  openedMs: fc.option(instant, { freq: 6 }),
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
  return all.flatMap(({ contactId, openedMs, topic: own, resolution: solved }) => {
    const isRepeated = all.some(
      (other) =>
        solved !== null &&
        openedMs !== null &&
        other.contactId !== contactId &&
        other.openedMs !== null &&
        other.openedMs > solved.atMs &&
        other.openedMs <= solved.atMs + solved.windowMs &&
        (other.topic === undefined || own === undefined || other.topic === own),
    )
    return isRepeated ? [`session/${contactId} ${solved!.atMs} ${solved!.isMature}`] : []
  })
}

const said = (list: SessionList): string[] =>
  [...list.rows.told].flatMap((row) =>
    row.grain === 'session'
      ? [`${keyOfRow(row)} ${row.repeated.atMs} ${row.repeated.isMature}`]
      : [],
  )

test('after any changes those are repeated that a look at each with each other finds, also when it begins with them', () => {
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

test('what is settled is let go of with its rows, which stay counted', () => {
  const solved = { windowMs: 10, isMature: false, topic: undefined, queue: 'q', agent: 'a-1' }
  const first: Session = {
    ...{ contactId: 'c-1', openedMs: 0 as EpochMs, served: null, due: null, topic: undefined },
    resolution: { ...solved, atMs: 1 as EpochMs, channel: 'chat', class: 'live', attributes: {} },
  }
  const list = new SessionList([
    first,
    { ...first, contactId: 'c-2', openedMs: 5 as EpochMs, resolution: null },
  ])
  expect(said(list)).toEqual(['session/c-1 1 false'])
  expect(list.forgetSettled(new Set(['c-1']), ['c-1'])).toEqual([first])
  expect([list.size, said(list), list.rows.takeChanges()]).toEqual([1, [], []])
})
