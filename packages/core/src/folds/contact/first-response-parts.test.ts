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
  told,
  type Happened,
} from './contact.test-support.ts'

const chat = opened(0, { queue: 'sales' })
const ticket: Happened = opened(0, { channel: 'ticket' })

describe('a first response is split at the assignment that led to it', () => {
  test.each<{
    rule: string
    happened: readonly Happened[]
    parts: readonly (number | undefined)[]
  }>([
    {
      rule: 'into the queue’s part and the agent’s',
      happened: [chat, customer(10), assigned(25, 'a-1'), agent(40, 'a-1')],
      parts: [15, 15],
    },
    {
      rule: 'all of it is the agent’s where that had the contact before the customer wrote',
      happened: [chat, assigned(5, 'a-1'), customer(10), agent(40, 'a-1')],
      parts: [0, 30],
    },
    {
      rule: 'and where it got the contact in the instant in which the customer wrote',
      happened: [chat, customer(10), assigned(10, 'a-1'), agent(40, 'a-1')],
      parts: [0, 30],
    },
    {
      rule: 'all of it is the queue’s where the answer comes in the instant of the assignment',
      happened: [chat, customer(10), assigned(40, 'a-1'), agent(40, 'a-1')],
      parts: [30, 0],
    },
    {
      rule: 'at the last of several assignments',
      happened: [chat, customer(10), assigned(15, 'a-1'), assigned(30, 'a-2'), agent(40, 'a-2')],
      parts: [20, 10],
    },
    {
      rule: 'at the one that made its owner so, where the same is told again',
      happened: [chat, customer(10), assigned(15, 'a-1'), assigned(30, 'a-1'), agent(40, 'a-1')],
      parts: [5, 25],
    },
    {
      rule: 'at that of the owner, whoever writes',
      happened: [chat, customer(10), assigned(15, 'a-1'), agent(40, 'a-2')],
      parts: [5, 25],
    },
    {
      rule: 'all of it is the queue’s where nobody owns it',
      happened: [chat, customer(10), agent(40, 'a-1')],
      parts: [30, 0],
    },
    {
      rule: 'and where nobody owns it any more',
      happened: [chat, customer(10), assigned(15, 'a-1'), released(20, 'a-1'), agent(40, 'a-1')],
      parts: [30, 0],
    },
    {
      rule: 'all of it is the agent’s where neither a queue nor an agent has it',
      happened: [ticket, customer(10), agent(40, 'a-1')],
      parts: [0, 30],
    },
    {
      rule: 'since the hand-off of a bot',
      happened: [
        opened(0, { handledBy: 'bot' }),
        bot(1),
        customer(5),
        [10, 'contact.handed_off'],
        queued(10, 'q'),
        assigned(30, 'a-1'),
        agent(35, 'a-1'),
      ],
      parts: [20, 5],
    },
    { rule: 'once it is given', happened: [chat, customer(10), assigned(25, 'a-1')], parts: [] },
  ])('$rule', ({ happened, parts }) => {
    const { values, credits } = told(happened)
    const [queueMs, agentMs] = [values['firstReplyQueuePart'], values['firstReplyAgentPart']]
    expect([...(queueMs ?? []), ...(agentMs ?? [])]).toEqual(parts)
    expect(credits['firstReplyQueuePart']).toEqual(credits['firstReplyTime'])
    expect(credits['firstReplyAgentPart']).toEqual(credits['firstReplyTime'])
  })

  test('a reply that is not the first has no parts', () => {
    const { values } = told([
      chat,
      ...[customer(10), assigned(25, 'a-1'), agent(40, 'a-1')],
      ...[customer(50), assigned(55, 'a-2'), agent(60, 'a-2'), resolved(70)],
    ])
    expect(values).toMatchObject({ replyTime: [30, 10], firstReplyQueuePart: [15] })
  })
})
