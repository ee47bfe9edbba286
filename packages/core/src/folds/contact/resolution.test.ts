import { describe, expect, test } from 'vitest'
import { hourMs } from '../../time/time.ts'
import {
  agent,
  at,
  assigned,
  customer,
  hourSeconds,
  opened,
  queued,
  released,
  resolved,
  standing,
  told,
  type Happened,
} from './contact.test-support.ts'

const reopened = (second: number, by?: 'customer' | 'agent' | 'system'): Happened => [
  second,
  'contact.reopened',
  { by },
]
const voice = (second: number): Happened => opened(second, { channel: 'voice' })
const resolvedAt = (happened: readonly Happened[]): readonly number[] =>
  told(happened).seconds['contactResolved'] ?? []

describe('a resolution', () => {
  test('every one is an event; the contact counts at its first', () => {
    const { seconds, values } = told([
      opened(0),
      resolved(9),
      resolved(12),
      reopened(20),
      resolved(30),
    ])
    expect(seconds).toMatchObject({
      resolution: [9, 12, 30],
      contactResolved: [9],
      reopening: [20],
    })
    expect(values).toMatchObject({ resolutionTimeFromRequest: [9] })
  })

  test.each([
    {
      rule: 'whom it names',
      then: [assigned(3, 'a-1'), agent(4, 'a-1'), resolved(9, 'a-9')],
      credit: 'r/a-9',
    },
    {
      rule: 'the owner',
      then: [agent(3, 'a-2'), assigned(4, 'a-1'), resolved(9)],
      credit: 'r/a-1',
    },
    {
      rule: 'the last human who wrote',
      then: [agent(3, 'a-2'), assigned(4, 'a-1'), released(5, 'a-1'), resolved(9)],
      credit: 'r/a-2',
    },
    { rule: 'nobody', then: [resolved(9)], credit: 'r/none' },
  ] satisfies { rule: string; then: Happened[]; credit: string }[])(
    'is credited to the queue then and to $rule',
    ({ then, credit }) => {
      const { credits } = told([opened(0, { queue: 'q' }), customer(1), queued(2, 'r'), ...then])
      expect(credits).toMatchObject({
        contactResolved: [credit],
        resolution: [credit],
        resolutionTimeFromRequest: [credit],
      })
    },
  )
})

