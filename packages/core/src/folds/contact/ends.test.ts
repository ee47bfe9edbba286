import { describe, expect, test } from 'vitest'
import {
  agent,
  assigned,
  bot,
  customer,
  hourSeconds,
  opened,
  queued,
  released,
  resolved,
  startMs,
  told,
  type Happened,
} from './contact.test-support.ts'

const call = opened(0, { channel: 'voice', queue: 'sales' })
const then = (second: number, type: Happened[1], data: Happened[2] = {}): Happened => [
  second,
  type,
  data,
]

/** `stations@second queue/agent`, with the time in queues where there is one; `null`: it does not count. */
function endOf(happened: readonly Happened[]): string | null {
  const { counted } = told(happened, { untilSecond: hourSeconds })
  const of = (name: string) => counted.find(({ measure }) => measure.name === name)
  const [end, stations] = [of('contactEnded'), of('stationOfEnded')]
  if (end === undefined) return null
  const { queue, agent: who } = end.dimensions
  const wait = of('totalQueueWait')
  const waited = wait === undefined ? '' : ` ${wait.value / 1_000}s`
  return `${stations?.value ?? 0}@${(end.atMs - startMs) / 1_000} ${String(queue)}/${who}${waited}`
}

describe('the end of a contact', () => {
  test.each<[rule: string, happened: readonly Happened[], end: string | null]>([
    ['is not there while it is open', [call, assigned(5, 'a-1')], null],
    [
      'of a call is its last release',
      [call, assigned(5, 'a-1'), released(9, 'a-1')],
      '2@9 sales/a-1 5s',
    ],
    [
      'is not a release after which the call goes on: all its stays in queues together, each queue and agent once',
      [
        ...[call, assigned(5, 'a-1'), released(9, 'a-1'), queued(10, 'tech')],
        ...[assigned(17, 'a-2'), queued(20, 'sales'), assigned(23, 'a-1'), released(30, 'a-1')],
      ],
      '4@30 sales/a-1 15s',
    ],
    ['in a queue has no agent', [call, then(8, 'contact.abandoned')], '1@8 sales/none 8s'],
    [
      'of a call that was in no queue has no wait in one',
      [opened(0, { channel: 'voice' }), assigned(5, 'a-1'), released(9, 'a-1')],
      '1@9 none/a-1',
    ],
    [
      'of a chat has no wait in queues, and its owner’s part ends with it',
      [opened(0, { queue: 'sales' }), assigned(5, 'a-1'), then(9, 'contact.ended')],
      '2@9 sales/a-1',
    ],
    [
      'is of the last human where nobody owns it',
      [
        ...[opened(0, { queue: 'sales' }), customer(1), assigned(5, 'a-1'), agent(6, 'a-1')],
        ...[then(7, 'contact.unassigned'), resolved(9)],
      ],
      '2@9 sales/a-1',
    ],
    [
      'is the first time that it is over, as long as nobody opens it again',
      [opened(0), assigned(5, 'a-1'), resolved(9, 'a-2'), then(100, 'contact.closed')],
      '1@9 none/a-1',
    ],
    [
      'is gone while it is open again',
      [opened(0), assigned(5, 'a-1'), resolved(9), then(20, 'contact.reopened')],
      null,
    ],
    [
      'is the last one up to now, with what came meanwhile',
      [
        ...[opened(0), assigned(5, 'a-1'), resolved(9), then(20, 'contact.reopened')],
        ...[queued(21, 'tech'), assigned(25, 'a-2'), resolved(30)],
      ],
      '3@30 tech/a-2',
    ],
    ['counts where nobody was', [opened(0), then(9, 'contact.closed')], '0@9 none/none'],
    [
      'of an outbound contact that nobody asked for is none',
      [opened(0, { openedBy: 'agent' }), assigned(1, 'a-1'), resolved(9)],
      null,
    ],
    ['of what a bot alone had is none', [opened(0, { handledBy: 'bot' }), resolved(9)], null],
    ['that turns out to be of a bot alone is none', [opened(0), resolved(9), bot(10)], null],
    ['of a discarded contact is none', [call, resolved(9), then(10, 'contact.discarded')], null],
  ])('%s', (_, happened, end) => {
    expect(endOf(happened)).toBe(end)
  })
})
