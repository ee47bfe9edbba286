import { describe, expect, test } from 'vitest'
import type { WireEvent } from '@deskpulse/contract'
import { handoffWeights, queues, teams } from './catalogue.ts'
import { simulate } from './simulate.ts'
import { dayMs, nameOf, startMs } from './simulate.test-support.ts'

const untilMs = startMs + dayMs
const events: WireEvent[] = []
for (const event of simulate({ tenant: 'demo', startMs }).events) {
  if (Date.parse(event.time) > untilMs) break
  events.push(event)
}

const ofKind = (name: string): WireEvent[] => events.filter((event) => nameOf(event) === name)
const times = (name: string, data: Readonly<Record<string, unknown>>): number =>
  ofKind(name).filter((event) =>
    Object.entries(data).every(([field, value]) => event.data[field] === value),
  ).length
const timeOf = ({ data }: WireEvent, field: string): number => Date.parse(String(data[field]))
/** What is told of each contact. */
const stories = Map.groupBy(
  events.filter(({ data }) => data['contactId'] !== undefined),
  ({ data }) => data['contactId'],
)
const storiesOf = (data: Readonly<Record<string, unknown>>): WireEvent[][] =>
  [...stories.values()].filter(([opening]) =>
    Object.entries(data).every(([field, value]) => opening!.data[field] === value),
  )

describe('calls', () => {
  test.each([
    { name: 'contact.declined', data: { reason: 'timeout' }, of: 'contact.presented' },
    { name: 'contact.transferred', data: { mode: 'cold' }, of: 'contact.assigned' },
    { name: 'contact.transferred', data: { mode: 'warm' }, of: 'contact.assigned' },
    { name: 'contact.escalated', data: { kind: 'technical' }, of: 'contact.assigned' },
    { name: 'contact.escalated', data: { kind: 'conflict' }, of: 'contact.assigned' },
  ])('$name with $data happens now and then', ({ name, data, of }) => {
    const share = times(name, data) / ofKind(of).length
    expect(share).toBeGreaterThan(0.002)
    expect(share).toBeLessThan(0.06)
  })

  test('are ended by customers more often than by agents', () => {
    const byAgent = times('contact.ended', { by: 'agent' })
    const calls = ofKind('contact.wrapped_up').length
    expect(byAgent / calls).toBeGreaterThan(0.15)
    expect(byAgent / calls).toBeLessThan(0.4)
  })

  test('are taken off hold as often as they are put on it', () => {
    const held = ofKind('contact.held').length
    expect(held / ofKind('contact.released').length).toBeGreaterThan(0.15)
    expect(held - ofKind('contact.retrieved').length).toBeLessThan(10) // Those under way.
  })
})

describe('chats with a bot', () => {
  const withBot = storiesOf({ handledBy: 'bot' })
  const first = ['contact.resolved', 'contact.handed_off', 'contact.abandoned', 'contact.ended']
  /** What ends the bot's part; absent: it goes on. */
  const ends = withBot.flatMap(
    (story) => story.find((event) => first.includes(nameOf(event))) ?? [],
  )
  const share = (name: string): number =>
    ends.filter((event) => nameOf(event) === name).length / ends.length

  test('are solved by it, handed to humans, or given up; none just ends', () => {
    expect(ends.length).toBeGreaterThan(withBot.length - 30)
    expect(share('contact.resolved')).toBeCloseTo(0.3, 1)
    expect(share('contact.handed_off')).toBeCloseTo(0.62, 1)
    expect(share('contact.abandoned')).toBeGreaterThan(0.03)
    expect(share('contact.abandoned')).toBeLessThan(0.15)
    expect(share('contact.ended')).toBe(0)
    expect(ends.every(({ data }) => data['agentId'] === undefined)).toBe(true)
  })

  test('are handed off for every reason, the bot’s limit being the rarest', () => {
    const counts = Object.keys(handoffWeights).map((reason) =>
      times('contact.handed_off', { reason }),
    )
    expect(counts.reduce((sum, count) => sum + count)).toBe(ofKind('contact.handed_off').length)
    expect(Math.min(...counts)).toBeGreaterThan(50)
    expect(Math.min(...counts)).toBe(times('contact.handed_off', { reason: 'limit' }))
  })
})