describe('a call', () => {
  test('is resolved by its last release, which counts as a resolution', () => {
    const { seconds } = told([voice(0), assigned(2, 'a-1'), released(9, 'a-1')])
    expect(seconds).toMatchObject({ contactResolved: [9], resolution: [9] })
  })

  test('a release that an event confirms is one resolution: that of the event', () => {
    const { seconds } = told([voice(0), assigned(2, 'a-1'), released(9, 'a-1'), resolved(12)])
    expect(seconds).toMatchObject({ contactResolved: [9], resolution: [12] })
  })

  test('every stretch of it that a release ends is a resolution of its own', () => {
    const { seconds } = told([
      voice(0),
      assigned(2, 'a-1'),
      released(9, 'a-1'),
      reopened(20),
      assigned(21, 'a-1'),
      released(30, 'a-1'),
    ])
    expect(seconds).toMatchObject({ contactResolved: [9], resolution: [9, 30] })
  })

  test.each([
    { rule: 'a later assignment', then: [assigned(10, 'a-2')] },
    { rule: 'a later queue', then: [queued(10, 'q')] },
  ])('$rule takes it back: the call goes on', ({ then }) => {
    const goesOn = told([voice(0), assigned(2, 'a-1'), released(9, 'a-1'), ...then])
    expect(goesOn.values).not.toHaveProperty('contactResolved')
    expect(goesOn.values).not.toHaveProperty('resolution')
    expect(goesOn.values).not.toHaveProperty('fcrDue')
    expect(goesOn.open.map(({ kind }) => kind)).toContain('backlog')
    expect(
      resolvedAt([
        voice(0),
        assigned(2, 'a-1'),
        released(9, 'a-1'),
        ...then,
        assigned(11, 'a-2'),
        released(30, 'a-2'),
      ]),
    ).toEqual([30])
  })

  test('the release of an agent who had passed the call on is not the last one', () => {
    expect(
      resolvedAt([voice(0), assigned(2, 'a-1'), assigned(9, 'a-2'), released(12, 'a-1')]),
    ).toEqual([])
    expect(
      resolvedAt([
        voice(0),
        assigned(2, 'a-1'),
        assigned(9, 'a-2'),
        released(12, 'a-1'),
        released(30, 'a-2'),
      ]),
    ).toEqual([30])
  })

  test('a release while the call waits in its next queue is not the last one, and does not end the wait', () => {
    const passedOn: Happened[] = [voice(0), assigned(2, 'a-1'), queued(9, 'q'), released(12, 'a-1')]
    expect(resolvedAt(passedOn)).toEqual([])
    expect(standing(told(passedOn))).toMatchObject({ backlog: 0, 'queue.voice': 9 })
    expect(resolvedAt([...passedOn, assigned(20, 'a-2'), released(30, 'a-2')])).toEqual([30])
    expect(resolvedAt([...passedOn, [20, 'contact.abandoned']])).toEqual([])
  })

  test('what was said to be resolved or closed since is not taken back', () => {
    expect(
      resolvedAt([
        voice(0),
        assigned(2, 'a-1'),
        released(9, 'a-1'),
        resolved(12),
        assigned(20, 'a-2'),
      ]),
    ).toEqual([9])
    expect(
      resolvedAt([
        voice(0),
        assigned(2, 'a-1'),
        released(9, 'a-1'),
        [12, 'contact.closed'],
        assigned(20, 'a-2'),
      ]),
    ).toEqual([9])
  })

  test('a second time over by a release is taken back alone: the first resolution stays', () => {
    const twice: Happened[] = [
      voice(0),
      assigned(2, 'a-1'),
      resolved(9),
      reopened(20),
      released(30, 'a-1'),
      assigned(40, 'a-2'),
    ]
    expect(resolvedAt(twice)).toEqual([9])
    expect(told(twice).open.map(({ kind }) => kind)).toContain('backlog')
  })

  test('its end releases all: an answered one is resolved, an unanswered one ended', () => {
    expect(resolvedAt([voice(0), assigned(2, 'a-1'), [9, 'contact.ended']])).toEqual([9])
    expect(resolvedAt([voice(0), [9, 'contact.ended']])).toEqual([])
  })

  test('configuration says what resolves: the event, the release or the close', () => {
    const happened: Happened[] = [
      voice(0),
      assigned(2, 'a-1'),
      released(9, 'a-1'),
      [12, 'contact.closed'],
      [20, 'contact.updated', {}],
    ]
    const by = (how: 'event' | 'release' | 'close'): readonly number[] | undefined =>
      told(happened, { config: { resolvedBy: { voice: how, live: 'event', deferred: 'event' } } })
        .seconds['contactResolved']
    expect([by('event'), by('release'), by('close')]).toEqual([undefined, [9], [12]])
  })

  test('a close that resolves is a resolution, unless the contact was resolved already', () => {
    const byClose = { resolvedBy: { voice: 'close', live: 'close', deferred: 'close' } } as const
    const closed: Happened = [20, 'contact.closed']
    expect(told([opened(0), agent(5), closed], { config: byClose }).seconds).toMatchObject({
      contactResolved: [20],
      resolution: [20],
    })
    const again = told(
      [opened(0), agent(5), resolved(9), closed, reopened(30), [40, 'contact.closed']],
      { config: byClose },
    )
    expect(again.seconds).toMatchObject({ contactResolved: [9], resolution: [9, 40] })
  })
})

