import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseEvent, type WireEvent } from '@deskpulse/contract'
import { chatCapacity } from './catalogue.ts'
import type { SimulationOptions } from './options.ts'
import { finishSimulation } from './simulate.ts'
import { dayMs, nameOf, played, startMs } from './simulate.test-support.ts'

const anyRun = fc.record({
  tenant: fc.constant('demo'),
  seed: fc.integer({ min: 0, max: 0xffffffff }),
  startMs: fc.integer({ min: startMs - dayMs, max: startMs + dayMs }),
  agents: fc.integer({ min: 1, max: 25 }),
  contactsPerMinute: fc.double({ min: 0.5, max: 30, noNaN: true }),
})

/** Checks `rule` on whole runs, winding up included. */
function everyRun(rule: (events: readonly WireEvent[], options: SimulationOptions) => void): void {
  const property = fc.property(anyRun, fc.integer({ min: 1, max: 3_500 }), (options, count) => {
    const { events, windUp } = played(options, count)
    rule([...events, ...windUp], options)
  })
  fc.assert(property, { numRuns: 40 })
}

describe('every run', () => {
  test('is valid by the contract, in the order of time, numbered, and each id is there once', () => {
    everyRun((events) => {
      expect(
        events.map((event) => parseEvent(event, { tenant: 'demo' })).filter(({ ok }) => !ok),
      ).toEqual([])
      expect(new Set(events.map(({ id }) => id)).size).toBe(events.length)
      expect(events.every(({ sequence }, index) => sequence === String(index + 1))).toBe(true)
      expect(
        events.every(({ time }, index) => index === 0 || events[index - 1]!.time <= time),
      ).toBe(true)
    })
  })

  test('is the same for the same seed, and shares no contact with a run that started at another time', () => {
    fc.assert(
      fc.property(anyRun, (options) => {
        const once = played(options, 1_000)
        expect(played(options, 1_000)).toEqual(once)
        const later = new Set(
          played({ ...options, startMs: options.startMs + 1 }, 1_000).events.map(({ id }) => id),
        )
        expect(once.events.filter(({ id }) => later.has(id))).toEqual([])
      }),
      { numRuns: 15 },
    )
  })

  test('opens a contact once and first, and says nothing of it after its close', () => {
    everyRun((events) => {
      const seen = new Map<string, 'open' | 'closed'>()
      for (const event of events) {
        const contactId = event.data['contactId']
        if (typeof contactId !== 'string') continue
        const isOpening = nameOf(event) === 'contact.opened'
        expect(seen.get(contactId)).toBe(isOpening ? undefined : 'open')
        seen.set(contactId, nameOf(event) === 'contact.closed' ? 'closed' : 'open')
      }
      expect([...seen.values()].filter((state) => state === 'open')).toEqual([]) // Winding up leaves nobody waiting.
    })
  })

  test('never gives an agent more chats than the capacity, nor anything beside a call or an email', () => {
    everyRun((events) => {
      const channels = new Map<string, string>()
      const hands = new Map<string, Set<string>>()
      for (const event of events) {
        const { contactId, agentId, channel } = event.data as Record<string, string>
        const name = nameOf(event)
        if (name === 'contact.opened') channels.set(contactId!, channel!)
        for (const held of hands.values())
          if (endsPart(name, channels.get(contactId!))) held.delete(contactId!)
        if (name !== 'contact.assigned') continue
        const held = hands.get(agentId!) ?? new Set()
        hands.set(agentId!, held.add(contactId!))
        const kinds = [...held].map((id) => channels.get(id))
        expect(kinds.length).toBeLessThanOrEqual(
          kinds.every((kind) => kind === 'chat') ? chatCapacity : 1,
        )
      }
    })
  })

  test('lets agents work only while they are signed in, and take contacts only while they are available', () => {
    everyRun((events) => {
      const states = new Map<string, string>()
      for (const event of events) {
        const { agentId, state } = event.data as Record<string, string>
        const name = nameOf(event)
        if (name === 'agent.state_changed') states.set(agentId!, state!)
        if (agentId === undefined || toldOfAgents.has(name)) continue
        expect(states.get(agentId) ?? 'offline').not.toBe('offline')
        if (name === 'contact.presented' || name === 'contact.assigned')
          expect(states.get(agentId)).toBe('available')
      }
      expect([...states.values()].filter((state) => state !== 'offline')).toEqual([])
    })
  })

  test('brings what an agent hands over to another one, and a warm transfer first to whom it names', () => {
    everyRun((events) => {
      const left = new Map<string, Record<string, string>>()
      for (const event of events) {
        const { contactId, agentId, fromAgentId, byAgentId, ...data } = event.data as Record<
          string,
          string
        >
        const name = nameOf(event)
        if (name === 'contact.transferred' || name === 'contact.escalated')
          left.set(contactId!, { by: (fromAgentId ?? byAgentId)!, to: data['toAgentId'] ?? '' })
        const { by, to } = left.get(contactId!) ?? {}
        if (by === undefined) continue
        if (name === 'contact.presented') {
          expect(agentId).not.toBe(by)
          if (to !== '') expect(agentId).toBe(to)
          left.set(contactId!, { by, to: '' })
        }
        if (name === 'contact.assigned') left.delete(contactId!)
      }
    })
  })
})

