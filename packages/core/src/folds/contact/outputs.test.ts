import { describe, expect, test } from 'vitest'
import { dayMs, type EpochMs } from '../../time/time.ts'
import type { EngagedSpan } from '../agent/engagement.ts'
import {
  agent,
  assigned,
  customer,
  opened,
  resolved,
  startMs,
  told,
  type Happened,
} from './contact.test-support.ts'
import { equalOutputs, nextOutputMs, type ContactOutput } from './outputs.ts'
import type { AgentPart, ContactState } from './state.ts'

const at = (second: number): EpochMs => (startMs + second * 1_000) as EpochMs

type Engaged = Extract<ContactOutput, { kind: 'engagement' }>
type OfSession = Extract<ContactOutput, { kind: 'session' }>

describe('two outputs are equal when all that another subject reads is', () => {
  const engagement: Engaged = {
    kind: 'engagement',
    agentId: 'a-1',
    utcDay: 20_000,
    engagement: {
      contactId: 'c-1',
      spans: [
        { startMs: at(0), endMs: at(10) },
        { startMs: at(20), endMs: null },
      ],
      mentionsMs: [at(1), at(2), at(3)],
    },
  }
  const withEngagement = (change: Partial<Engaged['engagement']>): Engaged => ({
    ...engagement,
    engagement: { ...engagement.engagement, ...change },
  })
  const spans = (...all: readonly (readonly [number, number | null])[]) =>
    all.map(([startsAt, endsAt]) => ({
      startMs: at(startsAt),
      endMs: endsAt === null ? null : at(endsAt),
    }))

  test.each<[string, ContactOutput]>([
    ['agent', { ...engagement, agentId: 'a-2' }],
    ['day', { ...engagement, utcDay: 20_001 }],
    ['kind of contact', withEngagement({ isCall: true })],
    ['first mention', withEngagement({ mentionsMs: [at(0), at(2), at(3)] })],
    ['middle mention', withEngagement({ mentionsMs: [at(1), at(2.5), at(3)] })],
    ['last mention', withEngagement({ mentionsMs: [at(1), at(2), at(4)] })],
    ['number of mentions', withEngagement({ mentionsMs: [at(1), at(2)] })],
    ['begin of a span', withEngagement({ spans: spans([1, 10], [20, null]) })],
    ['end of a span', withEngagement({ spans: spans([0, 10], [20, 30]) })],
    ['number of spans', withEngagement({ spans: spans([0, 10]) })],
    ['contact', withEngagement({ contactId: 'c-2' })],
    [
      'queue of a span',
      withEngagement({
        spans: spans([0, 10], [20, null]).map((span) => ({ ...span, queue: 'sales' })),
      }),
    ],
    [
      'span that goes on',
      withEngagement({
        spans: spans([0, 10], [20, null]).map((span) => ({ ...span, runs: true as const })),
      }),
    ],
    ['end of the part', withEngagement({ ended: { atMs: at(10), credit: { queue: 'sales' } } })],
    ['day of the end', withEngagement({ continues: true })],
  ])('another %s of an engagement differs', (_what, other) => {
    expect(equalOutputs(engagement, other)).toBe(false)
    expect(equalOutputs(other, engagement)).toBe(false)
    expect(equalOutputs(other, structuredClone(other))).toBe(true)
  })

  const resolution: NonNullable<OfSession['session']['resolution']> = {
    ...{
      atMs: at(9),
      windowMs: 72 * 3_600_000,
      isMature: false,
      queue: 'sales',
      agent: 'a-1',
      topic: 'refund',
    },
    ...{ channel: 'chat', class: 'live', attributes: {} },
  }
  const served: NonNullable<OfSession['session']['served']> = {
    atMs: at(3),
    credit: { queue: 'sales', agent: 'a-1' },
  }
  const session: OfSession = {
    kind: 'session',
    customerId: 'u-1',
    session: { contactId: 'c-1', openedMs: at(0), topic: 'refund', served, resolution },
  }
  const withSession = (change: Partial<OfSession['session']>): OfSession => ({
    ...session,
    session: { ...session.session, ...change },
  })

  test.each<[string, ContactOutput]>([
    ['customer', { ...session, customerId: 'u-2' }],
    ['contact', withSession({ contactId: 'c-2' })],
    ['opening', withSession({ openedMs: at(1) })],
    ['topic', withSession({ topic: undefined })],
    ['answer', withSession({ served: null })],
    ['time of the answer', withSession({ served: { ...served, atMs: at(2) } })],
    ['place of the answer', withSession({ served: { ...served, credit: { queue: 'help' } } })],
    ['resolution', withSession({ resolution: null })],
    ['time of the resolution', withSession({ resolution: { ...resolution, atMs: at(8) } })],
    ['window', withSession({ resolution: { ...resolution, windowMs: 1 } })],
    [
      'whether the window has passed',
      withSession({ resolution: { ...resolution, isMature: true } }),
    ],
    ['queue', withSession({ resolution: { ...resolution, queue: 'help' } })],
    ['kind of output', engagement],
    [
      'kind of what was told',
      {
        ...{ kind: 'handled', agentId: 'a-1', contactId: 'c-1' },
        handled: { atMs: at(3), credit: { queue: 'sales' } },
      },
    ],
  ])('another %s of a session differs', (_what, other) => {
    expect(equalOutputs(session, other)).toBe(false)
    expect(equalOutputs(other, session)).toBe(false)
    expect(equalOutputs(other, structuredClone(other))).toBe(true)
  })
})

