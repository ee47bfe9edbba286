import { expect, test } from 'vitest'
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

const call: Happened = opened(0, { channel: 'voice' })
const transferred: Happened = [9, 'contact.transferred', {}]

test.each<{ rule: string; happened: readonly Happened[]; seconds?: number[]; credits?: string[] }>([
  {
    rule: 'a call at its assignment',
    happened: [call, assigned(5, 'a-1', 'q')],
    seconds: [5],
    credits: ['q/a-1'],
  },
  {
    rule: 'a call once',
    happened: [call, assigned(5, 'a-1'), assigned(9, 'a-2')],
    seconds: [5],
    credits: ['none/a-1'],
  },
  {
    rule: 'a call from the queue that is told just after',
    happened: [call, assigned(5, 'a-1'), assigned(5.5, 'a-1'), queued(6, 'q')],
    seconds: [5],
    credits: ['q/a-1'],
  },
  {
    rule: 'not from one that is told after a second assignment with something between',
    happened: [
      call,
      assigned(5, 'a-1'),
      [6, 'contact.updated', {}],
      assigned(7, 'a-1'),
      queued(8, 'q'),
      released(9, 'a-1'),
    ],
    seconds: [5],
    credits: ['none/a-1'],
  },
  {
    rule: 'the queue of the next agent is not that of the answer',
    happened: [call, assigned(5, 'a-1'), assigned(8, 'a-2'), queued(9, 'q')],
    seconds: [5],
    credits: ['none/a-1'],
  },
  {
    rule: 'a chat at the first public message of a human, credited to the writer',
    happened: [
      opened(0, { queue: 'q' }),
      customer(1),
      assigned(2, 'a-1'),
      bot(3),
      agent(4, 'a-2', { visibility: 'private' }),
      agent(7, 'a-2'),
    ],
    seconds: [7],
    credits: ['q/a-2'],
  },
  {
    rule: 'without any message at the assignment, once that part has ended',
    happened: [opened(0), queued(1, 'q'), assigned(3, 'a-1'), queued(5, 'r'), resolved(9)],
    seconds: [3],
    credits: ['q/a-1'],
  },
  {
    rule: 'without a message nobody has answered while the part goes on',
    happened: [opened(0), assigned(3, 'a-1')],
  },
  {
    rule: 'without anybody by the resolution',
    happened: [opened(0, { queue: 'q' }), resolved(9)],
    seconds: [9],
    credits: ['q/none'],
  },
  { rule: 'not by a release without an assignment', happened: [opened(0), released(9, 'a-1')] },
  {
    rule: 'not by a bot that resolves alone',
    happened: [opened(0, { handledBy: 'bot' }), bot(1), resolved(9)],
  },
  {
    rule: 'not by a resolution before the first message of a bot',
    happened: [opened(0), resolved(4), bot(9)],
  },
  {
    rule: 'an outbound contact by what a human says after its customer wrote',
    happened: [opened(0, { direction: 'outbound' }), agent(1, 'a-1'), customer(5), agent(8, 'a-1')],
    seconds: [8],
    credits: ['none/a-1'],
  },
  {
    rule: 'an outbound contact whose customer says nothing not at all',
    happened: [opened(0, { direction: 'outbound' }), agent(1, 'a-1')],
  },
  {
    rule: 'not a discarded contact',
    happened: [call, assigned(5, 'a-1'), transferred, [20, 'contact.discarded', {}]],
  },
])('is answered: $rule', ({ happened, seconds, credits }) => {
  const { seconds: at, credits: of } = told(happened)
  expect([at['contactAnswered'], of['contactAnswered']]).toEqual([seconds, credits])
})

test('a queue that is told after a second assignment, with something between, is not that of the part', () => {
  const { credits } = told([
    call,
    assigned(5, 'a-1'),
    [6, 'contact.updated', {}],
    assigned(7, 'a-1'),
    queued(8, 'q'),
    released(9, 'a-1'),
  ])
  expect(credits['contactHandled']).toEqual(['none/*', 'none/a-1'])
})
