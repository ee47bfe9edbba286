import { describe, expect, test } from 'vitest'
import {
  agent,
  assigned,
  customer,
  opened,
  queued,
  released,
  resolved,
  standing,
  told,
  type Happened,
} from './contact.test-support.ts'

const voice = (second: number, data = {}): Happened => opened(second, { channel: 'voice', ...data })

describe('contacts opened', () => {
  test.each([
    {
      rule: 'counts in the queue of the opening',
      happened: [opened(0, { queue: 'a' }), queued(5, 'b')],
      credits: ['a/*'],
    },
    {
      rule: 'counts in its first queue, at the opening, once that is known',
      happened: [opened(0), queued(5, 'b'), queued(9, 'c')],
      credits: ['b/*'],
    },
    {
      rule: 'never queued is a queue of its own',
      happened: [opened(0), customer(5)],
      credits: ['none/*'],
    },
    {
      rule: 'a second opening says nothing new',
      happened: [opened(0, { queue: 'a' }), opened(5, { queue: 'b' })],
      credits: ['a/*'],
    },
    {
      rule: 'a contact without an opening was opened by system: it is worked on',
      happened: [customer(0), agent(5)],
      credits: undefined,
    },
    {
      rule: 'an outbound contact is not counted',
      happened: [opened(0, { direction: 'outbound' })],
      credits: undefined,
    },
    {
      rule: 'one opened by an agent is outbound',
      happened: [opened(0, { openedBy: 'agent' })],
      credits: undefined,
    },
  ] satisfies { rule: string; happened: Happened[]; credits: string[] | undefined }[])(
    '$rule',
    ({ happened, credits }) => {
      const { credits: found, seconds } = told(happened)
      expect(found['contactOpened']).toEqual(credits)
      if (credits !== undefined) expect(seconds['contactOpened']).toEqual([0])
    },
  )

  test('the last words describe the whole contact, also what it contributed before', () => {
    const { counted } = told([
      opened(0, { topic: 'login' }),
      customer(1),
      agent(2),
      [3, 'contact.updated', { topic: 'refund', priority: 'high' }],
    ])
    expect(
      new Set(counted.map(({ dimensions }) => `${dimensions.topic} ${dimensions.priority}`)),
    ).toEqual(new Set(['refund high']))
  })
})

describe('a contact is handled', () => {
  const served: Happened[] = [
    opened(0, { queue: 'q' }),
    customer(1),
    assigned(2, 'a-1'),
    agent(5, 'a-1'),
  ]

  test.each([
    { rule: 'at a release', then: [released(9, 'a-1')] },
    { rule: 'when nobody owns it any more', then: [[9, 'contact.unassigned']] },
    { rule: 'at a reassignment', then: [assigned(9, 'a-2')] },
    { rule: 'at a cold transfer', then: [[9, 'contact.transferred']] },
    { rule: 'at a warm transfer', then: [[9, 'contact.transferred', { mode: 'warm' }]] },
    { rule: 'when it is resolved', then: [resolved(9)] },
    { rule: 'when it is closed', then: [[9, 'contact.closed']] },
    { rule: 'when it ends', then: [[9, 'contact.ended']] },
  ] satisfies { rule: string; then: Happened[] }[])('$rule', ({ then }) => {
    const { seconds, credits } = told([...served, ...then])
    expect(seconds).toMatchObject({ contactHandled: [9, 9] })
    expect(credits).toMatchObject({ contactHandled: ['q/*', 'q/a-1'] })
  })

  test.each([
    { rule: 'not by a consultation', then: [[9, 'contact.transferred', { mode: 'consult' }]] },
    { rule: 'not while its agent goes on', then: [agent(9, 'a-1')] },
    { rule: 'not by an assignment to its owner', then: [assigned(9, 'a-1')] },
  ] satisfies { rule: string; then: Happened[] }[])('$rule', ({ then }) => {
    expect(told([...served, ...then]).values).not.toHaveProperty('contactHandled')
  })

  test('once for all, once for each agent', () => {
    const { credits } = told([
      ...served,
      assigned(9, 'a-2', 'r'),
      agent(10),
      assigned(11, 'a-1'),
      agent(12),
      resolved(13),
    ])
    expect(credits).toMatchObject({ contactHandled: ['q/*', 'q/a-1', 'r/a-2'] })
  })

  test('by whoever wrote, where no assignment was told', () => {
    expect(
      told([opened(0), customer(1), agent(5, 'a-1'), [9, 'contact.ended']]).credits,
    ).toMatchObject({
      contactHandled: ['none/*', 'none/a-1'],
    })
    expect(
      told([opened(0), customer(1), agent(5, 'a-1'), released(9, 'a-1')]).credits,
    ).toMatchObject({
      contactHandled: ['none/*', 'none/a-1'],
    })
  })

  test('nobody is no further agent, where an agent had handled it', () => {
    const { credits } = told([
      opened(0),
      assigned(2, 'a-1'),
      released(9, 'a-1'),
      [20, 'contact.closed'],
    ])
    expect(credits).toMatchObject({ contactHandled: ['none/*', 'none/a-1'] })
  })

  test('in the queue at the assignment, wherever it went then', () => {
    expect(told([...served, queued(7, 'r'), released(9, 'a-1')]).credits).toMatchObject({
      contactHandled: ['q/*', 'q/a-1'],
    })
  })

  test('without any message event the assignment was the answer, or the end itself', () => {
    expect(told([opened(0), assigned(2, 'a-1'), released(9, 'a-1')]).values).toMatchObject({
      contactHandled: [1, 1],
    })
    expect(told([opened(0), resolved(9)]).values).toMatchObject({ contactHandled: [1, 1] })
  })

  test('never if nobody answered the customer', () => {
    expect(
      told([opened(0), customer(1), assigned(2, 'a-1'), [9, 'contact.ended']]).values,
    ).not.toHaveProperty('contactHandled')
    expect(told([opened(0), customer(1), resolved(9)]).values).not.toHaveProperty('contactHandled')
  })

  test('a call by its assignment', () => {
    expect(told([voice(0), assigned(2, 'a-1'), released(9, 'a-1')]).values).toMatchObject({
      contactHandled: [1, 1],
    })
    expect(told([voice(0), [9, 'contact.ended']]).values).not.toHaveProperty('contactHandled')
  })
})

