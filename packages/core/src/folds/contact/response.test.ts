import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  agent,
  assigned,
  bot,
  customer,
  opened,
  queued,
  released,
  resolved,
  standing,
  told,
  type Happened,
} from './contact.test-support.ts'

const repliesAt = (happened: readonly Happened[]): readonly number[] =>
  told(happened).values['replyTime'] ?? []

test('a draft of a bot that a human sent is an answer', () => {
  expect(repliesAt([opened(0), customer(10), agent(15, 'a-1', { automatic: 'assisted' })])).toEqual(
    [5],
  )
})

test.each<[rule: string, happened: readonly Happened[], first: readonly number[] | undefined]>([
  [
    'of what a bot had resolved alone still has a first response',
    [opened(0, { handledBy: 'bot' }), bot(1), resolved(30), [40, 'contact.reopened']],
    [5],
  ],
  [
    'also where only its first message shows that a bot had it',
    [opened(0), resolved(1), [2, 'contact.reopened'], bot(3)],
    [5],
  ],
  [
    'of what humans had had has none',
    [opened(0), assigned(1, 'a-1'), resolved(30), [40, 'contact.reopened']],
    undefined,
  ],
])('a reopening %s', (_rule, happened, first) => {
  const then: Happened[] = [[50, 'contact.handed_off'], customer(50), agent(55, 'a-2')]
  expect(told([...happened, ...then]).values['firstReplyTime']).toEqual(first)
})

describe('an owed reply', () => {
  test.each([
    {
      rule: 'runs from the first unanswered customer message',
      then: [customer(10), customer(20), agent(31)],
      waits: [21],
    },
    {
      rule: 'is answered once; the next message owes the next',
      then: [customer(10), agent(15), agent(18), customer(20), agent(27)],
      waits: [5, 7],
    },
    {
      rule: 'is not answered by a private note',
      then: [customer(10), agent(15, 'a-1', { visibility: 'private' }), agent(20)],
      waits: [10],
    },
    {
      rule: 'is not answered by an automatic message',
      then: [customer(10), agent(11, 'a-1', { automatic: true }), agent(20)],
      waits: [10],
    },
    {
      rule: 'is not answered by a bot',
      then: [queued(5, 'q'), customer(10), bot(12), agent(20)],
      waits: [10],
    },
    {
      rule: 'is not answered by the system',
      then: [customer(10), [12, 'message.sent', { from: 'system' }], agent(20)],
      waits: [10],
    },
    {
      rule: 'outlasts a release',
      then: [assigned(5, 'a-1'), customer(10), released(12, 'a-1'), agent(20)],
      waits: [10],
    },
    {
      rule: 'is answered in the very millisecond of its question',
      then: [customer(10), agent(10)],
      waits: [0],
    },
    { rule: 'is not owed for an agent message alone', then: [agent(10), agent(20)], waits: [] },
  ] satisfies { rule: string; then: Happened[]; waits: number[] }[])('$rule', ({ then, waits }) => {
    expect(repliesAt([opened(0), ...then])).toEqual(waits)
  })

  test.each([
    { rule: 'abandoning', then: [20, 'contact.abandoned'] },
    { rule: 'resolving', then: resolved(20) },
    { rule: 'closing', then: [20, 'contact.closed'] },
    { rule: 'ending', then: [20, 'contact.ended'] },
    { rule: 'handing over to a bot', then: [20, 'contact.handed_off', { to: 'bot' }] },
  ] satisfies { rule: string; then: Happened }[])(
    '$rule before the limit cancels it: neither within nor missed',
    ({ then }) => {
      const { values, open } = told([opened(0), customer(10), then])
      expect(values).toMatchObject({ replyCancelled: [1] })
      expect(values).not.toHaveProperty('replyDue')
      expect(open.filter(({ kind }) => kind.startsWith('reply'))).toEqual([])
    },
  )

  test('cancelled at exactly the limit it is not missed: a timer applies after the events of its instant', () => {
    expect(told([opened(0), customer(10), resolved(38)]).values).not.toHaveProperty('replyDue')
  })

  test('cancelled after the limit it was missed, and is not counted as cancelled', () => {
    const { values, seconds } = told([opened(0), customer(10), resolved(39)])
    expect(values).toMatchObject({ replyDue: [1] })
    expect(values).not.toHaveProperty('replyCancelled')
    expect(seconds).toMatchObject({ replyDue: [38] })
  })

  test('a discard that is taken back changes nothing: it is owed all along', () => {
    const { values } = told([
      opened(0),
      customer(10),
      [20, 'contact.discarded'],
      [30, 'contact.restored'],
      agent(40),
    ])
    expect(values).toMatchObject({ replyTime: [30] })
    expect(values).not.toHaveProperty('replyCancelled')
  })

  test('nothing is owed once a contact is over, whatever still happens to it', () => {
    const late: Happened[] = [queued(30, 'q'), [40, 'contact.handed_off', { to: 'human' }]]
    const { open, values } = told([
      opened(0, { handledBy: 'bot' }),
      customer(5),
      [20, 'contact.ended'],
      ...late,
    ])
    expect(open).toEqual([])
    expect(values).not.toHaveProperty('replyDue')
  })

  test('a call owes none', () => {
    expect(
      told([opened(0, { channel: 'voice' }), customer(10), agent(20)]).values,
    ).not.toHaveProperty('replyTime')
  })
})