describe('what a contact tells its customer', () => {
  const solved = (opening: Happened): Happened[] => [
    opening,
    assigned(2, 'a-1'),
    agent(3, 'a-1'),
    resolved(9, 'a-1'),
  ]
  const sessions = (happened: readonly Happened[]): readonly ContactOutput[] =>
    told(happened).outputs.filter(({ kind }) => kind === 'session')

  test('is its session, with the first resolution', () => {
    const [output] = sessions(
      solved(opened(0, { customerId: 'u-1', topic: 'refund', queue: 'sales' })),
    )
    expect(output).toMatchObject({
      customerId: 'u-1',
      session: {
        contactId: 'c-1',
        openedMs: at(0),
        topic: 'refund',
        served: { atMs: at(3), credit: { queue: 'sales', agent: 'a-1', topic: 'refund' } },
        resolution: { atMs: at(9), queue: 'sales', agent: 'a-1' },
      },
    })
  })

  test('has no resolution before there is one', () => {
    const [output] = sessions([opened(0, { customerId: 'u-1' }), customer(1)])
    expect(output).toMatchObject({ session: { served: null, resolution: null } })
  })

  test.each<[string, readonly Happened[]]>([
    ['is outbound', solved(opened(0, { customerId: 'u-1', direction: 'outbound' }))],
    ['was discarded', [...solved(opened(0, { customerId: 'u-1' })), [10, 'contact.discarded']]],
    ['names no customer', solved(opened(0))],
  ])('is nothing where it %s', (_what, happened) => {
    expect(sessions(happened)).toEqual([])
  })

  test.each<[string, readonly Happened[]]>([
    ['has no opening event', solved([0, 'message.sent', { from: 'customer', customerId: 'u-1' }])],
    [
      'is outbound, once its customer has written',
      [
        opened(0, { customerId: 'u-1', direction: 'outbound' }),
        assigned(1, 'a-1'),
        customer(2),
        agent(3, 'a-1'),
        resolved(9, 'a-1'),
      ],
    ],
  ])('is that it was answered, and nothing else, where it %s', (_what, happened) => {
    expect(sessions(happened)).toMatchObject([
      { session: { openedMs: null, resolution: null, served: { atMs: at(3) } } },
    ])
  })
})

describe('what a contact tells an agent’s days', () => {
  const midnightMs = (Math.floor(startMs / dayMs) + 1) * dayMs
  const midnight = (midnightMs - startMs) / 1_000
  const happened: Happened[] = [
    opened(midnight - 60),
    assigned(midnight - 30, 'a-1'),
    [midnight + 30, 'contact.released', { agentId: 'a-1' }],
  ]
  const daysAt = (untilSecond: number) =>
    told(happened, { untilSecond }).outputs.flatMap((output) =>
      output.kind === 'engagement'
        ? [[output.utcDay - midnightMs / dayMs, output.engagement.spans.map(secondsOf)]]
        : [],
    )
  const secondsOf = ({ startMs: from, endMs }: EngagedSpan) => [
    (from - midnightMs) / 1_000,
    ((endMs ?? Infinity) - midnightMs) / 1_000,
  ]

  test('is cut at midnight, and nothing of a day that has not begun', () => {
    expect(daysAt(midnight - 1)).toEqual([[-1, [[-30, 0]]]])
    const both = [
      [-1, [[-30, 0]]],
      [0, [[0, 30]]],
    ]
    expect(daysAt(midnight)).toEqual(both)
    expect(daysAt(midnight + 60)).toEqual(both)
  })

  test.each([
    {
      rule: 'of a mention in the last millisecond of a day',
      spans: [],
      mentionsMs: [midnightMs - 1],
      isTold: false,
    },
    { rule: 'of a mention at midnight', spans: [], mentionsMs: [midnightMs], isTold: true },
    {
      rule: 'of a part that ends at midnight',
      spans: [[startMs, midnightMs]],
      mentionsMs: [startMs],
      isTold: false,
    },
    {
      rule: 'of a part that reaches over it',
      spans: [[startMs, midnightMs + 1]],
      mentionsMs: [startMs],
      isTold: true,
    },
  ])('is told at midnight $rule: $isTold', ({ spans, mentionsMs, isTold }) => {
    const part = {
      spans,
      mentionsMs,
      handled: null,
      wrapUpSinceMs: null,
      stay: null,
      earlier: null,
    } as AgentPart
    expect(nextOutputMs({ agents: { 'a-1': part } } as unknown as ContactState, startMs)).toBe(
      isTold ? midnightMs : null,
    )
  })
})
