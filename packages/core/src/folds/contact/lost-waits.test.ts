import { describe, expect, test } from 'vitest'
import {
  agent,
  assigned,
  at,
  bot,
  customer,
  hourSeconds,
  opened,
  queued,
  standing,
  told,
  type Happened,
} from './contact.test-support.ts'

const call: Happened[] = [opened(0, { channel: 'voice', queue: 'sales' })]
const chat: Happened[] = [opened(0, { queue: 'sales' }), customer(5)]
const mail: Happened[] = [opened(0, { channel: 'email', queue: 'post' }), customer(5)]

const day = 24 * hourSeconds

describe('a wait that nothing ends', () => {
  test.each([
    { rule: 'a call after 4 h', happened: call, lostSecond: 4 * hourSeconds },
    { rule: 'a chat after 24 h', happened: chat, lostSecond: day + 5 },
    {
      rule: 'a letter after the contact retention, 35 days',
      happened: mail,
      lostSecond: 35 * day + 5,
    },
  ])('is given up as lost: $rule', ({ happened, lostSecond }) => {
    const before = told(happened, { untilSecond: lostSecond - 1 })
    expect(before.values).not.toHaveProperty('lostWait')
    expect(Object.keys(standing(before))).not.toContain('lost.reply')
    const { seconds, credits, open } = told(happened, { untilSecond: lostSecond })
    expect(seconds).toMatchObject({ lostWait: [lostSecond] })
    expect(credits['lostWait']).toHaveLength(1)
    expect(open.filter(({ kind }) => /^(reply|queue)/.test(kind))).toEqual([])
  })

  test('is listed; a caller who is not on the line any more leaves the backlog, a chat stays', () => {
    expect(standing(told(call, { untilSecond: 5 * hourSeconds }))).toEqual({ 'lost.queue': 0 })
    expect(standing(told(chat, { untilSecond: 2 * day }))).toEqual({ 'lost.reply': 5, backlog: 0 })
  })

  test('is found again by an end that comes later, whenever that is said to have happened', () => {
    const ends: Happened[] = [
      [30, 'contact.abandoned'],
      [6 * hourSeconds, 'contact.abandoned'],
      assigned(6 * hourSeconds, 'a-1'),
      queued(6 * hourSeconds, 'billing'),
    ]
    for (const end of ends)
      expect(told([...call, end], { untilSecond: 7 * hourSeconds }).values).not.toHaveProperty(
        'lostWait',
      )
    const { values } = told([...chat, agent(30 * hourSeconds, 'a-1')], { untilSecond: 2 * day })
    expect(values).toMatchObject({ replyTime: [30 * hourSeconds - 5] })
    expect(values).not.toHaveProperty('lostWait')
  })

  test('the next wait of the contact may be lost, too', () => {
    const turns: Happened[] = [...call, queued(5 * hourSeconds, 'billing')]
    expect(told(turns, { untilSecond: 9 * hourSeconds }).seconds).toMatchObject({
      lostWait: [9 * hourSeconds],
    })
  })

  test('does not hide the customer who writes again: that is a wait of its own, and the old one stays lost', () => {
    const again = 30 * hourSeconds
    const { seconds, open } = told([...chat, customer(again)], { untilSecond: again + 10 })
    expect(seconds).toMatchObject({ lostWait: [24 * hourSeconds + 5] })
    expect(open.map(({ kind }) => kind)).toEqual(['backlog', 'reply.live', 'reply.live.due'])
    const answered = told([...chat, customer(again), agent(again + 20, 'a-1')], {
      untilSecond: again + 60,
    })
    expect(answered.values).toMatchObject({ replyTime: [20], lostWait: [1] })
    expect(
      told([...chat, agent(60, 'a-1'), customer(again)], { untilSecond: again }).values,
    ).not.toHaveProperty('lostWait')
  })

  test('does not hide the call that is queued again', () => {
    const again = 6 * hourSeconds
    const { open, values } = told([...call, queued(again, 'sales')], { untilSecond: again + 10 })
    expect(open.map(({ kind, sinceMs }) => [kind, sinceMs])).toContainEqual([
      'queue.voice',
      at(again),
    ])
    expect(values).not.toHaveProperty('lostWait')
  })

  test('is forgotten with a bot that had the contact all along: the next wait may be lost', () => {
    const handedOver: Happened[] = [
      opened(0),
      customer(5),
      bot(2 * day),
      [2 * day + 60, 'contact.handed_off'],
    ]
    const { seconds, open } = told(handedOver, { untilSecond: 4 * day })
    expect(seconds).toMatchObject({ lostWait: [3 * day + 60] })
    expect(open.map(({ kind }) => kind)).toContain('lost.reply')
  })

  test('is given up when the tenant says', () => {
    const config = { waitMaxMs: { voice: 60_000, live: 120_000, deferred: 180_000 } }
    expect(told(call, { config }).seconds).toMatchObject({ lostWait: [60] })
    expect(told(chat, { config }).seconds).toMatchObject({ lostWait: [125] })
  })
})

describe('a queue that is told just after the assignment from it', () => {
  const taken: Happened[] = [opened(0, { channel: 'voice' }), assigned(10, 'a-1')]

  test('is no new stay: the caller talks', () => {
    expect(standing(told([...taken, queued(10.3, 'sales')]))).toEqual({ backlog: 0 })
    expect(standing(told([...taken, queued(12, 'sales')]))).toEqual({ backlog: 0 })
    expect(
      told([...taken, queued(10.3, 'sales'), [60, 'contact.released', { agentId: 'a-1' }]]).credits,
    ).toMatchObject({
      contactHandled: ['sales/*', 'sales/a-1'],
      contactOpened: ['sales/*'],
    })
  })

  test.each([
    { rule: 'later than clocks differ', then: [queued(12.001, 'sales')] },
    {
      rule: 'another queue than it was assigned from',
      then: [queued(5, 'billing'), assigned(10, 'a-1'), queued(11, 'sales')],
    },
    { rule: 'with something between', then: [[10.1, 'contact.held'], queued(10.3, 'sales')] },
  ] satisfies { rule: string; then: Happened[] }[])('is one, $rule', ({ then }) => {
    const kinds = told([opened(0, { channel: 'voice' }), assigned(10, 'a-1'), ...then]).open.map(
      ({ kind }) => kind,
    )
    expect(kinds).toContain('queue.voice')
  })
})

describe('taken from one agent and given to another in one instant', () => {
  test('is the other’s, in either order', () => {
    const owned: Happened[] = [...chat, assigned(10, 'a-1')]
    const ownerOf = (happened: readonly Happened[]): unknown =>
      told(happened).open[0]?.dimensions.agent
    expect(
      ownerOf([...owned, [20, 'contact.unassigned', { agentId: 'a-1' }], assigned(20, 'a-2')]),
    ).toBe('a-2')
    expect(
      ownerOf([...owned, assigned(20, 'a-2'), [20, 'contact.unassigned', { agentId: 'a-1' }]]),
    ).toBe('a-2')
    expect(ownerOf([...owned, [20, 'contact.unassigned', { agentId: 'a-1' }]])).toBe('none')
    expect(ownerOf([...owned, [20, 'contact.unassigned']])).toBe('none')
  })
})
