import { queryObjects } from 'node:v8'
import type { CanonicalEvent, EventData, EventType } from '@deskpulse/core/events'
import { dayMs, type EpochMs } from '@deskpulse/core/time'
import { expect, test } from 'vitest'
import { AgentDayCell } from '../subjects/agent-day-cell.ts'
import { ContactCell } from '../subjects/contact-cell.ts'
import { CustomerCell } from '../subjects/customer-cell.ts'
import { mondayMs, tenant } from '../testing/alert-log.ts'
import { lettersOf, recordOf, startWorker } from '../testing/fold-log.ts'
import { StoredRecord } from './stored-records.ts'

/** Few: each is looked for in the whole heap. */
const kinds = { AgentDayCell, ContactCell, CustomerCell, StoredRecord }
type Kind = keyof typeof kinds

/** How many objects of each kind are alive, whoever holds them. */
const alive = (): Record<Kind, number> =>
  Object.fromEntries(
    Object.entries(kinds).map(([name, kind]) => [name, queryObjects(kind, { format: 'count' })]),
  ) as Record<Kind, number>

const [agents, queues, contactsPerDay, contactsPerRecord] = [20, 5, 60, 20]

/** A contact from its opening to its resolution, for which its agent signs in. */
function contactOf(number: number): readonly CanonicalEvent[] {
  const startMs = mondayMs + Math.floor((number * dayMs) / contactsPerDay)
  const [contactId, agentId] = [`c-${number}`, `a-${number % agents}`]
  const events: readonly (readonly [second: number, EventType, EventData])[] = [
    [0, 'agent.state_changed', { agentId, state: 'available' }],
    [
      1,
      'contact.opened',
      { contactId, customerId: `u-${number}`, channel: 'chat', queue: `q-${number % queues}` },
    ],
    [2, 'contact.assigned', { contactId, agentId }],
    [3, 'message.sent', { contactId, from: 'customer' }],
    [20, 'message.sent', { contactId, from: 'agent', agentId }],
    [30, 'contact.resolved', { contactId }],
  ]
  return events.map(([second, type, data], nth) => ({
    ...{ type, data, tenant, id: `${number}-${nth}`, source: '/crm', sequence: '0' },
    timeMs: (startMs + second * 1_000) as EpochMs,
  }))
}

test('however many minutes, days, contacts and customers a log has, as much of them is held as has room', async () => {
  const worker = startWorker({ partitions: 500 }) // The caches' share of one of them: some 600 KB.
  let offset = 0
  const foldUpTo = async (contacts: number): Promise<void> => {
    for (; offset * contactsPerRecord < contacts; offset += 1) {
      const events = Array.from({ length: contactsPerRecord }, (_, nth) =>
        contactOf(offset * contactsPerRecord + nth),
      ).flat()
      await worker.fold([recordOf(offset, (events.at(-1)!.timeMs + 5) as EpochMs, events)])
    }
  }
  await foldUpTo(2 * contactsPerDay)
  const before = alive()
  await foldUpTo(6 * contactsPerDay)
  const after = alive()
  expect(lettersOf(worker.store)).toEqual([])
  for (const kind of Object.keys(kinds) as Kind[]) {
    expect(before[kind], kind).toBeGreaterThan(0)
    expect(after[kind], kind).toBeLessThanOrEqual(1.2 * before[kind])
  }
})
