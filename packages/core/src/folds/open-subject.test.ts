import { expect, test } from 'vitest'
import type { AgentRow, OpenRow, WaitingRow } from '../open/entry.ts'
import type { EpochMs } from '../time/time.ts'
import { equalBacklog, equalOpen, type OpenSubject } from './open-subject.ts'

const at = (ms: number): EpochMs => ms as EpochMs
const waiting: WaitingRow = {
  contactId: 'c-1',
  dueAtMs: at(20),
  first: true,
  queue: 'billing',
  channel: 'chat',
  agentId: 'a-1',
  priority: 'high',
}
const agent: AgentRow = { agentId: 'c-1', contacts: 1, capacity: 2, queues: ['billing', 'sales'] }

const subject = (row: OpenRow, change: Partial<OpenSubject> = {}): OpenSubject => ({
  row,
  intervals: [{ kind: 'reply.live', sinceMs: at(10) }],
  dimensions: { queue: ['billing'], agent: 'a-1' },
  ...change,
})

test('what goes on as before is equal, though it is another object', () => {
  for (const row of [waiting, agent])
    expect(equalOpen(subject(row), structuredClone(subject(row)))).toBe(true)
  expect(equalOpen(null, null)).toBe(true)
})

const rows: readonly OpenRow[] = [
  { ...waiting, contactId: 'c-2' },
  { ...waiting, dueAtMs: at(21) },
  { ...waiting, first: false },
  { ...waiting, queue: undefined },
  { ...waiting, channel: 'web' },
  { ...waiting, agentId: 'a-2' },
  { ...waiting, priority: undefined },
  agent,
  { ...agent, agentId: 'a-2' },
  { ...agent, reason: 'coffee' },
  { ...agent, contacts: 2 },
  { ...agent, capacity: null },
  { ...agent, queues: ['billing'] },
  { ...agent, queues: ['billing', 'support'] },
]
const others: readonly Partial<OpenSubject>[] = [
  { intervals: [] },
  { intervals: [{ kind: 'reply.live', sinceMs: at(11) }] },
  { intervals: [{ kind: 'queue.voice', sinceMs: at(10) }] },
  { dimensions: { queue: ['billing'], agent: 'a-2' } },
  { dimensions: { queue: ['sales'], agent: 'a-1' } },
]
const all = [
  ...rows.map((row) => subject(row)),
  ...others.map((change) => subject(waiting, change)),
  subject(waiting),
  null,
]

test('whatever part of it differs, it is another', () => {
  for (const [a, one] of all.entries())
    for (const [b, other] of all.entries()) expect(equalOpen(one, other), `${a} ${b}`).toBe(a === b)
})

test('a contact counts as before while its beginning, its clock, its limit and its dimensions are the same', () => {
  const counted = {
    sinceMs: at(1),
    clock: 'calendar' as const,
    queue: 'billing',
    ...{ limitMs: 10, dueAfterMs: 12 },
    dimensions: { queue: 'billing' },
  }
  const variants = [
    counted,
    { ...counted, sinceMs: at(2) },
    { ...counted, clock: 'business' as const },
    { ...counted, queue: 'sales' },
    { ...counted, queue: null },
    { ...counted, limitMs: 9 },
    { ...counted, dueAfterMs: null },
    { ...counted, dimensions: { queue: 'sales' } },
    null,
  ]
  for (const [a, one] of variants.entries()) {
    for (const [b, other] of variants.entries())
      expect(equalBacklog(one, structuredClone(other)), `${a} ${b}`).toBe(a === b)
  }
})
