import { describe, expect, test } from 'vitest'
import type { EventData } from '../../events/event.ts'
import type { RowOf } from '../../subjects/row.ts'
import {
  agent,
  assigned,
  at,
  bot,
  canonical,
  customer,
  opened,
  queued,
  released,
  resolved,
  startMs,
  told,
  type Happened,
} from './contact.test-support.ts'
import { Contact } from './contact.ts'
import { defaultTenantConfig } from '../../config/tenant-config.ts'

const call = opened(0, { channel: 'voice', queue: 'sales' })
const presented = (second: number, agentId = 'a-1'): Happened => [
  second,
  'contact.presented',
  { agentId },
]
const declined = (
  second: number,
  reason?: 'timeout' | 'rejected' | 'withdrawn',
  agentId = 'a-1',
): Happened => [second, 'contact.declined', { agentId, reason }]
const then = (second: number, type: Happened[1], data: EventData = {}): Happened => [
  second,
  type,
  data,
]

type Offer = RowOf<'offer'>

function settled(happened: readonly Happened[]) {
  const contact = new Contact('c-1', () => defaultTenantConfig, null, [])
  for (const event of canonical(happened))
    contact.insert({ event, receivedMs: event.timeMs, text: event.id })
  contact.settle(at(3_600))
  return contact.take(at(3_600))
}

/** `how@second queue/agent since`, in their order. */
function offersOf(happened: readonly Happened[]): string[] {
  const seconds = (ms: number | null): string =>
    ms === null ? '?' : String((ms - startMs) / 1_000)
  return settled(happened)
    .rows.flatMap(({ row }): Offer[] => (row.grain === 'offer' ? [row] : []))
    .sort((a, b) => a.ordinal - b.ordinal)
    .map(({ agent: who, sinceMs, ended: { how, atMs, credit } }) => {
      expect(credit.agent).toBe(who)
      return `${how}@${seconds(atMs)} ${String(credit.queue)}/${who} since ${seconds(sinceMs)}`
    })
}