test('an answer is its writer’s, or the owner’s where nobody says who wrote it', () => {
  const replied = (agentId?: string) =>
    told([opened(0), customer(10), assigned(12, 'a-1', 'q'), agent(15, agentId)]).credits[
      'replyTime'
    ]
  expect(replied('a-2')).toEqual(['q/a-2'])
  expect(replied()).toEqual(['q/a-1'])
})

describe('the limit', () => {
  test('an answer at exactly the limit is within, a second later it is missed for good', () => {
    expect(told([opened(0), customer(10), agent(38)]).values).toMatchObject({
      replyDue: [1],
      replyDueWithin: [1],
      replyWithin: [1],
    })
    const late = told([opened(0), customer(10), agent(39)])
    expect(late.values).not.toHaveProperty('replyDueWithin')
    expect(late.seconds).toMatchObject({ replyDue: [38], replyTime: [39] })
  })

  test('a reply that nobody gives becomes due at its limit, by time alone', () => {
    const before = told([opened(0), customer(10)], { untilSecond: 37 })
    expect(before.values).not.toHaveProperty('replyDue')
    expect(told([opened(0), customer(10)], { untilSecond: 38 }).seconds).toMatchObject({
      replyDue: [38],
    })
  })

  test('the first response has its own limit, and each reply after it the reply limit', () => {
    const { seconds } = told([opened(0), customer(10), agent(20), customer(100)])
    expect(seconds).toMatchObject({ replyDue: [20, 130], firstReplyDue: [20] })
  })

  test('thresholds of 30 s and 180 s have their own due instants and cancellations', () => {
    const { seconds, values } = told([opened(0), customer(10), agent(60)])
    expect(values).toMatchObject({ due30s: [1], due180s: [1], within180s: [1] })
    expect(seconds).toMatchObject({ due30s: [40], due180s: [60], within180s: [60] })
    expect(seconds).not.toHaveProperty('within30s')
    const cancelled = told([opened(0), customer(10), resolved(60)])
    expect(cancelled.seconds).toMatchObject({ due30s: [40] })
    expect(cancelled.seconds).not.toHaveProperty('due180s')
  })

  test.each([
    {
      rule: 'queue, channel and priority',
      data: { queue: 'vip', channel: 'chat', priority: 'high' },
      limit: 1,
    },
    { rule: 'queue and channel', data: { queue: 'vip', channel: 'chat' }, limit: 2 },
    { rule: 'queue', data: { queue: 'vip', channel: 'sms' }, limit: 3 },
    { rule: 'channel', data: { queue: 'other', channel: 'sms' }, limit: 4 },
    { rule: 'class', data: { queue: 'other', channel: 'chat' }, limit: 28 },
    { rule: 'class of mail', data: { channel: 'email' }, limit: 3_600 },
  ])('the most specific one counts: $rule', ({ data, limit }) => {
    const limitOverrides = [
      { channel: 'sms', firstResponseMs: 4_000 },
      { queue: 'vip', firstResponseMs: 3_000 },
      { queue: 'vip', channel: 'chat', priority: 'high', firstResponseMs: 1_000 },
      { queue: 'vip', channel: 'chat', firstResponseMs: 2_000 },
    ]
    expect(
      told([opened(0, data), customer(0)], { config: { limitOverrides } }).seconds['replyDue'],
    ).toEqual([limit])
  })

  test('a queue says more than channel and priority together, and a channel more than a priority; of equals the first counts', () => {
    const scope = fc.subarray(['queue', 'channel', 'priority'] as const)
    const listed = fc.uniqueArray(scope, { minLength: 1, selector: (named) => named.join() })
    const said = { queue: 'vip', channel: 'chat', priority: 'high' } as const
    const specificity = [
      'queue,channel,priority',
      'queue,channel',
      'queue,priority',
      'queue',
      'channel,priority',
      'channel',
      'priority',
      '',
    ]
    fc.assert(
      fc.property(listed, (scopes) => {
        const given = scopes.map((named) => ({
          ...Object.fromEntries(named.map((name) => [name, said[name]])),
          named: named.join(),
        }))
        const limitOverrides = given.map(({ named, ...rest }) => ({
          ...rest,
          firstResponseMs: (1 + specificity.indexOf(named)) * 1_000,
        }))
        const wanted =
          Math.min(...limitOverrides.map(({ firstResponseMs }) => firstResponseMs)) / 1_000
        const twice = [
          ...limitOverrides,
          ...limitOverrides.map((one) => ({ ...one, firstResponseMs: 9_000 })),
        ]
        expect(
          told([opened(0, said), customer(0)], { config: { limitOverrides: twice } }).seconds[
            'replyDue'
          ],
        ).toEqual([wanted])
      }),
    )
  })

  test('it is fixed when the clock starts', () => {
    const limitOverrides = [{ queue: 'vip', firstResponseMs: 1_000 }]
    expect(
      told([opened(0, { queue: 'q' }), customer(0), queued(0, 'vip')], {
        config: { limitOverrides },
      }).seconds['replyDue'],
    ).toEqual([28])
  })
})

