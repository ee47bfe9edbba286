import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type { CanonicalEvent, EventData, EventType } from '@deskpulse/core/events'
import { journalKey, parseSubject, stateKey, type Subject } from '@deskpulse/core/state'
import { ownIdKinds } from '@deskpulse/core/subjects'
import { hourMs, minuteMs, secondMs, type EpochMs } from '@deskpulse/core/time'
import { beforeAll, expect, test } from 'vitest'
import type { MemoryStore } from '../replay/memory-store.ts'
import { Tenant } from '../partition/tenant.ts'
import { mondayMs, tenant as tenantName } from '../testing/alert-log.ts'
import { foldLog, lettersOf, recordOf } from '../testing/fold-log.ts'
import { AgentCell } from './agent-cell.ts'
import { AgentDayCell } from './agent-day-cell.ts'
import { ContactCell } from './contact-cell.ts'
import { CustomerCell } from './customer-cell.ts'
import { OwnIdCell } from './own-id-cell.ts'

type Cell = { readonly bytes: number }
type Happened = readonly [atMs: number, type: EventType, data: EventData]

let gc: () => void

beforeAll(() => {
  setFlagsFromString('--expose-gc')
  gc = runInNewContext('gc') as () => void
})

/** A message of a customer and an answer, a minute. */
const talk = (contactId: string, fromMs: number, minutes: number, agentId: string): Happened[] =>
  Array.from({ length: minutes }, (_, minute): Happened[] => [
    [fromMs + minute * minuteMs, 'message.sent', { contactId, from: 'customer' }],
    [fromMs + (minute + 0.5) * minuteMs, 'message.sent', { contactId, from: 'agent', agentId }],
  ]).flat()

function contactOf(contactId: string, fromMs: number, minutes: number, customer: string) {
  const agentId = 'a-1'
  const opened = { contactId, customerId: customer, channel: 'chat', queue: 'q-1' }
  return [
    [fromMs, 'contact.opened', opened],
    [fromMs + secondMs, 'contact.assigned', { contactId, agentId }],
    ...talk(contactId, fromMs + 2 * secondMs, minutes, agentId),
  ] as const satisfies readonly Happened[]
}

function ordered(orderId: string, atMs: number): Happened[] {
  const about = { orderId, customerId: 'u-1', money: { amountMinor: 700, currency: 'CNY' } }
  return [
    [atMs, 'order.placed', about],
    [atMs + minuteMs, 'order.paid', about],
  ]
}

const isIn = (atMs: number, state: string): Happened => [
  atMs,
  'agent.state_changed',
  { agentId: 'a-1', state },
]

/** Hour by hour, half of each on a break. */
const day = Array.from({ length: 24 }, (_, hour): Happened[] => [
  isIn(hour * hourMs, 'available'),
  isIn((hour + 0.5) * hourMs, 'break'),
]).flat()

const cases: readonly {
  readonly what: string
  readonly subject: RegExp
  readonly events: readonly Happened[]
}[] = [
  {
    what: 'an agent’s day with two contacts in a morning',
    subject: /^a\/.*\/\d+$/,
    events: [
      isIn(8 * hourMs, 'available'),
      ...contactOf('c-1', 9 * hourMs, 5, 'u-1'),
      ...contactOf('c-2', 10 * hourMs, 5, 'u-2'),
    ],
  },
  {
    what: 'an agent’s whole day with many states and contacts',
    subject: /^a\/.*\/\d+$/,
    events: [
      ...day,
      ...Array.from({ length: 80 }, (_, nth) =>
        contactOf(`c-${nth}`, nth * 15 * minuteMs, 8, `u-${nth}`),
      ).flat(),
    ],
  },
  { what: 'an agent', subject: /^a\/[^/]*\/[^/]*$/, events: day },
  {
    what: 'a short contact',
    subject: /^c\//,
    events: contactOf('c-1', 9 * hourMs, 1, 'u-1'),
  },
  {
    what: 'a long contact',
    subject: /^c\//,
    events: contactOf('c-1', 9 * hourMs, 100, 'u-1'),
  },
  {
    what: 'a customer of one contact',
    subject: /^u\//,
    events: contactOf('c-1', 9 * hourMs, 1, 'u-1'),
  },
  {
    what: 'a customer of twenty contacts',
    subject: /^u\//,
    events: Array.from({ length: 20 }, (_, nth) =>
      contactOf(`c-${nth}`, nth * hourMs, 1, 'u-1'),
    ).flat(),
  },
  {
    what: 'a customer of twenty contacts that were solved',
    subject: /^u\//,
    events: Array.from({ length: 20 }, (_, nth): Happened[] => [
      ...contactOf(`c-${nth}`, nth * hourMs, 1, 'u-1'),
      [(nth + 0.5) * hourMs, 'contact.resolved', { contactId: `c-${nth}` }],
    ]).flat(),
  },
  {
    what: 'a customer of twenty orders',
    subject: /^u\//,
    events: [
      ...contactOf('c-1', 9 * hourMs, 1, 'u-1'),
      ...Array.from({ length: 20 }, (_, nth) =>
        ordered(`o-${nth}`, (9 + nth / 10) * hourMs),
      ).flat(),
    ],
  },
  {
    what: 'an order',
    subject: /^o\//,
    events: [...contactOf('c-1', 9 * hourMs, 1, 'u-1'), ...ordered('o-1', 10 * hourMs)],
  },
  {
    what: 'a complaint',
    subject: /^o\//,
    events: [
      [9 * hourMs, 'complaint.filed', { complaintId: 'k-1', contactId: 'c-1' }],
      [10 * hourMs, 'complaint.settled', { complaintId: 'k-1', justified: true }],
    ],
  },
]

