import { describe, expect, test } from 'vitest'
import {
  agent,
  assigned,
  customer,
  engaged,
  mentioned,
  opened,
  released,
  resolved,
  told,
  type Happened,
} from './contact.test-support.ts'

const hour = 3_600

describe('an agent is engaged with a chat', () => {
  test.each([
    { rule: 'until the release', then: [released(60, 'a-1')], spans: [[10, 60]] },
    { rule: 'until it is unassigned', then: [[60, 'contact.unassigned']], spans: [[10, 60]] },
    { rule: 'until it is reassigned', then: [assigned(60, 'a-2')], spans: [[10, 60]] },
    { rule: 'until it is resolved', then: [resolved(60)], spans: [[10, 60]] },
    { rule: 'until it is closed', then: [[60, 'contact.closed']], spans: [[10, 60]] },
    { rule: 'until it ends', then: [[60, 'contact.ended']], spans: [[10, 60]] },
    {
      rule: 'not beyond 10 min without a public message',
      then: [released(hour, 'a-1')],
      spans: [[10, 610]],
    },
    {
      rule: 'as long as public messages go on, of whomever',
      then: [customer(500), released(hour, 'a-1')],
      spans: [[10, 1_100]],
    },
    {
      rule: 'again from the next public message',
      then: [customer(1_000), released(1_030, 'a-1')],
      spans: [
        [10, 610],
        [1_000, 1_030],
      ],
    },
    {
      rule: 'whatever is noted in private',
      then: [agent(500, 'a-1', { visibility: 'private' })],
      spans: [[10, 610]],
    },
    {
      rule: 'although another agent is released',
      then: [released(60, 'a-2'), resolved(90)],
      spans: [[10, 90]],
    },
    {
      rule: 'again when it is reopened',
      then: [resolved(60), [90, 'contact.reopened'], released(95, 'a-1')],
      spans: [
        [10, 60],
        [90, 95],
      ],
    },
  ] satisfies { rule: string; then: Happened[]; spans: [number, number][] }[])(
    '$rule',
    ({ then, spans }) => {
      expect(engaged(told([opened(0), assigned(10, 'a-1'), ...then]), 'a-1')).toEqual(spans)
    },
  )
})

describe('an agent is engaged with a call', () => {
  test.each([
    {
      rule: 'until the release, however long nobody writes',
      then: [released(hour, 'a-1')],
      spans: [[10, hour]],
    },
    {
      rule: 'also after it was said to be resolved',
      then: [resolved(60), released(90, 'a-1')],
      spans: [[10, 90]],
    },
    { rule: 'until the connection ends', then: [[60, 'contact.ended']], spans: [[10, 60]] },
    {
      rule: 'until another agent takes it',
      then: [assigned(60, 'a-2'), released(70, 'a-1')],
      spans: [[10, 60]],
    },
  ] satisfies { rule: string; then: Happened[]; spans: [number, number][] }[])(
    '$rule',
    ({ then, spans }) => {
      expect(
        engaged(told([opened(0, { channel: 'voice' }), assigned(10, 'a-1'), ...then]), 'a-1'),
      ).toEqual(spans)
    },
  )
})

describe('after-contact work whose end is told', () => {
  const wrappedUp = (second: number, agentId = 'a-1'): Happened => [
    second,
    'contact.wrapped_up',
    { agentId },
  ]

  test.each([
    { rule: 'follows the release', then: [released(60, 'a-1'), wrappedUp(90)], spans: [[10, 90]] },
    {
      rule: 'follows the end of the connection',
      then: [[60, 'contact.ended'], wrappedUp(90)],
      spans: [[10, 90]],
    },
    {
      rule: 'is as long as the agent says',
      then: [released(60, 'a-1'), wrappedUp(60 + 2 * hour)],
      spans: [[10, 60 + 2 * hour]],
    },
    {
      rule: 'is nothing where its end is not told',
      then: [released(60, 'a-1')],
      spans: [[10, 60]],
    },
    {
      rule: 'is that of the agent who says so',
      then: [released(60, 'a-1'), wrappedUp(90, 'a-2')],
      spans: [[10, 60]],
    },
    {
      rule: 'ends once',
      then: [released(60, 'a-1'), wrappedUp(90), wrappedUp(200)],
      spans: [[10, 90]],
    },
    {
      rule: 'is none where the agent had the contact again meanwhile',
      then: [released(60, 'a-1'), assigned(70, 'a-1'), wrappedUp(90), released(100, 'a-1')],
      spans: [
        [10, 60],
        [70, 100],
      ],
    },
  ] satisfies { rule: string; then: Happened[]; spans: [number, number][] }[])(
    '$rule',
    ({ then, spans }) => {
      for (const channel of ['voice', 'chat'])
        expect(
          engaged(told([opened(0, { channel }), assigned(10, 'a-1'), ...then]), 'a-1'),
        ).toEqual(spans)
    },
  )
})

test('an agent is engaged with a ticket only between the beginning and the end of its work', () => {
  const happened: Happened[] = [
    opened(0, { channel: 'ticket' }),
    assigned(10, 'a-1'),
    [60, 'contact.work_started', { agentId: 'a-1' }],
    agent(70, 'a-1'),
    [90, 'contact.work_ended', { agentId: 'a-1' }],
    resolved(120),
  ]
  expect(engaged(told(happened), 'a-1')).toEqual([[60, 90]])
})

test.each(['chat', 'voice'])(
  'work events say nothing of the time of an agent with a %s contact',
  (channel) => {
    const work: Happened[] = [
      [20, 'contact.work_started', { agentId: 'a-2' }],
      [60, 'contact.work_ended', { agentId: 'a-1' }],
    ]
    const all = told([opened(0, { channel }), assigned(10, 'a-1'), ...work, released(90, 'a-1')])
    expect([engaged(all, 'a-1'), engaged(all, 'a-2')]).toEqual([[[10, 90]], []])
  },
)

test('discarding a contact takes nothing from the time of its agents', () => {
  expect(
    engaged(
      told([opened(0), assigned(10, 'a-1'), [60, 'contact.discarded'], released(90, 'a-1')]),
      'a-1',
    ),
  ).toEqual([[10, 90]])
})

test('an event names an agent by whatever role it gives', () => {
  const happened: Happened[] = [
    opened(0),
    [5, 'contact.presented', { agentId: 'a-1' }],
    [6, 'contact.transferred', { fromAgentId: 'a-1', toAgentId: 'a-2' }],
    [7, 'contact.escalated', { byAgentId: 'a-1' }],
  ]
  expect([mentioned(told(happened), 'a-1'), mentioned(told(happened), 'a-2')]).toEqual([
    [5, 6, 7],
    [6],
  ])
})

test.each(['__proto__', 'constructor'])('%s is an agent like others', (agentId) => {
  const all = told([
    opened(0),
    customer(1),
    assigned(2, agentId),
    agent(12, agentId),
    released(20, agentId),
  ])
  expect(all.values).toMatchObject({ replyTime: [11], contactHandled: [1, 1] })
  expect(engaged(all, agentId)).toEqual([[2, 20]])
})