/** When an agent is done with a contact: a call's after-contact work belongs to it. */
function endsPart(name: string, channel: string | undefined): boolean {
  if (channel === 'voice') return name === 'contact.wrapped_up'
  return [
    'contact.transferred',
    'contact.escalated',
    'contact.unassigned',
    'contact.resolved',
    'contact.ended',
  ].includes(name)
}

describe('a day with the defaults', () => {
  const { events } = played({ tenant: 'demo', startMs }, 150_000)
  const count = (name: string): number => events.filter((event) => nameOf(event) === name).length
  const spanMs = Date.parse(events.at(-1)!.time) - startMs

  test('is alive within seconds: people wait, are answered, and 1 to 4 events come each second', () => {
    const plans = ['agent.rostered', 'workload.forecast']
    const firstMinute = events.filter(
      (event) => Date.parse(event.time) <= startMs + 60_000 && !plans.includes(nameOf(event)),
    )
    const kinds = new Set(firstMinute.map(nameOf))
    expect([...kinds]).toEqual(
      expect.arrayContaining([
        'contact.opened',
        'message.sent',
        'contact.assigned',
        'agent.state_changed',
      ]),
    )
    expect(firstMinute.length).toBeGreaterThan(60)
    expect((events.length * 1000) / spanMs).toBeGreaterThan(1)
    expect((events.length * 1000) / spanMs).toBeLessThan(4)
  })

  test.each([
    ['contact.abandoned'],
    ['contact.dequeued'],
    ['contact.handed_off'],
    ['contact.transferred'],
    ['contact.escalated'],
    ['contact.presented'],
    ['contact.retrieved'],
    ['contact.resumed'],
    ['contact.work_started'],
    ['contact.work_ended'],
    ['agent.rostered'],
    ['workload.forecast'],
    ['contact.declined'],
    ['contact.held'],
    ['survey.sent'],
    ['survey.answered'],
    ['contact.wrapped_up'],
    ['contact.pended'],
    ['contact.reopened'],
    ['agent.queue_left'],
  ])('has %s', (name) => expect(count(name)).toBeGreaterThan(10))

  test('answers most chats within 30 s, and some later', () => {
    const replyMs = chatReplyTimes(events)
    const late = replyMs.filter((ms) => ms > 30_000).length / replyMs.length
    expect(late).toBeGreaterThan(0.05)
    expect(late).toBeLessThan(0.4)
  })

  test('sees customers come back for the same topic within 72 hours', () => {
    const opened = events.filter((event) => nameOf(event) === 'contact.opened')
    const topics = new Map<unknown, unknown>()
    const returned = opened.filter(({ data }) => {
      const before = topics.get(data['customerId'])
      topics.set(data['customerId'], data['topic'])
      return before !== undefined && before === data['topic']
    })
    expect(returned.length / opened.length).toBeGreaterThan(0.02)
    expect(spanMs).toBeLessThan(3 * dayMs)
  })

  test('has sign-ins in all three shifts and every state', () => {
    const states = new Set(events.map(({ data }) => data['state']))
    expect([...states]).toEqual(
      expect.arrayContaining(['available', 'on_contact', 'wrap_up', 'break', 'meal', 'offline']),
    )
    expect(new Set(events.flatMap(({ data }) => data['agentId'] ?? [])).size).toBe(60)
  })
})

/** Said of agents, whether or not they are there. */
const toldOfAgents = new Set([
  'agent.state_changed',
  'agent.rostered',
  'agent.scheduled',
  'agent.attendance',
  'agent.assessed',
  'appeal.filed',
  'order.placed',
  'order.paid',
  'customer.started',
  'customer.left',
])

function chatReplyTimes(events: readonly WireEvent[]): number[] {
  const chats = new Set(
    events.filter(({ data }) => data['channel'] === 'chat').map(({ data }) => data['contactId']),
  )
  const since = new Map<unknown, number>()
  return events.flatMap((event) => {
    const { contactId, from, automatic } = event.data
    if (nameOf(event) !== 'message.sent' || !chats.has(contactId)) return []
    if (from === 'customer' && !since.has(contactId)) since.set(contactId, Date.parse(event.time))
    const sinceMs = since.get(contactId)
    if (from !== 'agent' || automatic === true || sinceMs === undefined) return []
    since.delete(contactId)
    return [Date.parse(event.time) - sinceMs]
  })
}

test('a run that was cut off can be finished: the same events again, then the winding up with ids of its own', () => {
  const options = { tenant: 'demo', startMs }
  const { events } = played(options, 2_000)
  const cutMs = Date.parse(events[1_000]!.time)
  const rest = [...finishSimulation(options, cutMs, cutMs + 60_000)]
  const known = new Map(events.map((event) => [event.id, event]))
  const repeated = rest.filter(({ id }) => known.has(id))
  expect(repeated).toEqual(repeated.map(({ id }) => known.get(id)))
  expect(repeated.length).toBeGreaterThan(50)
  const own = rest.filter(({ id }) => !known.has(id)).map((event) => nameOf(event))
  expect(new Set(own)).toEqual(new Set(['contact.ended', 'contact.closed', 'agent.state_changed']))
})
