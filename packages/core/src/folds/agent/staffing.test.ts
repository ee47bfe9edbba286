import { expect, test } from 'vitest'
import { dimensionSet } from '../../measures/dimension-set.ts'
import type { AgentTimeRow } from '../../subjects/row.ts'
import { minuteMs, type EpochMs } from '../../time/time.ts'
import type { Piece } from './share-out.ts'
import { staffingRows } from './staffing.ts'

const at = (minute: number): EpochMs => (minute * minuteMs) as EpochMs

const time = (
  agentClass: AgentTimeRow['class'],
  fromMinute: number,
  toMinute: number,
  { contacts = 0, queues = [] }: { contacts?: number; queues?: readonly string[] } = {},
): AgentTimeRow => ({
  ...{ grain: 'agent-time', class: agentClass, contacts, capacity: null },
  ...{ fromMs: at(fromMinute), toMs: at(toMinute) },
  credit: dimensionSet(queues.length === 0 ? { agent: 'a-1' } : { agent: 'a-1', queue: queues }),
})
const piece = (contactId: string, queue: string | null, from: number, to: number): Piece => ({
  ...{ contactId, queue, startMs: at(from), endMs: at(to) },
})

/** Minutes by queue. */
function wentTo(rows: readonly AgentTimeRow[], pieces: readonly Piece[] = []): object {
  const told = staffingRows(at(0), rows, pieces, (queue) =>
    dimensionSet({ agent: 'a-1', queue: queue ?? 'none' }),
  )
  for (const { queue, credit } of told)
    expect(credit).toMatchObject({ agent: 'a-1', queue: queue ?? 'none' })
  return Object.fromEntries(
    told.map(({ queue, staffedMs }) => [queue ?? '-', staffedMs / minuteMs]),
  )
}

test.each([
  { rule: 'who was not signed in staffed nothing', rows: [], went: {} },
  { rule: 'a break staffs nothing', rows: [time('not_ready', 0, 15, { queues: ['b'] })], went: {} },
  {
    rule: 'without handling the agent’s queues have equal parts',
    rows: [time('available', 0, 10, { queues: ['a', 'b'] })],
    went: { a: 5, b: 5 },
  },
  {
    rule: 'each stretch of it goes to the queues of then',
    rows: [
      time('available', 0, 10, { queues: ['a', 'b'] }),
      time('available', 10, 15, { queues: ['b'] }),
    ],
    went: { a: 5, b: 10 },
  },
  { rule: 'who is in no queue is in none', rows: [time('available', 0, 15)], went: { '-': 15 } },
  {
    rule: 'handling that no contact tells goes to the agent’s queues',
    rows: [time('handling', 0, 15, { queues: ['a'] })],
    went: { a: 15 },
  },
  {
    rule: 'available time goes where the agent handled, whatever queues it is in',
    rows: [
      time('handling', 0, 3, { contacts: 1, queues: ['a'] }),
      time('available', 3, 15, { queues: ['a'] }),
    ],
    pieces: [piece('c-1', 'b', 0, 3)],
    went: { b: 15 },
  },
  {
    rule: 'in proportion to the handling in each queue',
    rows: [time('handling', 0, 4, { contacts: 1 }), time('available', 4, 12)],
    pieces: [piece('c-1', 'a', 0, 1), piece('c-2', 'b', 1, 4)],
    went: { a: 3, b: 9 },
  },
  {
    rule: 'of contacts at once each has its part of the time',
    rows: [time('handling', 0, 4, { contacts: 2 }), time('handling', 4, 6, { contacts: 1 })],
    pieces: [piece('c-1', 'a', 0, 6), piece('c-2', 'b', 0, 4)],
    went: { a: 4, b: 2 },
  },
  {
    rule: 'a contact in no queue counts as such',
    rows: [time('handling', 0, 4, { contacts: 2, queues: ['a'] })],
    pieces: [piece('c-1', 'a', 0, 4), piece('c-2', null, 0, 4)],
    went: { '-': 2, a: 2 },
  },
  {
    rule: 'a contact that goes on while the agent is not signed in weighs nothing then',
    rows: [time('handling', 5, 10, { contacts: 2 })],
    pieces: [piece('c-1', 'a', 0, 15), piece('c-2', 'b', 5, 15)],
    went: { a: 2.5, b: 2.5 },
  },
])('$rule', ({ rows, pieces = [], went }) => {
  expect(wentTo(rows, pieces)).toEqual(went)
})
