import { expect, test } from 'vitest'
import {
  agent,
  assigned,
  bot,
  hourSeconds,
  opened,
  customer,
  told,
  type Happened,
} from './contact.test-support.ts'

const chat = opened(0, { queue: 'sales' })
const escalated = (second: number, data: { kind?: string; byAgentId?: string } = {}): Happened => [
  second,
  'contact.escalated',
  data,
]

/** `measure value@second queue/agent` of every reaction. */
function reactions(happened: readonly Happened[]): string[] {
  const { values, seconds, credits } = told(happened, { untilSecond: 24 * hourSeconds })
  return ['managerReaction', 'managerReactionConflict', 'managerReactionTechnical'].flatMap(
    (name) =>
      (values[name] ?? []).map(
        (value, n) =>
          `${name.slice('managerReaction'.length) || 'all'} ${value}@${seconds[name]![n]} ${credits[name]![n]}`,
      ),
  )
}

test.each<[rule: string, happened: readonly Happened[], reacted: readonly string[]]>([
  [
    'another agent that is assigned',
    [chat, assigned(5, 'a-1'), escalated(10), assigned(70, 'm-1')],
    ['all 60@70 sales/m-1'],
  ],
  [
    'another agent that writes to the customer',
    [chat, assigned(5, 'a-1'), escalated(10), agent(40, 'm-1')],
    ['all 30@40 sales/m-1'],
  ],
  [
    'the first of them alone',
    [chat, assigned(5, 'a-1'), escalated(10), agent(40, 'm-1'), assigned(70, 'm-2')],
    ['all 30@40 sales/m-1'],
  ],
  [
    'not who held it',
    [chat, assigned(5, 'a-1'), escalated(10), agent(20, 'a-1'), assigned(30, 'a-1')],
    [],
  ],
  [
    'not a private message, an automatic one or that of a bot',
    [
      ...[chat, assigned(5, 'a-1'), escalated(10), agent(20, 'm-1', { visibility: 'private' })],
      ...[agent(21, 'm-1', { automatic: true }), bot(22)],
    ],
    [],
  ],
  ['not a message of nobody known', [chat, escalated(10, { byAgentId: 'a-1' }), agent(20)], []],
  [
    'without an owner it was held by who escalated it',
    [chat, escalated(10, { byAgentId: 'a-1' }), agent(20, 'a-1'), agent(30, 'a-2')],
    ['all 20@30 sales/a-2'],
  ],
  [
    'else by the last human who wrote',
    [chat, agent(5, 'a-1'), escalated(10), agent(20, 'a-1'), agent(30, 'a-2')],
    ['all 20@30 sales/a-2'],
  ],
  [
    'else by nobody, so that any agent reacts',
    [chat, escalated(10), agent(20, 'a-1')],
    ['all 10@20 sales/a-1'],
  ],
  [
    'in the queue then',
    [chat, assigned(5, 'a-1'), escalated(10), assigned(70, 'm-1', 'complaints')],
    ['all 60@70 complaints/m-1'],
  ],
  [
    'each escalation of its own kind',
    [
      ...[chat, assigned(5, 'a-1'), escalated(10, { kind: 'conflict' })],
      ...[escalated(20, { kind: 'technical' }), escalated(30, { kind: 'other' })],
      assigned(70, 'm-1'),
    ],
    [
      ...['all 60@70 sales/m-1', 'all 50@70 sales/m-1', 'all 40@70 sales/m-1'],
      ...['Conflict 60@70 sales/m-1', 'Technical 50@70 sales/m-1'],
    ],
  ],
  [
    'who held it at its own escalation',
    [
      ...[chat, assigned(5, 'a-1'), escalated(10), assigned(20, 'm-1'), escalated(30)],
      ...[agent(40, 'm-1'), assigned(50, 'a-1')],
    ],
    ['all 10@20 sales/m-1', 'all 20@50 sales/a-1'],
  ],
  [
    'none while a bot alone has it',
    [opened(0, { handledBy: 'bot' }), escalated(10), assigned(20, 'm-1')],
    [],
  ],
  [
    'none that a bot turns out to have had',
    [opened(0), escalated(10), bot(15), assigned(20, 'm-1')],
    [],
  ],
  [
    'none of an outbound contact before its customer writes',
    [
      ...[opened(0, { direction: 'outbound' }), assigned(5, 'a-1'), escalated(10)],
      ...[assigned(20, 'm-1'), customer(30), escalated(40), assigned(55, 'a-1')],
    ],
    ['all 15@55 none/a-1'],
  ],
])('a reaction to an escalation is of: %s', (_rule, happened, reacted) => {
  expect(reactions(happened)).toEqual(reacted)
})