describe('first response', () => {
  test('it is the first owed reply of a contact', () => {
    expect(
      told([opened(0), customer(10), agent(20), customer(30), agent(45)]).values,
    ).toMatchObject({
      firstReplyTime: [10],
      replyTime: [10, 15],
    })
  })

  test('a contact opened by an agent has none until the customer writes', () => {
    const { values } = told([
      opened(0, { openedBy: 'agent', direction: 'inbound' }),
      agent(5),
      customer(60),
      agent(70),
    ])
    expect(values).toMatchObject({ firstReplyTime: [10] })
  })

  test('after a reopen replies are replies, never first ones', () => {
    const { values } = told([
      opened(0),
      resolved(10),
      [20, 'contact.reopened'],
      customer(30),
      agent(40),
    ])
    expect(values).toMatchObject({ replyTime: [10] })
    expect(values).not.toHaveProperty('firstReplyTime')
  })

  test('a contact opened by system has none', () => {
    const { values } = told([customer(10), agent(20)])
    expect(values).toMatchObject({ replyTime: [10] })
    expect(values).not.toHaveProperty('firstReplyTime')
  })
})

describe('a bot', () => {
  test('has the contact from the opening where that is said, and nothing is owed meanwhile', () => {
    const { values, open } = told([opened(0, { handledBy: 'bot' }), customer(10), bot(11)])
    expect(values).not.toHaveProperty('replyDue')
    expect(open.map(({ kind }) => kind)).toEqual(['backlog'])
  })

  test.each([
    { rule: 'shows by its first message', happened: [opened(0), customer(1), bot(2)], has: true },
    {
      rule: 'does not show by an automatic one',
      happened: [opened(0), customer(1), bot(2, { automatic: true }), bot(3)],
      has: false,
    },
    {
      rule: 'comes too late after a queue',
      happened: [opened(0), customer(1), queued(2, 'q'), bot(3)],
      has: false,
    },
    {
      rule: 'comes too late where the opening names a queue',
      happened: [opened(0, { queue: 'q' }), customer(1), bot(3)],
      has: false,
    },
    {
      rule: 'comes too late after an assignment',
      happened: [opened(0), customer(1), assigned(2, 'a-1'), bot(3)],
      has: false,
    },
    {
      rule: 'comes too late after a private note',
      happened: [opened(0), customer(1), agent(2, 'a-1', { visibility: 'private' }), bot(3)],
      has: false,
    },
    {
      rule: 'does not have what is said to be with humans',
      happened: [opened(0, { handledBy: 'human' }), customer(1), bot(3)],
      has: false,
    },
    { rule: 'shows also where the opening was lost', happened: [customer(1), bot(2)], has: true },
  ] satisfies { rule: string; happened: Happened[]; has: boolean }[])(
    '$rule',
    ({ happened, has }) => {
      expect('reply.live' in standing(told(happened))).toBe(!has)
    },
  )

  test('a hand-off opens the owed reply, whose answer is the first response', () => {
    const { values } = told([
      opened(0),
      customer(1),
      bot(2),
      customer(3),
      [60, 'contact.handed_off', { to: 'human' }],
      agent(75),
    ])
    expect(values).toMatchObject({ firstReplyTime: [15], replyTime: [15] })
  })

  test.each([
    { rule: 'a queue', then: queued(60, 'q') },
    { rule: 'an assignment', then: assigned(60, 'a-1') },
  ])('$rule is a hand-off where no other came first', ({ then }) => {
    expect(
      told([opened(0, { handledBy: 'bot' }), customer(3), then, agent(75)]).values,
    ).toMatchObject({ firstReplyTime: [15] })
  })

  test('that shows late takes back what an agent seemed to have handled, and the agent can handle the contact after it', () => {
    const seemed: Happened[] = [opened(0), resolved(5, 'a-1')]
    expect(told(seemed).seconds['contactHandled']).toContain(5)
    const { seconds, credits } = told([
      ...seemed,
      bot(20),
      [60, 'contact.handed_off'],
      agent(75, 'a-1'),
      released(80, 'a-1'),
    ])
    expect(seconds['contactHandled']).toEqual([80, 80])
    expect(credits['contactHandled']).toEqual(
      expect.arrayContaining([expect.stringContaining('a-1')]),
    )
  })

  test('what it resolves or reopens without a human part counts in openings and in KPIs of bots alone', () => {
    const { values } = told([
      opened(0, { handledBy: 'bot' }),
      customer(1),
      resolved(10),
      [20, 'contact.reopened'],
      [30, 'contact.ended'],
    ])
    expect(values).toEqual({
      contactOpened: [1],
      botContactOver: [1],
      workloadDifference: [1_000_000],
    })
  })

  test('a contact that humans had a part in counts also if a bot has it at the end', () => {
    const handedBack: Happened[] = [
      assigned(10, 'a-1'),
      agent(20),
      [30, 'contact.handed_off', { to: 'bot' }],
      resolved(40),
    ]
    expect(told([opened(0), customer(1), ...handedBack]).values).toMatchObject({
      contactHandled: [1, 1],
      contactResolved: [1],
      resolution: [1],
    })
  })
})

