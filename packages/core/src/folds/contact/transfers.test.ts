import { describe, expect, test } from 'vitest'
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

const abandoned: Happened = [300, 'contact.abandoned']
const ended = (by: EventData['by']): Happened => [300, 'contact.ended', { by }]

/** Where these count: `measure@second queue/agent value`. */
function counted(happened: readonly Happened[], ...names: readonly string[]): string[] {
  return told(happened)
    .counted.filter(({ measure }) => names.includes(measure.name))
    .map(({ measure, atMs, value, dimensions: { queue, agent: who } }) => {
      const second = (atMs - Date.UTC(2026, 2, 2, 9)) / 1_000
      return `${measure.name}@${second} ${String(queue)}/${who} ${value}`
    })
}

describe('a transfer ends the part of the agent', () => {
  const call = [opened(0, { channel: 'voice', queue: 'q' }), assigned(10, 'a-1')]
  const part = ['handleTime@60 q/a-1 50000']
  test.each<[rule: string, then: readonly Happened[], is: readonly string[]]>([
    ['a cold one', [transferred(60), queued(61, 'r')], part],
    ['a warm one', [transferred(60, { mode: 'warm' }), queued(61, 'r')], part],
    ['of whom it says that it comes from', [transferred(60, { fromAgentId: 'a-1' })], part],
    ['once, also where the release is told', [transferred(60), released(61, 'a-1')], part],
    ['with its after-contact work', [transferred(60), [90, 'contact.wrapped_up', { agentId: 'a-1' }]], ['handleTime@60 q/a-1 80000']], // prettier-ignore
    ['not where it only consults', [transferred(60, { mode: 'consult' })], []],
    ['not of the next one, who has it by then', [assigned(60, 'a-2'), transferred(61, { fromAgentId: 'a-1' })], part], // prettier-ignore
  ])('%s', (_rule, then, is) => {
    expect(counted([...call, ...then], 'handleTime')).toEqual(is)
  })

  test('of a chat: nobody has it until the next one does, and what is missed is nobody’s', () => {
    const chat = [opened(0, { queue: 'q' }), assigned(1, 'a-1'), customer(2), agent(3, 'a-1')]
    const passedOn = [transferred(10), queued(10, 'r'), customer(20), assigned(200, 'a-2')]
    expect(counted([...chat, ...passedOn], 'replyMissed')).toEqual(['replyMissed@50 r/none 1'])
  })
})

describe('a call that was passed on to a queue', () => {
  const waiting = [
    opened(0, { channel: 'voice', queue: 'q' }),
    assigned(10, 'a-1'),
    transferred(60),
    released(60, 'a-1'),
    queued(60, 'r'),
  ]
  const named = (happened: readonly Happened[]): string[] =>
    counted(happened, 'contactResolved', 'fcrDue', 'hungUp').sort()
  test.each<[rule: string, then: readonly Happened[]]>([
    ['where the caller gives up', [abandoned]],
    ['where the caller hangs up', [ended('customer')]],
    ['where it ends in voicemail', [[200, 'contact.dequeued', { reason: 'voicemail' }], ended('customer')]], // prettier-ignore
  ])('is not resolved by the agent before: %s', (_rule, then) => {
    expect(named([...waiting, ...then])).toEqual([])
  })

  test('is resolved by the next one', () => {
    expect(named([...waiting, assigned(100, 'a-2'), ended('customer')])).toEqual([
      'contactResolved@300 r/a-2 1',
      'fcrDue@300 r/a-2 1',
      'hungUp@300 r/a-2 1',
    ])
  })
})
