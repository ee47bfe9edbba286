import { describe, expect, test } from 'vitest'
import { defaultTenantConfig } from '../../config/tenant-config.ts'
import {
  assigned,
  at,
  bot,
  canonical,
  customer,
  hourSeconds,
  opened,
  queued,
  released,
  resolved,
  startMs,
  told,
  type Happened,
  type Told,
} from './contact.test-support.ts'
import { Contact } from './contact.ts'

/** A call that came into a queue at 0. Its limit is 20 s; thresholds are 30 s and 180 s. */
const call: Happened[] = [opened(0, { channel: 'voice', queue: 'sales' })]
const inMenu: Happened[] = [opened(0, { channel: 'voice' })]
const abandoned = (second: number): Happened => [second, 'contact.abandoned']
const dequeued = (second: number, reason: 'timeout' | 'voicemail', queue?: string): Happened => [
  second,
  'contact.dequeued',
  { queue, reason },
]
const ended = (second: number, by?: 'customer' | 'agent' | 'system'): Happened => [
  second,
  'contact.ended',
  { by },
]

/** What counts of passes: `measure@second queue/agent`, of durations with how long they were. */
function passes({ counted }: Told, ...names: readonly string[]): string[] {
  return counted
    .filter(({ measure: { name, family } }) => family === 7 && names.includes(name))
    .map(({ measure: { name, kind }, atMs, value, dimensions, scope }) => {
      const agent = scope === 'wide' ? '*' : dimensions.agent
      const length = kind === 'duration' ? ` ${value / 1_000}s` : ''
      return `${name}@${(atMs - startMs) / 1_000} ${String(dimensions.queue)}/${agent}${length}`
    })
}
const allOf = (happened: readonly Happened[], untilSecond = hourSeconds): string[] =>
  passes(told(happened, { untilSecond }), ...all)
const all = [
  ...['passEntered', 'passDue', 'passWithin', 'passAnswered', 'passAbandonedLong'],
  ...['passAbandonedShort', 'passLeft', 'leftBeforeQueue'],
]