describe('a human who writes into a bot’s chat without a hand-off', () => {
  const withBot: Happened[] = [opened(0, { handledBy: 'bot' }), customer(5), bot(6)]

  test('has it from then on: the next message is owed a reply', () => {
    expect(standing(told([...withBot, agent(20, 'a-1'), customer(30)]))).toMatchObject({
      'reply.live': 30,
      'reply.live.due': 58,
    })
    const { values } = told([
      ...withBot,
      agent(20, 'a-1'),
      customer(30),
      agent(42, 'a-1'),
      resolved(60),
    ])
    expect(values).toMatchObject({ replyTime: [12], contactHandled: [1, 1], contactResolved: [1] })
  })

  test('has it by a draft of the bot that a human sent', () => {
    expect(
      standing(told([...withBot, agent(20, 'a-1', { automatic: 'assisted' }), customer(30)])),
    ).toMatchObject({ 'reply.live': 30 })
  })

  test.each([
    { rule: 'not by a private note', message: agent(20, 'a-1', { visibility: 'private' }) },
    { rule: 'not by an automatic message', message: agent(20, 'a-1', { automatic: true }) },
  ])('$rule', ({ message }) => {
    expect(standing(told([...withBot, message, customer(30)]))).toEqual({ backlog: 0 })
  })
})