describe('a reopening', () => {
  test.each([
    {
      rule: 'a customer message later than the return gap',
      then: [customer(9 + 601)],
      seconds: [610],
    },
    { rule: 'not one at exactly the gap', then: [customer(9 + 600)], seconds: undefined },
    { rule: 'an event, by whomever', then: [reopened(20, 'system')], seconds: [20] },
    {
      rule: 'not one of a contact that is open',
      then: [reopened(20), reopened(30)],
      seconds: [20],
    },
    { rule: 'not a message of an agent', then: [agent(5_000, 'a-1')], seconds: undefined },
  ] satisfies { rule: string; then: Happened[]; seconds: number[] | undefined }[])(
    '$rule',
    ({ then, seconds }) => {
      expect(
        told([opened(0), customer(1), agent(2), resolved(9), ...then]).seconds['reopening'],
      ).toEqual(seconds)
    },
  )

  const solved: Happened[] = [opened(0), customer(1), agent(2), resolved(9)]

  test('"thank you" owes nothing, a return does', () => {
    expect(told([...solved, customer(60)]).open).toEqual([])
    expect(told([...solved, customer(700)]).open.map(({ kind }) => kind)).toEqual([
      'backlog',
      'reply.live',
      'reply.live.due',
    ])
  })

  test('within the gap shows that it was no "thank you": the reply is owed since the first of those messages', () => {
    const returned: Happened[] = [...solved, customer(300), customer(310), reopened(320)]
    expect(standing(told(returned))).toMatchObject({
      backlog: 0,
      'reply.live': 300,
      'reply.live.due': 330,
    })
    expect(told([...returned, agent(325, 'a-1')]).values).toMatchObject({
      replyTime: [1, 25],
      replyWithin: [1, 1],
    })
  })

  test('that comes after the limit of the message before it finds the reply missed, at that limit', () => {
    const { seconds, values } = told([...solved, customer(100), reopened(320), agent(330, 'a-1')])
    expect(values).toMatchObject({ replyTime: [1, 230], replyWithin: [1] })
    expect(seconds).toMatchObject({ replyDue: [2, 130] })
  })

  test.each([
    { rule: 'later than the gap', then: [customer(300), reopened(610)] },
    { rule: 'without a message', then: [reopened(320)] },
    {
      rule: 'after the message was answered',
      then: [customer(300), agent(305, 'a-1'), reopened(320)],
    },
    {
      rule: 'after the contact was closed over the message',
      then: [customer(300), [305, 'contact.closed'], reopened(320)],
    },
    {
      rule: 'before a bot',
      then: [[10, 'contact.handed_off', { to: 'bot' }], customer(300), reopened(320)],
    },
  ] satisfies { rule: string; then: Happened[] }[])('$rule owes nothing', ({ then }) => {
    expect(standing(told([...solved, ...then]))).toEqual({ backlog: 0 })
  })

  test.each([
    { rule: 'an abandoning', over: [20, 'contact.abandoned'] },
    { rule: 'an end without an answer', over: [20, 'contact.ended'] },
  ] satisfies { rule: string; over: Happened }[])(
    'is any message after $rule: there is nothing to thank for',
    ({ over }) => {
      const { seconds, open } = told([opened(0), customer(1), over, customer(25)])
      expect(seconds).toMatchObject({ reopening: [25] })
      expect(open.map(({ kind, atMs }) => [kind, atMs])).toContainEqual(['reply.live', at(25)])
    },
  )

  test.each([
    { rule: 'resolved by itself', then: resolved(22) },
    { rule: 'closed by itself', then: [22, 'contact.closed'] as Happened },
  ])('is any message after an abandoning, also once the contact was $rule', ({ then }) => {
    expect(
      told([opened(0), customer(1), [20, 'contact.abandoned'], then, customer(25)]).seconds,
    ).toMatchObject({ reopening: [25] })
  })

  test('counts for the owner, whoever wrote last', () => {
    const { credits } = told([
      opened(0),
      customer(1),
      assigned(2, 'a-1'),
      agent(3, 'a-2'),
      resolved(9),
      [20, 'contact.reopened', { by: 'system' }],
    ])
    expect(credits).toMatchObject({ reopening: ['none/a-1'] })
  })

  test('is no message just after a human wrote to who had left', () => {
    const written: Happened[] = [
      opened(0),
      customer(1),
      [20, 'contact.abandoned'],
      agent(22, 'a-1'),
      customer(25),
    ]
    expect(told(written).seconds).not.toHaveProperty('reopening')
  })

  test('is no message just after an end with an answer', () => {
    expect(
      told([opened(0), customer(1), agent(5), [20, 'contact.ended'], customer(25)]).seconds,
    ).not.toHaveProperty('reopening')
  })
})

