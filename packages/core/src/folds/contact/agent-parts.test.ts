import { expect, test } from 'vitest'
import { dayMs } from '../../time/time.ts'
import {
  agent,
  assigned,
  customer,
  opened,
  queued,
  released,
  startMs,
  told,
  type Happened,
} from './contact.test-support.ts'

const midnightMs = (Math.floor(startMs / dayMs) + 1) * dayMs
/** The second of midnight. */
const midnight = (midnightMs - startMs) / 1_000
const second = (atMs: number): number => (atMs - startMs) / 1_000

const call = (atSecond: number, queue?: string): Happened =>
  opened(atSecond, { channel: 'voice', ...(queue !== undefined && { queue }) })

/** Of each agent and day what its part is, spans as `from-to queue`; those of a stay that goes on have a `…`. */
function partsOf(happened: readonly Happened[], untilSecond: number): object {
  return Object.fromEntries(
    told(happened, { untilSecond }).outputs.flatMap((output) => {
      if (output.kind !== 'engagement') return []
      const { spans, ended, continues } = output.engagement
      const said = spans.map(({ startMs: from, endMs, queue = '-', runs }) =>
        runs === true ? `${second(from)}… ${queue}` : `${second(from)}-${second(endMs!)} ${queue}`,
      )
      if (ended !== undefined)
        said.push(`ended ${second(ended.atMs)} ${String(ended.credit.queue)} ${ended.credit.agent}`)
      if (continues === true) said.push('continues')
      const day = output.utcDay - midnightMs / dayMs
      return [[`${output.agentId} ${day}`, said]]
    }),
  )
}

test.each<{ rule: string; happened: readonly Happened[]; until?: number; told: object }>([
  {
    rule: 'a call that goes on is in the queue of its assignment',
    happened: [call(0, 'a'), assigned(10, 'a-1')],
    told: { 'a-1 -1': ['10… a'] },
  },
  {
    rule: 'one that has ended says where, as its handle time does',
    happened: [call(0, 'a'), assigned(10, 'a-1'), released(30, 'a-1')],
    told: { 'a-1 -1': ['10-30 a', 'ended 30 a a-1'] },
  },
  {
    rule: 'a contact without a queue is in none',
    happened: [call(0), assigned(10, 'a-1'), released(30, 'a-1')],
    told: { 'a-1 -1': ['10-30 -', 'ended 30 none a-1'] },
  },
  {
    rule: 'a queue that is told just after the assignment is that of the assignment',
    happened: [call(0), assigned(10, 'a-1'), queued(11, 'a'), released(30, 'a-1')],
    told: { 'a-1 -1': ['10-30 a', 'ended 30 a a-1'] },
  },
  {
    rule: 'another agent takes it from another queue',
    happened: [
      call(0, 'a'),
      assigned(10, 'a-1'),
      queued(30, 'b'),
      assigned(40, 'a-2'),
      released(60, 'a-2'),
    ],
    told: {
      'a-1 -1': ['10-40 a', 'ended 40 a a-1'],
      'a-2 -1': ['40-60 b', 'ended 60 b a-2'],
    },
  },
  {
    rule: 'who has it again from another queue has had it in both, and what goes on does not count yet',
    happened: [
      call(0, 'a'),
      assigned(10, 'a-1'),
      released(30, 'a-1'),
      queued(35, 'b'),
      assigned(40, 'a-1'),
    ],
    told: { 'a-1 -1': ['10-30 a', '40… b', 'ended 30 a a-1'] },
  },
  {
    rule: 'once that has ended all of it counts there',
    happened: [
      call(0, 'a'),
      assigned(10, 'a-1'),
      released(30, 'a-1'),
      queued(35, 'b'),
      assigned(40, 'a-1'),
      released(60, 'a-1'),
    ],
    told: { 'a-1 -1': ['10-30 a', '40-60 b', 'ended 60 b a-1'] },
  },
  {
    rule: 'after-contact work up to where the agent has the contact again is of the stay before',
    happened: [
      call(0, 'a'),
      assigned(10, 'a-1'),
      released(30, 'a-1'),
      [40, 'contact.wrapped_up', { agentId: 'a-1' }],
      queued(40, 'b'),
      assigned(40, 'a-1'),
      released(60, 'a-1'),
    ],
    told: { 'a-1 -1': ['10-40 a', '40-60 b', 'ended 60 b a-1'] },
  },
  {
    rule: 'a part over midnight is told by the day of its end, to which the day before hands on',
    happened: [
      call(midnight - 60, 'a'),
      assigned(midnight - 30, 'a-1'),
      released(midnight + 30, 'a-1'),
    ],
    until: midnight + 60,
    told: {
      'a-1 -1': [`${midnight - 30}-${midnight} a`, 'continues'],
      'a-1 0': [`${midnight}-${midnight + 30} a`, `ended ${midnight + 30} a a-1`],
    },
  },
  {
    rule: 'one that goes on over midnight hands nothing on',
    happened: [call(midnight - 60, 'a'), assigned(midnight - 30, 'a-1')],
    until: midnight + 60,
    told: { 'a-1 -1': [`${midnight - 30}… a`], 'a-1 0': [`${midnight}… a`] },
  },
  {
    rule: 'after-contact work after midnight is told where it lies, with the end before it',
    happened: [
      call(midnight - 60, 'a'),
      assigned(midnight - 30, 'a-1'),
      released(midnight - 10, 'a-1'),
      [midnight + 20, 'contact.wrapped_up', { agentId: 'a-1' }],
    ],
    until: midnight + 60,
    told: {
      'a-1 -1': [`${midnight - 30}-${midnight} a`, 'continues'],
      'a-1 0': [`${midnight}-${midnight + 20} a`, `ended ${midnight - 10} a a-1`],
    },
  },
  {
    rule: 'a chat that ends after midnight without a word is told on the day of its end',
    happened: [
      opened(midnight - 3_600, { queue: 'a' }),
      assigned(midnight - 3_600, 'a-1'),
      agent(midnight - 3_600, 'a-1'),
      [midnight + 20, 'contact.ended', { by: 'customer' }],
    ],
    until: midnight + 60,
    told: {
      'a-1 -1': [`${midnight - 3_600}-${midnight - 3_000} a`, 'continues'],
      'a-1 0': [`ended ${midnight + 20} a a-1`],
    },
  },
  {
    rule: 'a discarded contact took its time all the same',
    happened: [call(0, 'a'), assigned(10, 'a-1'), released(30, 'a-1'), [40, 'contact.discarded']],
    told: { 'a-1 -1': ['10-30 a', 'ended 30 a a-1'] },
  },
])('$rule', ({ happened, until = 3_600, told: expected }) => {
  expect(partsOf(happened, until)).toEqual(expected)
})