describe('a pass', () => {
  test.each<[rule: string, happened: readonly Happened[], counts: readonly string[]]>([
    [
      'is offered at its entry, before anything ends it',
      call,
      ['passEntered@0 sales/*', 'passDue@20 sales/*'],
    ],
    [
      'is within its limit at exactly the limit',
      [...call, assigned(20, 'a-1')],
      [
        'passEntered@0 sales/*',
        'passDue@20 sales/*',
        'passWithin@20 sales/a-1',
        'passAnswered@20 sales/a-1 20s',
      ],
    ],
    [
      'is due at its limit, without an answer, a moment later',
      [...call, assigned(20.001, 'a-1')],
      ['passEntered@0 sales/*', 'passDue@20 sales/*', 'passAnswered@20.001 sales/a-1 20.001s'],
    ],
    [
      'is a short abandon at exactly 5 s',
      [...call, abandoned(5)],
      ['passEntered@0 sales/*', 'passDue@5 sales/*', 'passAbandonedShort@5 sales/*'],
    ],
    [
      'is abandoned a moment later',
      [...call, abandoned(5.001)],
      ['passEntered@0 sales/*', 'passDue@5.001 sales/*', 'passAbandonedLong@5.001 sales/*'],
    ],
    [
      'goes on where its queue is said again, and where an agent does not answer',
      [
        ...call,
        [4, 'contact.presented', { agentId: 'a-1' }],
        [9, 'contact.declined', { agentId: 'a-1', reason: 'timeout' }],
        queued(10, 'sales'),
        assigned(15, 'a-2'),
      ],
      [
        'passEntered@0 sales/*',
        'passDue@15 sales/*',
        'passWithin@15 sales/a-2',
        'passAnswered@15 sales/a-2 15s',
      ],
    ],
    [
      'ends in another queue, where the next begins',
      [...call, queued(8, 'billing'), assigned(12, 'a-1')],
      [
        'passEntered@0 sales/*',
        'passDue@8 sales/*',
        'passLeft@8 sales/*',
        'passEntered@8 billing/*',
        'passDue@12 billing/*',
        'passWithin@12 billing/a-1',
        'passAnswered@12 billing/a-1 4s',
      ],
    ],
    [
      'is abandoned in a second queue, after an answer in the first',
      [...call, assigned(3, 'a-1'), queued(60, 'billing'), released(62, 'a-1'), abandoned(100)],
      [
        'passEntered@0 sales/*',
        'passDue@3 sales/*',
        'passWithin@3 sales/a-1',
        'passAnswered@3 sales/a-1 3s',
        'passEntered@60 billing/*',
        'passDue@80 billing/*',
        'passAbandonedLong@100 billing/*',
      ],
    ],
    [
      'is credited to its queue and to nobody where its owner keeps it',
      [...call, assigned(3, 'a-1'), queued(60, 'billing'), dequeued(70, 'timeout')],
      [
        'passEntered@0 sales/*',
        'passDue@3 sales/*',
        'passWithin@3 sales/a-1',
        'passAnswered@3 sales/a-1 3s',
        'passEntered@60 billing/*',
        'passDue@70 billing/*',
        'passLeft@70 billing/*',
      ],
    ],
    [
      'ends out of its queue, and not of another one',
      [...call, dequeued(6, 'timeout', 'billing'), dequeued(9, 'voicemail', 'sales')],
      ['passEntered@0 sales/*', 'passDue@9 sales/*', 'passLeft@9 sales/*'],
    ],
    [
      'in the same queue again is another one, once the first has ended',
      [...call, dequeued(9, 'timeout'), queued(20, 'sales')],
      [
        'passEntered@0 sales/*',
        'passDue@9 sales/*',
        'passLeft@9 sales/*',
        'passEntered@20 sales/*',
        'passDue@40 sales/*',
      ],
    ],
    ['of a chat is none', [opened(0, { queue: 'sales' }), customer(1), assigned(9, 'a-1')], []],
    [
      'of a call that a bot had begins with its queue',
      [
        opened(0, { channel: 'voice', handledBy: 'bot' }),
        bot(2),
        queued(30, 'sales'),
        assigned(34, 'a-1'),
      ],
      [
        'passEntered@30 sales/*',
        'passDue@34 sales/*',
        'passWithin@34 sales/a-1',
        'passAnswered@34 sales/a-1 4s',
      ],
    ],
    [
      'of an outbound call is none',
      [opened(0, { channel: 'voice', queue: 'sales', direction: 'outbound' }), abandoned(30)],
      [],
    ],
    ['of a discarded call is none', [...call, abandoned(30), [40, 'contact.discarded']], []],
  ])('%s', (_rule, happened, counts) => {
    expect(allOf(happened).toSorted()).toEqual(counts.toSorted())
  })

  test('that is discarded and restored is as if it had never been', () => {
    const restored: Happened[] = [
      [40, 'contact.discarded'],
      [41, 'contact.restored'],
    ]
    expect(allOf([...call, abandoned(30), ...restored])).toEqual(allOf([...call, abandoned(30)]))
  })

  test('is due at each threshold by itself, at exactly the threshold within', () => {
    const due = ['passDue30s', 'passWithin30s', 'passDue180s', 'passWithin180s']
    expect(passes(told([...call, assigned(30, 'a-1')]), ...due)).toEqual([
      'passDue30s@30 sales/*',
      'passWithin30s@30 sales/a-1',
      'passDue180s@30 sales/*',
      'passWithin180s@30 sales/a-1',
    ])
    expect(passes(told([...call, abandoned(100)]), ...due)).toEqual([
      'passDue30s@30 sales/*',
      'passDue180s@100 sales/*',
    ])
  })

  test.each<[limit: number, queue: string]>([
    [40, 'sales'],
    [20, 'billing'],
  ])('has the limit of its queue at the entry: %d s in %s', (seconds, queue) => {
    const limitOverrides = [{ queue: 'sales', firstResponseMs: 40_000 }]
    const happened = [opened(0, { channel: 'voice', queue })]
    expect(passes(told(happened, { config: { limitOverrides } }), 'passDue')).toEqual([
      `passDue@${seconds} ${queue}/*`,
    ])
  })
})

describe('who hung up', () => {
  test.each<[by: 'customer' | 'agent' | 'system' | undefined, what: string]>([
    [undefined, 'passAbandonedLong@30 sales/*'],
    ['customer', 'passAbandonedLong@30 sales/*'],
    ['agent', 'passLeft@30 sales/*'],
    ['system', 'passLeft@30 sales/*'],
  ])('by %s', (by, what) => {
    expect(allOf([...call, ended(30, by)])).toContain(what)
  })

  test('is not the customer where the call is resolved or closed while it waits', () => {
    expect(allOf([...call, resolved(30)])).toContain('passLeft@30 sales/*')
    expect(allOf([...call, [30, 'contact.closed']])).toContain('passLeft@30 sales/*')
  })
})