describe('waiting and backlog', () => {
  test('a call waits from its queue, else from its opening, until an agent takes it', () => {
    expect(standing(told([voice(0)]))).toMatchObject({ 'queue.voice': 0, 'queue.voice.due': 20 })
    expect(standing(told([voice(0), queued(5, 'q')]))).toMatchObject({ 'queue.voice': 5 })
    expect(standing(told([voice(0, { queue: 'q' }), queued(5, 'q')]))).toMatchObject({
      'queue.voice': 0,
    })
    expect(standing(told([voice(0), queued(5, 'q'), assigned(9, 'a-1')]))).toEqual({ backlog: 0 })
  })

  test('another queue begins another wait; the same queue again after an agent too', () => {
    expect(standing(told([voice(0, { queue: 'q' }), queued(5, 'r')]))).toMatchObject({
      'queue.voice': 5,
    })
    expect(
      standing(told([voice(0, { queue: 'q' }), assigned(2, 'a-1'), queued(5, 'q')])),
    ).toMatchObject({ 'queue.voice': 5 })
  })

  test('leaving a queue ends its wait, leaving one that it had left before says nothing', () => {
    const dequeued = (queue?: string): Happened => [
      9,
      'contact.dequeued',
      { queue, reason: 'timeout' },
    ]
    expect(standing(told([voice(0, { queue: 'q' }), dequeued('q')]))).toEqual({ backlog: 0 })
    expect(standing(told([voice(0, { queue: 'q' }), dequeued()]))).toEqual({ backlog: 0 })
    expect(standing(told([voice(0, { queue: 'q' }), queued(5, 'r'), dequeued('q')]))).toMatchObject(
      { 'queue.voice': 5 },
    )
  })

  test('a caller with a bot waits for nobody', () => {
    expect(standing(told([voice(0, { handledBy: 'bot' })]))).toEqual({ backlog: 0 })
    expect(standing(told([voice(0), [1, 'message.sent', { from: 'bot' }]]))).toEqual({ backlog: 0 })
  })

  test('a reply is owed in the queue of now, to the agent of now', () => {
    const { open } = told([
      opened(0, { queue: 'q' }),
      customer(5),
      assigned(6, 'a-1'),
      queued(7, 'r'),
    ])
    expect(open.map(({ kind, dimensions }) => [kind, dimensions.queue, dimensions.agent])).toEqual([
      ['backlog', 'r', 'a-1'],
      ['reply.live', 'r', 'a-1'],
      ['reply.live.due', 'r', 'a-1'],
    ])
  })

  test.each(['resolved', 'closed', 'abandoned', 'ended', 'discarded'] as const)(
    'a contact that is %s is not in the backlog',
    (how) => {
      expect(standing(told([opened(0), customer(1), [5, `contact.${how}`]]))).toEqual({})
    },
  )

  test('after an answer an abandoning is a release: the contact stays open', () => {
    const { credits, open } = told([
      opened(0),
      customer(1),
      assigned(2, 'a-1'),
      agent(3),
      [5, 'contact.abandoned'],
    ])
    expect(open.map(({ kind, dimensions }) => [kind, dimensions.agent])).toEqual([
      ['backlog', 'none'],
    ])
    expect(credits).toMatchObject({ contactHandled: ['none/*', 'none/a-1'] })
  })
})

describe('a discarded contact', () => {
  const whole: Happened[] = [
    opened(0),
    customer(1),
    assigned(2, 'a-1'),
    agent(3, 'a-1'),
    resolved(9),
  ]
  const discarded: Happened = [10, 'contact.discarded']

  test('takes everything back but the time of its agents', () => {
    const { values, open, outputs } = told([...whole, discarded])
    expect([values, open]).toEqual([{}, []])
    expect(outputs).toEqual(told(whole).outputs.filter(({ kind }) => kind === 'engagement'))
  })

  test('brings everything back when it is restored', () => {
    expect(told([...whole, discarded, [11, 'contact.restored']]).values).toEqual(told(whole).values)
  })
})

test('an assignment that names no agent is one to nobody', () => {
  const { credits } = told([
    opened(0, { queue: 'q' }),
    [1, 'contact.assigned', {}],
    [5, 'contact.closed'],
  ])
  expect(credits['contactHandled']).toEqual(['q/*', 'q/none'])
  const { open } = told([opened(0, { queue: 'q' }), customer(1), [2, 'contact.assigned', {}]])
  expect(open.map(({ dimensions }) => dimensions.agent)).toEqual(['none', 'none', 'none'])
})