/** Agents whose days had a handled contact, and where. */
const handledIn = (happened: readonly Happened[]): readonly string[] =>
  told(happened, { untilSecond: 3_600 }).outputs.flatMap((output) =>
    output.kind === 'handled'
      ? [`${output.agentId} ${second(output.handled.atMs)} ${String(output.handled.credit.queue)}`]
      : [],
  )

const chat: readonly Happened[] = [opened(0, { queue: 'a' }), customer(1), assigned(2, 'a-1')]
const answered: readonly Happened[] = [...chat, agent(3, 'a-1')]

test.each<{ rule: string; happened: readonly Happened[]; handled: readonly string[] }>([
  { rule: 'what goes on is not handled yet', happened: answered, handled: [] },
  {
    rule: 'the first end of a part counts for its agent',
    happened: [...answered, released(9, 'a-1'), assigned(10, 'a-1'), released(20, 'a-1')],
    handled: ['a-1 9 a'],
  },
  {
    rule: 'each agent has handled it',
    happened: [...answered, assigned(9, 'a-2'), released(20, 'a-2')],
    handled: ['a-1 9 a', 'a-2 20 a'],
  },
  {
    rule: 'what nobody answered is not handled',
    happened: [...chat, released(9, 'a-1')],
    handled: [],
  },
  {
    rule: 'what was discarded is not handled',
    happened: [...answered, released(9, 'a-1'), [10, 'contact.discarded']],
    handled: [],
  },
  {
    rule: 'nobody has no days',
    happened: [opened(0, { queue: 'a' }), [9, 'contact.resolved']],
    handled: [],
  },
])('handled: $rule', ({ happened, handled }) => {
  expect(handledIn(happened)).toEqual(handled)
})