describe('a call that is in no queue', () => {
  test.each<[rule: string, happened: readonly Happened[], counts: readonly string[]]>([
    ['left before one', [ended(7)], ['leftBeforeQueue@7 none/*']],
    ['left before one, abandoned', [abandoned(7)], ['leftBeforeQueue@7 none/*']],
    ['left before one for voicemail', [dequeued(7, 'voicemail')], ['leftBeforeQueue@7 none/*']],
    ['was taken by an agent', [assigned(7, 'a-1')], []],
    [
      'is offered once it is queued',
      [queued(7, 'sales'), abandoned(10)],
      ['passEntered@7 sales/*', 'passDue@10 sales/*', 'passAbandonedShort@10 sales/*'],
    ],
    ['was a bot’s', [bot(3), ended(7)], []],
    ['waits', [], []],
  ])('%s', (_rule, happened, counts) => {
    expect(allOf([...inMenu, ...happened])).toEqual(counts)
  })
})

describe('why a pass left', () => {
  const reasonsOf = (happened: readonly Happened[]): unknown[] => {
    const contact = new Contact('c-1', () => defaultTenantConfig, null, [])
    for (const [index, event] of canonical(happened).entries())
      contact.insert({ event, receivedMs: event.timeMs, text: String.fromCharCode(index) })
    contact.settle(at(hourSeconds))
    return contact
      .take(at(hourSeconds))
      .rows.flatMap(({ row }) =>
        row.grain === 'pass' && row.ended !== null ? [[row.ended.how, row.ended.reason]] : [],
      )
  }

  test.each<[end: Happened, ...how: [string, string | null]]>([
    [dequeued(9, 'timeout'), 'left', 'timeout'],
    [[9, 'contact.queued', { queue: 'billing', reason: 'transfer' }], 'left', 'transfer'],
    [queued(9, 'billing'), 'left', 'overflow'],
    [ended(9, 'system'), 'left', 'ended'],
    [resolved(9), 'left', 'ended'],
    [[9, 'contact.closed'], 'left', 'ended'],
    [abandoned(9), 'abandoned', null],
    [assigned(9, 'a-1'), 'answered', null],
    [queued(5 * hourSeconds, 'sales'), 'left', null],
  ])('%j: %s, %s', (end, how, reason) => {
    expect(reasonsOf([...call, end])).toEqual([[how, reason]])
  })
})

describe('two clocks', () => {
  test('the queue that is told just after the assignment from it is the pass that this ended', () => {
    expect(allOf([...call, assigned(10, 'a-1'), queued(10.3, 'sales')])).toEqual(
      allOf([...call, assigned(10, 'a-1')]),
    )
  })

  test('where nothing was told before, it was in the queue for no time that is known', () => {
    const within = [
      'passEntered@10 sales/*',
      'passDue@10 sales/*',
      'passWithin@10 sales/a-1',
      'passAnswered@10 sales/a-1 0s',
    ]
    const told = [...inMenu, assigned(10, 'a-1'), queued(12, 'sales')]
    expect(allOf(told).toSorted()).toEqual(within.toSorted())
    expect(allOf([...inMenu, assigned(10, 'a-1'), queued(12.001, 'sales')])).toEqual([
      'passEntered@12.001 sales/*',
      'passDue@32.001 sales/*',
    ])
  })
})

describe('a pass that was given up', () => {
  const lostSecond = 4 * hourSeconds

  test('was offered and came due, and has no end', () => {
    expect(allOf(call, 5 * hourSeconds)).toEqual(['passEntered@0 sales/*', 'passDue@20 sales/*'])
    expect(told(call, { untilSecond: 5 * hourSeconds }).seconds).toMatchObject({
      lostWait: [lostSecond],
    })
  })

  test('ends all the same where an end comes later', () => {
    const late = told([...call, abandoned(lostSecond + 60)], { untilSecond: 5 * hourSeconds })
    expect(late.values).not.toHaveProperty('lostWait')
    expect(passes(late, 'passAbandoned')).toEqual(['passAbandoned@14460 sales/* 14460s'])
  })

  test('has left where the call is queued again', () => {
    expect(allOf([...call, queued(lostSecond + 60, 'sales')], 5 * hourSeconds).toSorted()).toEqual(
      [
        'passEntered@0 sales/*',
        'passDue@20 sales/*',
        'passLeft@14460 sales/*',
        'passEntered@14460 sales/*',
        'passDue@14480 sales/*',
      ].toSorted(),
    )
  })
})