describe('a first resolution that did not hold', () => {
  const window = 2 * hourSeconds
  const seconds = (happened: readonly Happened[]) =>
    told(happened, { config: { fcrWindowMs: 2 * hourMs } }).seconds

  test.each([
    { rule: 'is one that the customer reopened', then: [reopened(20)], is: [10] },
    { rule: 'is one that an agent reopened', then: [reopened(20, 'agent')], is: [10] },
    { rule: 'is one that the system reopened', then: [reopened(20, 'system')], is: [10] },
    {
      rule: 'is one reopened at exactly the end of the window',
      then: [reopened(10 + window)],
      is: [10],
    },
    { rule: 'is not one reopened a second after the window', then: [reopened(10 + window + 1)] },
    {
      rule: 'counts once, however often it is reopened',
      then: [reopened(20), resolved(30), reopened(40)],
      is: [10],
    },
    {
      rule: 'is measured from the first resolution',
      then: [[9, 'contact.reopened'], resolved(10 + window), reopened(11 + window)],
    },
    {
      rule: 'counts nowhere once the contact is discarded',
      then: [reopened(20), [30, 'contact.discarded']],
    },
  ] satisfies { rule: string; then: Happened[]; is?: number[] }[])('$rule', ({ then, is }) => {
    expect(seconds([opened(0), resolved(10), ...then])['firstResolutionReopened']).toEqual(is)
  })

  test('is not a call that went on after its release', () => {
    const goesOn = seconds([voice(0), assigned(2, 'a-1'), released(9, 'a-1'), assigned(12, 'a-2')])
    expect(goesOn).not.toHaveProperty('firstResolutionReopened')
  })
})

describe('first-contact resolution', () => {
  const solved: Happened[] = [
    opened(0),
    customer(1),
    assigned(2, 'a-1'),
    agent(3, 'a-1'),
    resolved(10),
  ]
  const window = 2 * hourSeconds
  const values = (happened: readonly Happened[]): unknown => {
    const { fcrDue = [], fcrSolved = [] } = told(happened, {
      config: { fcrWindowMs: 2 * hourMs },
    }).values
    return [fcrDue.length, fcrSolved.length]
  }

  test.each([
    { rule: 'counts what was handled and not reopened', then: [], is: [1, 1] },
    { rule: 'is taken back by a reopening of the customer', then: [reopened(20)], is: [1, 0] },
    { rule: 'is taken back by a returning customer', then: [customer(1_000)], is: [1, 0] },
    {
      rule: 'is taken back at exactly the end of the window',
      then: [reopened(10 + window)],
      is: [1, 0],
    },
    { rule: 'is kept a second after the window', then: [reopened(10 + window + 1)], is: [1, 1] },
    { rule: 'is kept when an agent reopens', then: [reopened(20, 'agent')], is: [1, 1] },
    { rule: 'is kept when the system reopens', then: [reopened(20, 'system')], is: [1, 1] },
    {
      rule: 'is measured from the first resolution',
      then: [reopened(20, 'agent'), resolved(30), reopened(20 + window)],
      is: [1, 1],
    },
  ] satisfies { rule: string; then: Happened[]; is: [number, number] }[])(
    '$rule',
    ({ then, is }) => {
      expect(values([...solved, ...then])).toEqual(is)
    },
  )

  test.each([
    { rule: 'a contact that nobody answered', happened: [opened(0), customer(1), resolved(10)] },
    {
      rule: 'one that the customer did not open',
      happened: [opened(0, { openedBy: 'system' }), ...solved.slice(1)],
    },
    { rule: 'one opened by system', happened: solved.slice(1) },
    {
      rule: 'an outbound one',
      happened: [opened(0, { direction: 'outbound' }), ...solved.slice(1)],
    },
    { rule: 'one that is discarded', happened: [...solved, [20, 'contact.discarded']] },
  ] satisfies { rule: string; happened: Happened[] }[])('has not $rule', ({ happened }) => {
    expect(values(happened)).toEqual([0, 0])
  })

  test('knows its customer from any event of the contact', () => {
    expect(told(solved).values).not.toHaveProperty('fcrIdentified')
    expect(told([...solved, [20, 'contact.updated', { customerId: 'u-1' }]]).values).toMatchObject({
      fcrIdentified: [1],
    })
  })

  test('has the topic of the resolution, and otherwise the last words of the contact', () => {
    const { counted } = told([
      opened(0, { topic: 'login', priority: 'low' }),
      ...solved.slice(1),
      [20, 'contact.updated', { topic: 'refund', priority: 'high' }],
    ])
    const fcr = counted.filter(({ measure }) => measure.name.startsWith('fcr'))
    expect(fcr.map(({ dimensions }) => `${dimensions.topic} ${dimensions.priority}`)).toEqual([
      ...['login high', 'login high'],
      ...['login high', 'login high'], // Net.
    ])
  })
})
