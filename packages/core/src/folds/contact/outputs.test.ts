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
      ...{ isSolved: true, isMature: false, isInAuthority: true },
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
  const opened = { atMs: at(0), credit: { queue: 'sales', agent: 'none' } }
  const due: NonNullable<OfSession['session']['due']> = {
    replies: [{ atMs: at(3), queue: 'sales', agent: 'a-1', isMissed: false }],
    ...{ channel: 'chat', class: 'live', attributes: { topic: 'refund' } },
  }
  const withDue = (change: Partial<(typeof due.replies)[number]>): OfSession =>
    withSession({ due: { ...due, replies: [{ ...due.replies[0]!, ...change }] } })
  const session: OfSession = {
    kind: 'session',
    customerId: 'u-1',
    session: { contactId: 'c-1', opened, topic: 'refund', served, due, resolution },
  }
  const withSession = (change: Partial<OfSession['session']>): OfSession => ({
    ...session,
    session: { ...session.session, ...change },
  })

  test.each<[string, ContactOutput]>([
    ['customer', { ...session, customerId: 'u-2' }],
    ['contact', withSession({ contactId: 'c-2' })],
    ['opening', withSession({ opened: null })],
    ['time of the opening', withSession({ opened: { ...opened, atMs: at(1) } })],
    ['place of the opening', withSession({ opened: { ...opened, credit: { queue: 'help' } } })],
    ['topic', withSession({ topic: undefined })],
    ['answer', withSession({ served: null })],
    ['time of the answer', withSession({ served: { ...served, atMs: at(2) } })],
    ['place of the answer', withSession({ served: { ...served, credit: { queue: 'help' } } })],
    ['list of replies that came due', withSession({ due: null })],
    ['number of replies that came due', withSession({ due: { ...due, replies: [] } })],
    ['time of a reply that came due', withDue({ atMs: at(2) })],
    ['queue of a reply that came due', withDue({ queue: null })],
    ['agent of a reply that came due', withDue({ agent: 'a-2' })],
    ['end of a reply that came due', withDue({ isMissed: true })],
    ['channel of replies that came due', withSession({ due: { ...due, channel: 'sms' } })],
    ['class of replies that came due', withSession({ due: { ...due, class: 'deferred' } })],
    ['attribute of replies that came due', withSession({ due: { ...due, attributes: {} } })],
    ['resolution', withSession({ resolution: null })],
    ['time of the resolution', withSession({ resolution: { ...resolution, atMs: at(8) } })],
    ['window', withSession({ resolution: { ...resolution, windowMs: 1 } })],
    [
      'whether the window has passed',
      withSession({ resolution: { ...resolution, isMature: true } }),
    ],
    ['solution', withSession({ resolution: { ...resolution, isSolved: false } })],
    ['authority', withSession({ resolution: { ...resolution, isInAuthority: false } })],
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
        opened: { atMs: at(0), credit: { queue: 'sales', agent: 'none', topic: 'refund' } },
        topic: 'refund',
        served: { atMs: at(3), credit: { queue: 'sales', agent: 'a-1', topic: 'refund' } },
        resolution: {
          ...{ atMs: at(9), queue: 'sales', agent: 'a-1' },
          ...{ isSolved: true, isMature: false, isInAuthority: true },
        },
      },
    })
  })

  test('has a resolution that did not count as solved: another contact may repeat it', () => {
    const reopened: Happened = [20, 'contact.reopened', { by: 'customer' }]
    for (const happened of [
      solved(opened(0, { customerId: 'u-1', openedBy: 'system' })),
      [...solved(opened(0, { customerId: 'u-1' })), reopened],
    ])
      expect(sessions(happened)).toMatchObject([
        { session: { resolution: { atMs: at(9), isSolved: false, isMature: false } } },
      ])
  })

  test('says whether it was within authority', () => {
    expect(sessions(solved(opened(0, { customerId: 'u-1', inAuthority: false })))).toMatchObject([
      { session: { resolution: { isInAuthority: false } } },
    ])
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
      { session: { opened: null, resolution: null, served: { atMs: at(3) } } },
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

  test.each<{ rule: string; at: readonly number[]; days: Record<number, readonly number[]> }>([
    { rule: 'before midnight', at: [-20, -0.001], days: { [-1]: [-50, -40, -20, -0.001] } },
    { rule: 'at midnight', at: [0], days: { [-1]: [-50, -40], 0: [0] } },
    { rule: 'on both days', at: [-20, 10], days: { [-1]: [-50, -40, -20], 0: [10] } },
    { rule: 'twice on the next one', at: [10, 20], days: { [-1]: [-50, -40], 0: [10, 20] } },
    { rule: 'days later', at: [2 * 86_400], days: { [-1]: [-50, -40], 2: [2 * 86_400] } },
  ])('has each event that names the agent on its own day: $rule', ({ at, days }) => {
    const all: Happened[] = [
      opened(midnight - 60),
      assigned(midnight - 50, 'a-1'),
      ...[-40, ...at].map((second): Happened => [
        midnight + second,
        'contact.released',
        { agentId: 'a-1' },
      ]),
    ]
    const outputs = told(all, { untilSecond: midnight + 3 * 86_400 }).outputs
    const mentions = outputs.flatMap((output) =>
      output.kind === 'engagement'
        ? [
            [
              output.utcDay - midnightMs / dayMs,
              output.engagement.mentionsMs.map((ms) => (ms - midnightMs) / 1_000),
            ],
          ]
        : [],
    )
    expect(Object.fromEntries(mentions)).toEqual(days)
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

describe('what a contact tells its customer of replies that came due', () => {
  const asks = (second: number): Happened => [second, 'message.sent', { from: 'customer' }]
  const dueOf = (happened: readonly Happened[]): string[] => {
    const chat = opened(0, { customerId: 'u-1', queue: 'sales' })
    const [output] = told([chat, ...happened]).outputs.filter(({ kind }) => kind === 'session')
    if (output?.kind !== 'session') return []
    return (output.session.due?.replies ?? []).map(
      ({ atMs, queue, agent: who, isMissed }) =>
        `${isMissed ? 'missed' : 'met'}@${(atMs - at(0)) / 1_000} ${queue}/${who}`,
    )
  }

  test.each<[rule: string, happened: Happened[], due: string[]]>([
    ['none, while none came due', [], []],
    ['met, at the answer, for its writer', [asks(10), agent(38, 'a-1')], ['met@38 sales/a-1']],
    [
      'missed, at its limit, for its owner',
      [assigned(5, 'a-1'), asks(10)],
      ['missed@38 sales/a-1'],
    ],
    [
      'missed once, though it is answered later',
      [asks(10), agent(90, 'a-1')],
      ['missed@38 sales/null'],
    ],
    ['nothing of one that was cancelled at its limit', [asks(10), resolved(38)], []],
    [
      'the first alone of a quarter-hour and a place',
      [asks(10), agent(11, 'a-1'), asks(20), agent(21, 'a-1'), asks(900), agent(901, 'a-1')],
      ['met@11 sales/a-1', 'met@901 sales/a-1'],
    ],
    [
      'each place of a quarter-hour, and what was met and missed there apart',
      [asks(10), agent(11, 'a-1'), asks(20), agent(21, 'a-2'), assigned(30, 'a-1'), asks(40)],
      ['met@11 sales/a-1', 'met@21 sales/a-2', 'missed@70 sales/a-1'],
    ],
  ])('%s', (_rule, happened, due) => {
    expect(dueOf(happened)).toEqual(due)
  })
})
