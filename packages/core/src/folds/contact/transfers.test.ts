import { expect, test } from 'vitest'
import type { EventData } from '../../events/event.ts'
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

const transferred = (second: number, data: EventData = {}): Happened => [
  second,
  'contact.transferred',
  data,
]
const escalated = (second: number): Happened => [second, 'contact.escalated', { kind: 'technical' }]
const served: Happened[] = [
  opened(0, { queue: 'q' }),
  customer(1),
  assigned(2, 'a-1'),
  agent(3, 'a-1'),
]
const outbound: Happened[] = [opened(0, { direction: 'outbound' }), assigned(1, 'a-1')]

test.each<{
  rule: string
  happened: readonly Happened[]
  handled: readonly string[]
  passedOn: readonly string[]
}>([
  {
    rule: 'without one',
    happened: [...served, resolved(9)],
    handled: ['9 q/*', '9 q/a-1'],
    passedOn: [],
  },
  {
    rule: 'by a cold transfer, which ends the part',
    happened: [...served, transferred(9)],
    handled: ['9 q/*', '9 q/a-1'],
    passedOn: ['9 q/*', '9 q/a-1'],
  },
  {
    rule: 'by a warm one',
    happened: [...served, transferred(9, { mode: 'warm' })],
    handled: ['9 q/*', '9 q/a-1'],
    passedOn: ['9 q/*', '9 q/a-1'],
  },
  {
    rule: 'not by a consult',
    happened: [...served, transferred(8, { mode: 'consult' }), resolved(9)],
    handled: ['9 q/*', '9 q/a-1'],
    passedOn: [],
  },
  {
    rule: 'not by a conference',
    happened: [...served, transferred(8, { mode: 'conference' }), resolved(9)],
    handled: ['9 q/*', '9 q/a-1'],
    passedOn: [],
  },
  {
    rule: 'before the handling, once the next agent is done',
    happened: [
      opened(0),
      customer(1),
      transferred(3),
      assigned(4, 'a-2'),
      agent(5, 'a-2'),
      released(9, 'a-2'),
    ],
    handled: ['9 none/*', '9 none/a-2'],
    passedOn: ['9 none/*', '9 none/a-2'],
  },
  {
    rule: 'long after the handling: it counts where that did',
    happened: [
      ...served,
      resolved(9),
      [700, 'contact.reopened'],
      transferred(800),
      assigned(900, 'a-2'),
      resolved(950),
    ],
    handled: ['9 q/*', '9 q/a-1', '950 q/a-2'],
    passedOn: ['9 q/*', '9 q/a-1', '950 q/a-2'],
  },
  {
    rule: 'once, however often',
    happened: [...served, transferred(9), transferred(10)],
    handled: ['9 q/*', '9 q/a-1'],
    passedOn: ['9 q/*', '9 q/a-1'],
  },
  {
    rule: 'not by a bot that has it alone',
    happened: [
      opened(0, { handledBy: 'bot' }),
      transferred(2),
      queued(3, 'q'),
      assigned(4, 'a-1'),
      agent(5, 'a-1'),
      resolved(9),
    ],
    handled: ['9 q/*', '9 q/a-1'],
    passedOn: [],
  },
  {
    rule: 'not before the first message of a bot, which shows that it had it alone',
    happened: [
      opened(0),
      customer(1),
      transferred(2),
      bot(3),
      queued(4, 'q'),
      assigned(5, 'a-1'),
      agent(6, 'a-1'),
      resolved(9),
    ],
    handled: ['9 q/*', '9 q/a-1'],
    passedOn: [],
  },
  {
    rule: 'not before the customer of an outbound contact wrote',
    happened: [...outbound, agent(2, 'a-1'), transferred(3), customer(4), resolved(9)],
    handled: ['9 none/*', '9 none/a-1'],
    passedOn: [],
  },
  {
    rule: 'not when discarded',
    happened: [...served, transferred(9), [10, 'contact.discarded']],
    handled: [],
    passedOn: [],
  },
])('a handled contact is transferred: $rule', ({ happened, handled, passedOn }) => {
  expect([places(happened, 'contactHandled'), places(happened, 'handledTransferred')]).toEqual([
    handled,
    passedOn,
  ])
})

test.each<{ rule: string; happened: readonly Happened[]; is: readonly string[] }>([
  {
    rule: 'before its handling',
    happened: [...served, escalated(5), resolved(9)],
    is: ['9 q/*', '9 q/a-1'],
  },
  {
    rule: 'after it',
    happened: [...served, resolved(9), escalated(20), escalated(21)],
    is: ['9 q/*', '9 q/a-1'],
  },
  {
    rule: 'not before a human had it',
    happened: [
      opened(0, { handledBy: 'bot' }),
      escalated(2),
      assigned(4, 'a-1'),
      agent(5, 'a-1'),
      resolved(9),
    ],
    is: [],
  },
  {
    rule: 'not before its first bot message',
    happened: [opened(0), escalated(2), bot(3), assigned(4, 'a-1'), agent(5, 'a-1'), resolved(9)],
    is: [],
  },
  { rule: 'not by a transfer', happened: [...served, transferred(9)], is: [] },
])('a handled contact is escalated: $rule', ({ happened, is }) => {
  expect(places(happened, 'handledEscalated')).toEqual(is)
})

function places(happened: readonly Happened[], name: string): string[] {
  const { seconds, credits } = told(happened)
  return (seconds[name] ?? []).map((second, place) => `${second} ${credits[name]![place]}`)
}
