import { describe, expect, test } from 'vitest'
import type { EventData } from '../../events/event.ts'
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

const call: readonly Happened[] = [opened(0, { channel: 'voice', queue: 'q' }), assigned(10, 'a-1')]
const held = (second: number): Happened => [second, 'contact.held']
const retrieved = (second: number): Happened => [second, 'contact.retrieved']
const ended = (second: number, by?: EventData['by']): Happened => [second, 'contact.ended', { by }]
const releasedWith = (second: number, data: EventData): Happened => [
  second,
  'contact.released',
  { agentId: 'a-1', ...data },
]

/** `measure@second queue/agent value`, of the measures named. */
function counted(happened: readonly Happened[], ...names: readonly string[]): string[] {
  return told(happened)
    .counted.filter(({ measure }) => measure.family === 5 && names.includes(measure.name))
    .map(({ measure: { name }, atMs, value, dimensions }) => {
      const second = (atMs - startMs) / 1_000
      return `${name}@${second} ${String(dimensions.queue)}/${dimensions.agent} ${value}`
    })
}

describe('holds', () => {
  test.each<[rule: string, then: readonly Happened[], counts: readonly string[]]>([
    ['of a call that was never held are none', [released(60, 'a-1')], []],
    [
      'are as many as it was held',
      [held(20), retrieved(25), held(30), retrieved(35), released(60, 'a-1')],
      ['heldPart@60 q/a-1 1', 'hold@60 q/a-1 2'],
    ],
    [
      'are one where it is said again while it lasts',
      [held(20), held(22), retrieved(25), released(60, 'a-1')],
      ['heldPart@60 q/a-1 1', 'hold@60 q/a-1 1'],
    ],
    [
      'of no length are holds',
      [held(20), retrieved(20), released(60, 'a-1')],
      ['heldPart@60 q/a-1 1', 'hold@60 q/a-1 1'],
    ],
    [
      'that a release tells win',
      [held(20), retrieved(25), releasedWith(60, { holds: 3 })],
      ['heldPart@60 q/a-1 1', 'hold@60 q/a-1 3'],
    ],
    [
      'that a release tells as none are none, whatever the instants say',
      [held(20), retrieved(25), releasedWith(60, { holds: 0 })],
      [],
    ],
    [
      'told by their time alone are one',
      [releasedWith(60, { holdMs: 9_000 })],
      ['heldPart@60 q/a-1 1', 'hold@60 q/a-1 1'],
    ],
    ['told as no time are none', [releasedWith(60, { holdMs: 0 })], []],
    [
      'of an agent who has the call again add up, at the last end',
      [held(20), retrieved(25), assigned(30, 'a-2'), assigned(40, 'a-1'), held(50), ended(60)],
      ['heldPart@60 q/a-1 1', 'hold@60 q/a-1 2'],
    ],
    [
      'are of the agent who has the call then',
      [assigned(30, 'a-2'), held(40), retrieved(45), ended(60)],
      ['heldPart@60 q/a-2 1', 'hold@60 q/a-2 1'],
    ],
    ['are not of a call that goes on', [held(20)], []],
    ['are none while nobody has the call', [released(15, 'a-1'), held(20), ended(60)], []],
  ])('%s', (_rule, then, counts) => {
    expect(counted([...call, ...then], 'heldPart', 'hold')).toEqual(counts)
  })

  test('are of calls alone', () => {
    const chat = [opened(0, { queue: 'q' }), assigned(10, 'a-1'), held(20), ended(60)]
    expect(counted(chat, 'heldPart', 'hold', 'holdAbandon')).toEqual([])
  })
})

describe('a call is abandoned on hold', () => {
  const once = ['holdAbandon@60 q/a-1 1']
  test.each<[rule: string, then: readonly Happened[], counts: readonly string[]]>([
    ['where the customer ends it', [held(20), ended(60, 'customer')], once],
    ['where nobody says who ends it', [held(20), ended(60)], once],
    ['where the customer leaves', [held(20), [60, 'contact.abandoned']], once],
    ['not where the agent ends it', [held(20), ended(60, 'agent')], []],
    ['not where the system ends it', [held(20), ended(60, 'system')], []],
    ['not where the agent had taken it back', [held(20), retrieved(60), ended(60, 'customer')], []],
    ['not where the agent released it', [held(20), released(60, 'a-1')], []],
    [
      'where the release is told up to two seconds before the end',
      [held(20), released(60, 'a-1'), ended(62, 'customer')],
      once,
    ],
    [
      'not where the release was before that',
      [held(20), released(60, 'a-1'), ended(62.001, 'customer')],
      [],
    ],
    [
      'not where another agent had it since',
      [held(20), released(60, 'a-1'), assigned(60, 'a-2'), ended(61, 'customer')],
      [],
    ],
  ])('%s', (_rule, then, counts) => {
    expect(counted([...call, ...then], 'holdAbandon')).toEqual(counts)
  })
})

describe('who hung up', () => {
  const by = (who: EventData['by']): Happened[] => [...call, ended(60, who)]
  const agentFirst = ['hungUp@60 q/a-1 1', 'hungUpByAgent@60 q/a-1 1']
  test.each<[rule: string, happened: readonly Happened[], counts: readonly string[]]>([
    ['the agent', by('agent'), agentFirst],
    ['the customer', by('customer'), ['hungUp@60 q/a-1 1']],
    ['the system is neither', by('system'), []],
    ['nobody says, and it is neither', by(undefined), []],
    [
      'of a call that was answered alone',
      [opened(0, { channel: 'voice', queue: 'q' }), ended(9, 'customer')],
      [],
    ],
    [
      'credited to the last agent on it, where that was released before',
      [...call, released(60, 'a-1'), ended(60, 'agent')],
      agentFirst,
    ],
    [
      'to the queue then',
      [...call, queued(20, 'tech'), ended(60, 'customer')],
      ['hungUp@60 tech/a-1 1'],
    ],
    [
      'by the first end that says so',
      [...call, ended(30), ended(60, 'agent'), ended(61, 'customer')],
      agentFirst,
    ],
    [
      'not of a chat',
      [opened(0), customer(1), assigned(2, 'a-1'), agent(3, 'a-1'), ended(60, 'agent')],
      [],
    ],
    [
      'not of an outbound call',
      [
        opened(0, { channel: 'voice', direction: 'outbound' }),
        assigned(1, 'a-1'),
        ended(9, 'agent'),
      ],
      [],
    ],
    ['not of a call that is discarded', [...by('agent'), [70, 'contact.discarded']], []],
  ])('%s', (_rule, happened, counts) => {
    expect(counted(happened, 'hungUp', 'hungUpByAgent')).toEqual(counts)
  })
})
