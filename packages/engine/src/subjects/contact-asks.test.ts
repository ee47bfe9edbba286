import type { CanonicalEvent, EventData, EventType } from '@deskpulse/core/events'
import { contactSubject, stateKey } from '@deskpulse/core/state'
import { dayMs, type EpochMs, hourMs } from '@deskpulse/core/time'
import { expect, test } from 'vitest'
import type { MemoryStore } from '../replay/memory-store.ts'
import { foldedInWays, type Step } from '../testing/folded-in-ways.ts'
import { measuresOf } from '../testing/measures.ts'

const tenant = 'acme'
const startMs = Date.UTC(2026, 2, 2)
const at = (day: number, hour = 0): EpochMs => (startMs + day * dayMs + hour * hourMs) as EpochMs

let events = 0
const event = (
  timeMs: EpochMs,
  type: EventType,
  data: EventData,
  id = `e-${(events += 1)}`,
): CanonicalEvent => ({ type, id, source: '/crm', timeMs, sequence: '0', tenant, data })

const contact = (hour: number, type: EventType, data: EventData = {}, id?: string) =>
  event(at(0, hour), type, { contactId: 'c', ...data }, id)
const opened = contact(1, 'contact.opened', { channel: 'chat', queue: 'billing' })
const assigned = contact(2, 'contact.assigned', { agentId: 'a-1' })
const resolved = contact(3, 'contact.resolved', { agentId: 'a-1' })
const course = [opened, assigned, resolved]
const filed = (hour: number, data: EventData = {}, id?: string) =>
  event(at(0, hour), 'complaint.filed', { complaintId: 'x', ...data }, id)

const folded = (...steps: readonly Step[]): Promise<MemoryStore> => foldedInWays(tenant, steps)

/** Of the complaint that was filed: the agent and the queue that have it. */
async function creditAfter(...steps: readonly Step[]): Promise<string> {
  const measures = measuresOf(await folded(...steps), tenant)
  const found = Object.keys(measures)
    .filter((name) => / day .* complaints$/.test(name))
    .map((name) => name.split(' ')[0]!)
  const of = (dimension: string): string =>
    found
      .filter((slice) => slice.startsWith(`${dimension}=`) && !slice.includes(','))
      .map((slice) => slice.slice(dimension.length + 1))
      .join()
  return `${of('agent')} ${of('queue')}`
}

test.each([
  { rule: 'before anybody had the contact: its queue', hour: 1.5, is: 'none billing' },
  { rule: 'while an agent has it', hour: 2.5, is: 'a-1 billing' },
  { rule: 'what happens at its instant was before it', hour: 2, is: 'a-1 billing' },
  { rule: 'after the resolution', hour: 9, is: 'a-1 billing' },
  { rule: 'before the contact began', hour: 0, is: 'none none' },
])('a complaint that comes $rule', async ({ hour, is }) => {
  const complaint = filed(hour, { contactId: 'c' })
  expect(await creditAfter([at(1), ...course, complaint])).toBe(is)
  expect(await creditAfter([at(1), complaint], [at(1, 1), ...course])).toBe(is)
  expect(await creditAfter([at(1), ...course], [at(1, 1)], [at(1, 2), complaint])).toBe(is)
})

test('another agent of the contact after its resolution has nothing to do with it, until that resolves it', async () => {
  const reopened = [
    contact(4, 'contact.reopened'),
    contact(5, 'contact.assigned', { agentId: 'a-2' }),
    contact(7, 'contact.resolved'),
  ]
  const all = [...course, ...reopened]
  expect(await creditAfter([at(1), ...all, filed(6, { contactId: 'c' })])).toBe('a-1 billing')
  expect(await creditAfter([at(1), ...all, filed(8, { contactId: 'c' })])).toBe('a-2 billing')
})

test('the agent whom the complaint names has it, in the queue of the contact', async () => {
  const complaint = filed(9, { contactId: 'c', agentId: 'a-9' })
  expect(await creditAfter([at(1), ...course, complaint])).toBe('a-9 billing')
})

test('the contact that is named last says it, however late another one was named', async () => {
  const other = (type: EventType, hour: number, data: EventData = {}) =>
    event(at(0, hour), type, { contactId: 'd', ...data })
  const others = [
    other('contact.opened', 1, { channel: 'chat', queue: 'tech' }),
    other('contact.assigned', 2, { agentId: 'a-2' }),
  ]
  const settled = event(at(0, 10), 'complaint.settled', { complaintId: 'x', contactId: 'd' })
  const all = [...course, ...others]
  const complaint = filed(9, { contactId: 'c' })
  expect(await creditAfter([at(1), ...all, complaint], [at(2), settled])).toBe('a-2 tech')
  expect(await creditAfter([at(1), settled], [at(2), complaint], [at(3), ...all])).toBe('a-2 tech')
})

test('a discarded contact says nothing, until it is restored', async () => {
  const complaint = filed(9, { contactId: 'c' })
  const [discarded, restored] = [contact(10, 'contact.discarded'), contact(11, 'contact.restored')]
  const before: Step = [at(1), ...course, complaint]
  expect(await creditAfter(before, [at(2), discarded])).toBe('none none')
  expect(await creditAfter(before, [at(2), discarded], [at(3), restored])).toBe('a-1 billing')
})

test('what is told of the contact late changes whose the complaint is', async () => {
  const complaint = filed(9, { contactId: 'c' })
  const late = contact(2.5, 'contact.assigned', { agentId: 'a-2' })
  expect(await creditAfter([at(1), ...course, complaint], [at(2), late])).toBe('a-2 billing')
})

test('a complaint whose event another one of its identity displaces asks no longer', async () => {
  const complaint = filed(9, { contactId: 'c' }, 'twice')
  const elsewhere = event(at(0, 8), 'complaint.filed', { complaintId: 'y' }, 'twice')
  expect(await creditAfter([at(1), ...course, complaint], [at(2), elsewhere])).toBe('none none')
})

test.each([
  { day: 35, rule: 'within its lifetime', is: 'a-1 billing' },
  { day: 36, rule: 'past its lifetime', is: 'none none' },
])('a contact is asked $rule', async ({ day, is }) => {
  const complaint = filed(9, { contactId: 'c' })
  expect(await creditAfter([at(1), ...course], [at(day, 1), complaint])).toBe(is)
})

test('what a contact said stands once it is past its lifetime', async () => {
  const settled = event(at(0, 20), 'complaint.settled', { complaintId: 'x', justified: true })
  const told = await creditAfter(
    [at(1), ...course, filed(9, { contactId: 'c' })],
    [at(20), settled],
    [at(40)],
  )
  expect(told).toBe('a-1 billing')
  const later = event(at(0, 21), 'complaint.settled', { complaintId: 'x', justified: false })
  expect(
    await creditAfter(
      [at(1), ...course, filed(9, { contactId: 'c' })],
      [at(20), settled],
      [at(40), later],
    ),
  ).toBe('a-1 billing')
})

test('a contact of which nothing but complaints is known is kept as long as these, and no longer', async () => {
  const key = stateKey(contactSubject(tenant, 'c'))
  const complaint = filed(9, { contactId: 'c' })
  const isKept = async (...steps: readonly Step[]): Promise<boolean> =>
    (await folded(...steps)).records.has(key)
  expect(await isKept([at(1), complaint], [at(37) - 1])).toBe(true)
  expect(await isKept([at(1), complaint], [at(37)])).toBe(false)
  expect(await creditAfter([at(1), complaint], [at(36), ...course])).toBe('a-1 billing')
  expect(await creditAfter([at(1), complaint], [at(38), ...course])).toBe('none none')
})