describe('ratings', () => {
  test('are asked of most, given by some, and mostly good', () => {
    const [sent, given] = [
      times('survey.sent', { kind: 'csat' }),
      times('survey.answered', { kind: 'csat' }),
    ]
    expect(sent / ofKind('contact.resolved').length).toBeCloseTo(0.8, 0)
    expect(given / sent).toBeCloseTo(0.4, 1)
    const good = [4, 5].map((score) => times('survey.answered', { kind: 'csat', score }))
    expect((good[0]! + good[1]!) / given).toBeCloseTo(0.85, 1)
    expect(times('survey.answered', { kind: 'nps' })).toBeGreaterThan(0)
  })

  test('come from the customer of the contact, before it is archived', () => {
    for (const story of stories.values()) {
      const names = story.map(nameOf)
      const rated = names.findLastIndex((name) => name.startsWith('survey.'))
      const closed = names.indexOf('contact.closed')
      if (closed >= 0) expect(rated).toBeLessThan(closed)
    }
  })
})

describe('left messages', () => {
  const left = storiesOf({ offline: true })

  test('are a few, in chat alone', () => {
    const share = left.length / ofKind('contact.opened').length
    expect(share).toBeGreaterThan(0.002)
    expect(share).toBeLessThan(0.02)
    expect(left.every(([opening]) => opening!.data['channel'] === 'chat')).toBe(true)
  })

  test('ring nowhere, nobody gives up on them, and an agent answers later', () => {
    const names = left.map((story) => story.map(nameOf))
    expect(names.filter((one) => one.includes('contact.presented'))).toEqual([])
    expect(names.filter((one) => one.includes('contact.abandoned'))).toEqual([])
    const answered = names.filter((one) => one.includes('contact.resolved'))
    expect(answered.length).toBeGreaterThan(0.8 * left.length)
  })
})

test('each agent is rostered once, before anything else, in one of three teams of equal size or nearly', () => {
  const rosters = ofKind('agent.rostered')
  expect(events.slice(0, rosters.length)).toEqual(rosters)
  expect(new Set(rosters.map(({ data }) => data['agentId'])).size).toBe(rosters.length)
  expect(rosters.length).toBe(60)
  const sizes = teams.map(
    (team) => rosters.filter(({ data }) => (data['teams'] as string[]).includes(team)).length,
  )
  expect(sizes).toEqual([21, 21, 18])
  expect(new Set(rosters.map(({ data }) => data['from']))).toEqual(new Set(['2026-03-01']))
})

test('chat agents say how many chats they take at once, others that it is one', () => {
  const said = events.flatMap(({ data }) =>
    data['state'] === 'available' ? [JSON.stringify(data['capacity'])] : [],
  )
  expect(new Set(said)).toEqual(new Set(['{"chat":3}', '{"voice":1}', '{"email":1}']))
})

describe('forecasts', () => {
  const forecasts = ofKind('workload.forecast')
  const tomorrowMs = Date.parse('2026-03-03T00:00:00Z')
  const toldAt = (atMs: number): WireEvent[] =>
    forecasts.filter(({ time }) => Date.parse(time) === atMs)

  test.each([
    { atMs: startMs, firstMs: Date.parse('2026-03-02T07:30:00Z'), lastMs: tomorrowMs + dayMs },
    { atMs: tomorrowMs, firstMs: tomorrowMs, lastMs: tomorrowMs + 2 * dayMs },
  ])(
    'are told at the start and at midnight, of each queue and half-hour up to the end of the next day',
    ({ atMs, firstMs, lastMs }) => {
      for (const queue of queues) {
        const told = toldAt(atMs).filter(({ data }) => data['queue'] === queue)
        const starts = told.map((event) => timeOf(event, 'start'))
        const halfHours = Array.from(
          { length: (lastMs - firstMs) / 1_800_000 },
          (_, place) => firstMs + place * 1_800_000,
        )
        expect(starts).toEqual(halfHours)
        expect(told.map((event) => timeOf(event, 'end') - 1_800_000)).toEqual(starts)
      }
    },
  )

  test('are told at no other time', () => {
    expect(toldAt(startMs).length + toldAt(tomorrowMs).length).toBe(forecasts.length)
  })

  test('come near to what comes, and to the agents who are there', () => {
    const today = toldAt(startMs).filter((event) => timeOf(event, 'start') < tomorrowMs)
    const sum = (field: string, of: readonly WireEvent[]): number =>
      of.reduce((total, { data }) => total + Number(data[field]), 0)
    for (const queue of queues) {
      const expected = sum(
        'offered',
        today.filter(({ data }) => data['queue'] === queue),
      )
      const came = [...stories.values()].filter((story) => {
        const first = story.find(({ data }) => data['queue'] !== undefined)
        return first?.data['queue'] === queue && Date.parse(story[0]!.time) < tomorrowMs
      })
      expect(came.length / expected).toBeGreaterThan(0.85)
      expect(came.length / expected).toBeLessThan(1.15)
    }
    const agentsPerHalfHour = sum('agents', today) / (today.length / queues.length)
    expect(agentsPerHalfHour).toBeGreaterThan(15)
    expect(agentsPerHalfHour).toBeLessThan(25)
  })
})