async function folded(happened: readonly Happened[]): Promise<MemoryStore> {
  const events = [...happened]
    .sort(([a], [b]) => a - b)
    .map(([atMs, type, data], nth): CanonicalEvent => ({
      ...{ type, data, tenant: tenantName, id: `e-${nth}`, source: '/crm', sequence: '0' },
      timeMs: (mondayMs + atMs) as EpochMs,
    }))
  const store = await foldLog(
    events.map((event, offset) => recordOf(offset, event.timeMs, [event])),
    { batchSizes: [50] },
  )
  expect(lettersOf(store)).toEqual([])
  return store
}

/** How a worker that has just taken over makes it of what is stored. */
function loader({ records }: MemoryStore, subject: Subject): () => Cell {
  const keys = Tenant.keys(tenantName)
  const tenant = new Tenant(
    tenantName,
    keys.map((key) => records.get(key) ?? null),
  )
  const state = records.get(stateKey(subject)) ?? null
  const journal = records.get(journalKey(subject)) ?? null
  const parsed = parseSubject(subject)
  switch (parsed.kind) {
    case 'agent-day':
      return () => new AgentDayCell(tenant, subject, parsed.id, parsed.utcDay, state, journal)
    case 'agent':
      return () => new AgentCell({ tenant, agentId: parsed.id }, state)
    case 'contact':
      return () => ContactCell.load(tenant, subject, parsed.id, state, journal)
    case 'customer':
      return () => new CustomerCell(tenant, subject, state)
    case 'own-id': {
      const kind = ownIdKinds.find(({ name }) => name === parsed.of)!
      return () => new OwnIdCell(kind, tenant, subject, state, journal)
    }
    default:
      throw new RangeError(`no cell of ${subject}`)
  }
}

/** So much that what else comes and goes in the heap meanwhile is nothing beside it. */
const togetherBytes = 32 * 1024 ** 2

/** What one of many takes of the heap. */
function weightOf(load: () => Cell): number {
  const copies = Math.ceil(togetherBytes / load().bytes)
  for (let warm = 0; warm < 20; warm += 1) load() // What all share, and code that is compiled on its way.
  gc()
  const before = process.memoryUsage().heapUsed
  const cells = Array.from({ length: copies }, load)
  gc()
  const taken = process.memoryUsage().heapUsed - before
  return cells.length === copies ? taken / copies : Number.NaN
}

test.each(cases)(
  '$what counts as about what it takes of the memory',
  async ({ subject, events }) => {
    const store = await folded(events)
    const subjects = [...store.records.keys()]
      .filter((key) => key.startsWith('s:'))
      .map((key) => key.slice(2))
      .filter((one) => subject.test(one))
    const load = loader(store, subjects[0]!)
    const taken = weightOf(load)
    const share = taken / load().bytes
    expect(share).toBeGreaterThan(0.75)
    expect(share).toBeLessThan(1.15)
  },
)