describe('an offer', () => {
  test.each<[rule: string, happened: readonly Happened[], offers: readonly string[]]>([
    ['is told once it has ended', [call, presented(3)], []],
    [
      'is accepted by the assignment to that agent',
      [call, presented(3), assigned(9, 'a-1')],
      ['accepted@9 sales/a-1 since 3'],
    ],
    [
      'of a chat is one as that of a call',
      [opened(0, { queue: 'sales' }), customer(1), presented(3), assigned(9, 'a-1')],
      ['accepted@9 sales/a-1 since 3'],
    ],
    ...(['timeout', 'rejected', undefined] as const).map(
      (reason): [string, Happened[], string[]] => [
        `is missed by a decline with the reason ${reason ?? 'left out'}`,
        [call, presented(3), declined(9, reason)],
        ['missed@9 sales/a-1 since 3'],
      ],
    ),
    [
      'is withdrawn by a decline that says so',
      [call, presented(3), declined(9, 'withdrawn')],
      ['withdrawn@9 sales/a-1 since 3'],
    ],
    [
      'that rings at several agents is withdrawn from those who did not get it',
      [call, presented(3), presented(4, 'a-2'), presented(5, 'a-3'), assigned(9, 'a-2')],
      [
        'withdrawn@9 sales/a-1 since 3',
        'withdrawn@9 sales/a-3 since 5',
        'accepted@9 sales/a-2 since 4',
      ],
    ],
    [
      'told twice while it rings is the same one',
      [call, presented(3), presented(5), declined(9, 'timeout')],
      ['missed@9 sales/a-1 since 3'],
    ],
    [
      'told again after it ended is another one',
      [call, presented(3), declined(9, 'timeout'), presented(10), assigned(12, 'a-1')],
      ['missed@9 sales/a-1 since 3', 'accepted@12 sales/a-1 since 10'],
    ],
    [
      'whose beginning nobody told counts by its decline',
      [call, declined(9, 'rejected'), declined(11, 'rejected')],
      ['missed@9 sales/a-1 since ?', 'missed@11 sales/a-1 since ?'],
    ],
    ['is no assignment without a presentation', [call, assigned(9, 'a-1')], []],
    [
      'that was missed is not accepted by a later assignment',
      [call, presented(3), declined(9, 'timeout'), assigned(12, 'a-1')],
      ['missed@9 sales/a-1 since 3'],
    ],
    ...(['contact.ended', 'contact.abandoned', 'contact.resolved', 'contact.closed'] as const).map(
      (type): [string, Happened[], string[]] => [
        `is withdrawn by ${type}`,
        [call, presented(3), then(9, type)],
        ['withdrawn@9 sales/a-1 since 3'],
      ],
    ),
    [
      'is withdrawn where the contact leaves its queue, in that queue',
      [call, presented(3), queued(9, 'tech'), presented(10, 'a-2'), then(12, 'contact.dequeued')],
      ['withdrawn@9 sales/a-1 since 3', 'withdrawn@12 tech/a-2 since 10'],
    ],
    [
      'goes on where the same queue is told again, or another one is left',
      [
        ...[call, presented(3), queued(5, 'sales'), then(6, 'contact.dequeued', { queue: 'tech' })],
        assigned(9, 'a-1'),
      ],
      ['accepted@9 sales/a-1 since 3'],
    ],
    [
      'goes on while the agent who passes the call on is released',
      [
        ...[call, assigned(2, 'a-2'), then(3, 'contact.transferred'), presented(4)],
        ...[released(5, 'a-2'), assigned(9, 'a-1')],
      ],
      ['accepted@9 sales/a-1 since 4'],
    ],
    [
      'is of the queue that is told just after the assignment',
      [
        ...[opened(0, { channel: 'voice' }), presented(3), assigned(9, 'a-1')],
        ...[assigned(9.5, 'a-1'), queued(10, 'sales')],
      ],
      ['accepted@9 sales/a-1 since 3'],
    ],
    [
      'of no queue is in none',
      [opened(0, { channel: 'voice' }), presented(3), declined(9)],
      ['missed@9 none/a-1 since 3'],
    ],
    [
      'of an outbound contact counts once its customer has written',
      [
        ...[opened(0, { openedBy: 'agent' }), presented(1), declined(2)],
        ...[customer(5), presented(6), declined(7)],
      ],
      ['missed@7 none/a-1 since 6'],
    ],
    [
      'of what a bot alone has is nobody’s',
      [
        ...[opened(0, { handledBy: 'bot' }), presented(1), declined(2), customer(3)],
        ...[then(4, 'contact.handed_off', { to: 'human' }), presented(5), declined(6)],
      ],
      ['missed@6 none/a-1 since 5'],
    ],
    [
      'is taken back where a bot turns out to have had the contact',
      [opened(0), presented(1), declined(2), bot(3)],
      [],
    ],
  ])('%s', (_, happened, offers) => {
    expect(offersOf(happened)).toEqual(offers)
  })

  test('that is missed ends no stay in a queue', () => {
    const { counted } = told([call, presented(3), declined(9, 'timeout'), assigned(15, 'a-2')])
    const passes = counted.filter(({ measure: { name } }) => name === 'passEnded')
    expect(passes.map(({ value }) => value)).toEqual([15_000])
  })
})

describe('an agent is told of offers that it accepted or missed', () => {
  const toldAgent = (happened: readonly Happened[]) =>
    settled(happened).outputs.flatMap((change) =>
      change.how === 'said' &&
      change.output.kind === 'engagement' &&
      change.output.agentId === 'a-1'
        ? [change.output.engagement]
        : [],
    )
  test('by their instants, and not of those that were withdrawn', () => {
    const happened = [call, declined(2), presented(3), declined(4, 'withdrawn'), presented(5)]
    expect(toldAgent([...happened, assigned(9, 'a-1'), agent(10, 'a-1')])).toMatchObject([
      { acceptedMs: [at(9)], missedMs: [at(2)] },
    ])
  })
  test('but for those of a contact that is discarded', () => {
    const [engagement] = toldAgent([call, declined(2), then(3, 'contact.discarded')])
    expect(engagement).not.toHaveProperty('missedMs')
  })
})

test('a resolution that is told again changes no offer', () => {
  expect(offersOf([call, presented(3), resolved(5), resolved(6)])).toEqual([
    'withdrawn@5 sales/a-1 since 3',
  ])
})