describe('scores by hand', () => {
  const agents = new Set(ofKind('agent.rostered').map(({ data }) => data['agentId']))

  test('are given to each agent for the month: by every rater, with a test and a training', () => {
    const assessed = ofKind('agent.assessed')
    expect(assessed.length).toBe(agents.size * (4 * 4 + 2))
    expect(new Set(assessed.map(({ data }) => data['assessmentId'])).size).toBe(assessed.length)
    expect(new Set(assessed.map(({ data }) => JSON.stringify(data['period'])))).toEqual(
      new Set([JSON.stringify({ start: '2026-03-01', end: '2026-03-31' })]),
    )
  })

  test('are the same when another run tells them again', () => {
    const later = simulate({ tenant: 'demo', startMs: startMs + dayMs, seed: 7 }).events
    const told = new Map(ofKind('agent.assessed').map(({ data }) => [data['assessmentId'], data]))
    let again = 0
    for (const { type, data, time } of later) {
      if (Date.parse(time) > startMs + dayMs + dayMs / 24) break
      if (type !== 'deskpulse.agent.assessed.v1') continue
      expect(data).toEqual(told.get(data['assessmentId']))
      again += 1
    }
    expect(again).toBe(told.size)
  })

  test('follow from samples of every kind, of agents at work', () => {
    for (const kind of ['call', 'ticket_hygiene', 'accuracy'])
      expect(times('quality.reviewed', { kind })).toBeGreaterThan(50)
    expect(ofKind('violation.recorded').length).toBeGreaterThan(1)
  })
})

describe('appeals', () => {
  const filed = ofKind('appeal.filed')
  const decided = ofKind('appeal.decided')
  const idsIn = (all: readonly WireEvent[]): unknown[] => all.map(({ data }) => data['appealId'])

  test('are filed by a few agents, each once in the month, about what is theirs', () => {
    const agents = filed.map(({ data }) => data['agentId'])
    expect(new Set(agents).size).toBe(filed.length)
    expect(filed.length).toBeGreaterThan(8)
    expect(filed.length).toBeLessThan(30)
    const assessments = new Map(
      ofKind('agent.assessed').map(({ data }) => [data['assessmentId'], data['agentId']]),
    )
    for (const { time, data } of filed) {
      const {
        agentId,
        contactIds = [],
        scores = [],
        period,
      } = data as {
        readonly agentId: string
        readonly contactIds?: readonly string[]
        readonly scores?: readonly { readonly kind: string; readonly id: string }[]
        readonly period: object
      }
      expect(contactIds.length + scores.length).toBeGreaterThan(0)
      expect(period).toEqual({ start: '2026-03-01', end: '2026-03-31' })
      for (const { kind, id } of scores)
        expect([kind, assessments.get(id)]).toEqual(['assessment', agentId])
      for (const contactId of contactIds) {
        const before = stories.get(contactId)!.filter((event) => event.time <= time)
        expect(before.map((event) => event.data['agentId'])).toContain(agentId)
      }
    }
  })

  test('are decided after that by a lead, mostly: granted, granted in part or refused', () => {
    const open = idsIn(filed).filter((id) => !idsIn(decided).includes(id))
    expect(open.length).toBeGreaterThan(0)
    expect(open.length).toBeLessThan(filed.length / 2)
    const decisions = decided.map(({ time, data }) => {
      const its = filed.find((one) => one.data['appealId'] === data['appealId'])!
      expect(its.time < time).toBe(true)
      expect(data['decidedBy']).toMatch(/^lead-/)
      return data['contactIds'] === undefined
        ? data['decision']
        : `${String(data['decision'])} in part`
    })
    expect(new Set(decisions)).toEqual(new Set(['granted', 'granted in part', 'refused']))
  })
})
