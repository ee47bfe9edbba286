import { describe, expect, test } from 'vitest'
import type { EventData } from '../../events/event.ts'
import {
  agent,
  assigned,
  customer,
  hourSeconds,
  opened,
  queued,
  released,
  resolved,
  told,
  type Happened,
} from './contact.test-support.ts'

const call: Happened = opened(0, { channel: 'voice', queue: 'q' })
const held = (second: number): Happened => [second, 'contact.held']
const retrieved = (second: number): Happened => [second, 'contact.retrieved']
const releasedWith = (second: number, data: EventData): Happened => [
  second,
  'contact.released',
  { agentId: 'a-1', ...data },
]
const wrappedUp = (second: number, data: EventData = {}): Happened => [
  second,
  'contact.wrapped_up',
  { agentId: 'a-1', ...data },
]

/** Each time with where it counts: `second: handle talk hold wrap-up queue/agent`; what there is none of is `-`. */
function parts(happened: readonly Happened[]): string[] {
  const { counted } = told(happened)
  const at = new Map<string, string[]>()
  for (const { measure, atMs, value, dimensions } of counted.toSorted((a, b) => a.atMs - b.atMs)) {
    const place = ['handleTime', 'talkTime', 'holdTime', 'wrapUpTime'].indexOf(measure.name)
    if (place < 0) continue
    const key = `${(atMs - Date.UTC(2026, 2, 2, 9)) / 1_000} ${String(dimensions.queue)}/${dimensions.agent}`
    const times = at.getOrInsertComputed(key, () => ['-', '-', '-', '-'])
    times[place] = String(value / 1_000)
  }
  return [...at].map(([key, times]) => `${key}: ${times.join(' ')}`)
}

describe('a call', () => {
  test.each<{ rule: string; then: readonly Happened[]; is: readonly string[] }>([
    {
      rule: 'takes its agent from the assignment to the release',
      then: [released(60, 'a-1')],
      is: ['60 q/a-1: 50 50 - -'],
    },
    { rule: 'takes nobody’s time while it goes on', then: [], is: [] },
    {
      rule: 'ends with its connection',
      then: [[60, 'contact.ended']],
      is: ['60 q/a-1: 50 50 - -'],
    },
    {
      rule: 'counts after-contact work where the part ended, however late that is told',
      then: [released(60, 'a-1'), wrappedUp(90)],
      is: ['60 q/a-1: 80 50 - 30'],
    },
    {
      rule: 'has no after-contact work that nobody tells the end of',
      then: [released(60, 'a-1'), resolved(5_000)],
      is: ['60 q/a-1: 50 50 - -'],
    },
    {
      rule: 'has the whole of after-contact work that is told',
      then: [released(60, 'a-1'), wrappedUp(60 + 900)],
      is: ['60 q/a-1: 950 50 - 900'],
    },
    {
      rule: 'takes the told length of after-contact work',
      then: [released(60, 'a-1'), wrappedUp(90, { wrapUpMs: 12_000 })],
      is: ['60 q/a-1: 62 50 - 12'],
    },
    {
      rule: 'takes the last word on it',
      then: [released(60, 'a-1'), wrappedUp(90), wrappedUp(95, { wrapUpMs: 5_000 })],
      is: ['60 q/a-1: 55 50 - 5'],
    },
    {
      rule: 'may have taken no after-contact work, as told',
      then: [released(60, 'a-1'), wrappedUp(60)],
      is: ['60 q/a-1: 50 50 - 0'],
    },
    {
      rule: 'is held from held to retrieved',
      then: [held(20), retrieved(25), released(60, 'a-1')],
      is: ['60 q/a-1: 50 45 5 -'],
    },
    {
      rule: 'is held until its end',
      then: [held(20), held(22), released(60, 'a-1')],
      is: ['60 q/a-1: 50 10 40 -'],
    },
    {
      rule: 'is held several times',
      then: [held(20), retrieved(25), held(30), retrieved(32), released(60, 'a-1')],
      is: ['60 q/a-1: 50 43 7 -'],
    },
    {
      rule: 'is not held by nobody',
      then: [released(60, 'a-1'), held(70), retrieved(80)],
      is: ['60 q/a-1: 50 50 - -'],
    },
    {
      rule: 'was not held for no time',
      then: [held(20), retrieved(20), released(60, 'a-1')],
      is: ['60 q/a-1: 50 50 - -'],
    },
    {
      rule: 'takes the totals that the release tells',
      then: [held(20), releasedWith(60, { talkMs: 30_000, holdMs: 9_000 })],
      is: ['60 q/a-1: 39 30 9 -'],
    },
    {
      rule: 'is held as long as told, and talked the rest',
      then: [releasedWith(60, { holdMs: 9_000 })],
      is: ['60 q/a-1: 50 41 9 -'],
    },
    {
      rule: 'never talked less than nothing',
      then: [releasedWith(60, { holdMs: 90_000 })],
      is: ['60 q/a-1: 90 0 90 -'],
    },
    {
      rule: 'is not held where the totals say so',
      then: [held(20), releasedWith(60, { holdMs: 0 })],
      is: ['60 q/a-1: 50 50 - -'],
    },
    {
      rule: 'takes totals that are told after the next agent has it',
      then: [assigned(30, 'a-2'), releasedWith(35, { talkMs: 15_000 }), released(60, 'a-2')],
      is: ['30 q/a-1: 15 15 - -', '60 q/a-2: 30 30 - -'],
    },
    {
      rule: 'is one part for each agent, in the queue from which the agent had it',
      then: [
        [20, 'contact.transferred', {}],
        queued(20, 'r'),
        released(21, 'a-1'),
        assigned(30, 'a-2'),
        released(60, 'a-2'),
      ],
      is: ['20 q/a-1: 10 10 - -', '60 r/a-2: 30 30 - -'],
    },
    {
      rule: 'is the same part when the agent has it again: it counts at the new end',
      then: [
        released(20, 'a-1'),
        wrappedUp(25),
        assigned(30, 'a-2'),
        held(40),
        assigned(50, 'a-1', 'r'),
        released(60, 'a-1'),
      ],
      is: ['50 q/a-2: 20 10 10 -', '60 r/a-1: 25 20 - 5'],
    },
    {
      rule: 'keeps what it took before while the agent has it again',
      then: [released(20, 'a-1'), assigned(30, 'a-1'), wrappedUp(35, { wrapUpMs: 9_000 })],
      is: ['20 q/a-1: 10 10 - -'],
    },
    {
      rule: 'counts nowhere once it is discarded',
      then: [released(60, 'a-1'), [70, 'contact.discarded']],
      is: [],
    },
  ])('$rule', ({ then, is }) => {
    expect(parts([call, assigned(10, 'a-1'), ...then])).toEqual(is)
  })

  test('that is outbound takes time, too', () => {
    expect(
      parts([
        opened(0, { channel: 'voice', direction: 'outbound' }),
        assigned(10, 'a-1'),
        released(60, 'a-1'),
      ]),
    ).toEqual(['60 none/a-1: 50 50 - -'])
  })
})

