import { describe, expect, test } from 'vitest'
import type { EventData } from '../../events/event.ts'
import {
  agent,
  assigned,
  customer,
  opened,
  queued,
  released,
  told,
  type Happened,
} from './contact.test-support.ts'

const transferred = (second: number, data: EventData = {}): Happened => [
  second,
  'contact.transferred',
  data,
]
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