describe('a chat', () => {
  test.each<{ rule: string; then: readonly Happened[]; is: readonly string[] }>([
    {
      rule: 'takes its owner until it is resolved',
      then: [agent(20, 'a-1'), resolved(60)],
      is: ['60 q/a-1: 50 - - -'],
    },
    {
      rule: 'takes time although nobody answers',
      then: [assigned(60, 'a-2')],
      is: ['60 q/a-1: 50 - - -'],
    },
    {
      rule: 'takes no more than ten minutes without a public message',
      then: [customer(100), released(hourSeconds, 'a-1')],
      is: [`${hourSeconds} q/a-1: 690 - - -`],
    },
    {
      rule: 'is not held, and has no talk time',
      then: [held(20), retrieved(30), releasedWith(60, { talkMs: 1, holdMs: 1 })],
      is: ['60 q/a-1: 50 - - -'],
    },
    {
      rule: 'has after-contact work',
      then: [released(60, 'a-1'), wrappedUp(90)],
      is: ['60 q/a-1: 80 - - 30'],
    },
    {
      rule: 'goes on when it is reopened, and counts at its new end',
      then: [resolved(60), [5_000, 'contact.reopened'], resolved(5_007)],
      is: ['5007 q/a-1: 57 - - -'],
    },
  ])('$rule', ({ then, is }) => {
    expect(parts([opened(0, { queue: 'q' }), assigned(10, 'a-1'), ...then])).toEqual(is)
  })

  test('that nobody had assigned takes no time that is known', () => {
    expect(parts([opened(0), customer(1), agent(20, 'a-1'), resolved(60)])).toEqual([])
  })
})

describe('a deferred contact', () => {
  const work = (second: number, agentId: string, what: 'started' | 'ended'): Happened => [
    second,
    `contact.work_${what}`,
    { agentId },
  ]
  const ticket = [opened(0, { channel: 'ticket', queue: 'q' }), assigned(10, 'a-1')]

  test('takes the work of each agent, wherever that is, together at the last end', () => {
    const worked = [
      work(20, 'a-1', 'started'),
      work(50, 'a-1', 'ended'),
      work(60, 'a-2', 'started'),
      work(65, 'a-2', 'ended'),
    ]
    expect(parts([...ticket, ...worked])).toEqual(['50 q/a-1: 30 - - -', '65 q/a-2: 5 - - -'])
    const more = [resolved(70), work(80, 'a-1', 'started'), work(90, 'a-1', 'ended')]
    expect(parts([...ticket, ...worked, ...more])).toEqual([
      '65 q/a-2: 5 - - -',
      '90 q/a-1: 40 - - -',
    ])
  })

  test.each<{ rule: string; then: readonly Happened[] }>([
    {
      rule: 'without work events',
      then: [agent(20, 'a-1'), released(60, 'a-1'), wrappedUp(90, { wrapUpMs: 1 })],
    },
    { rule: 'while the work goes on', then: [work(20, 'a-1', 'started'), resolved(60)] },
    { rule: 'where work ended that never began', then: [work(20, 'a-1', 'ended')] },
  ])('takes no time that is known $rule', ({ then }) => {
    expect(parts([...ticket, ...then])).toEqual([])
  })
})
