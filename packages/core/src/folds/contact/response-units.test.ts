import { describe, expect, test } from 'vitest'
import type { TenantConfig } from '../../config/tenant-config.ts'
import {
  agent,
  assigned,
  bot,
  customer,
  opened,
  resolved,
  startMs,
  told,
  type Happened,
} from './contact.test-support.ts'

/** A chat that is in a queue from 0. Its limits are 28 s and 30 s, the cap is 600 s, the threshold of sessions 180 s. */
const chat = opened(0, { queue: 'sales' })
const daySeconds = 86_400
const reopened = (second: number): Happened => [second, 'contact.reopened', { by: 'customer' }]
const ended = (second: number): Happened => [second, 'contact.ended']
const handedOff = (second: number): Happened => [second, 'contact.handed_off', { to: 'bot' }]

type Case = [
  rule: string,
  happened: readonly Happened[],
  counts: readonly string[],
  config?: Partial<TenantConfig>,
]

/** What counts: `measure@second queue/agent`, of durations with how long they were. */
function counts(
  names: readonly string[],
  happened: readonly Happened[],
  config?: Partial<TenantConfig>,
  untilSecond = 3 * 3_600,
): string[] {
  return told(happened, { ...(config !== undefined && { config }), untilSecond })
    .counted.filter(({ measure }) => names.includes(measure.name))
    .map(({ measure: { name, kind }, atMs, value, dimensions, scope }) => {
      const who = scope === 'wide' ? '*' : dimensions.agent
      const length = kind === 'duration' ? ` ${value / 1_000}s` : ''
      return `${name}@${(atMs - startMs) / 1_000} ${String(dimensions.queue)}/${who}${length}`
    })
}

const cases: Case[] = [
  [
    'counts its wait at the answer',
    [chat, customer(10), agent(70, 'a-1')],
    ['cappedReplyTime@70 sales/a-1 60s'],
  ],
  [
    'counts its wait at exactly the cap, for who answers',
    [chat, customer(10), agent(610, 'a-1')],
    ['cappedReplyTime@610 sales/a-1 600s'],
  ],
  [
    'counts the cap, for good, where the answer comes a moment later: for the owner then',
    [chat, assigned(5, 'a-1'), customer(10), agent(610.001, 'a-2')],
    ['cappedReplyTime@610 sales/a-1 600s'],
  ],
  [
    'counts the cap where nobody ever answers',
    [chat, customer(10), customer(400)],
    ['cappedReplyTime@610 sales/none 600s'],
  ],
  ['does not count where it is cancelled before the cap', [chat, customer(10), resolved(500)], []],
  ['does not count where it is cancelled at the cap', [chat, customer(10), resolved(610)], []],
  [
    'stays counted where it is cancelled later',
    [chat, customer(10), resolved(611)],
    ['cappedReplyTime@610 sales/none 600s'],
  ],
  [
    'has a cap of its own each time',
    [chat, customer(10), agent(20, 'a-1'), customer(30)],
    ['cappedReplyTime@20 sales/a-1 10s', 'cappedReplyTime@630 sales/none 600s'],
  ],
  [
    'is capped as configured',
    [chat, customer(10), agent(40, 'a-1')],
    ['cappedReplyTime@30 sales/none 20s'],
    { responseCapSeconds: 20 },
  ],
  [
    'of a letter is capped, too',
    [opened(0, { channel: 'email', queue: 'sales' }), customer(10)],
    ['cappedReplyTime@610 sales/none 600s'],
  ],
  ['does not count before its cap has come', [chat, customer(10_300)], []],
  ['does not count where a bot had the contact all along', [opened(0), customer(10), bot(700)], []],
]

describe('the capped wait for a reply', () => {
  test.each(cases)('%s', (_rule, happened, expected, config) => {
    expect(counts(['cappedReplyTime'], happened, config)).toEqual(expected)
  })
})

const within = (second: number, who: string): string[] => [
  `sessionEnded@${second} ${who}`,
  `sessionWithin@${second} ${who}`,
]

describe('a session', () => {
  test.each<Case>([
    [
      'is within where its only wait is at exactly the threshold',
      [chat, customer(0), agent(180, 'a-1'), resolved(200)],
      within(200, 'sales/a-1'),
    ],
    [
      'is not a moment later',
      [chat, customer(0), agent(180.001, 'a-1'), resolved(200)],
      ['sessionEnded@200 sales/a-1'],
    ],
    [
      'with one late answer is within where the mean is, at exactly the threshold',
      [chat, customer(0), agent(10, 'a-1'), customer(20), agent(370, 'a-1'), resolved(400)],
      within(400, 'sales/a-1'),
    ],
    [
      'is not where the mean is a moment more',
      [chat, customer(0), agent(10, 'a-1'), customer(20), agent(370.002, 'a-1'), resolved(400)],
      ['sessionEnded@400 sales/a-1'],
    ],
    [
      'with one missed reply is not within, however short the others are',
      [chat, customer(0), agent(1, 'a-1'), customer(10), ended(200)],
      ['sessionEnded@200 sales/a-1'],
    ],
    [
      'with a reply that nobody gave by its threshold is not within, and has a miss',
      [chat, customer(0), ended(181)],
      ['sessionEnded@181 sales/none'],
    ],
    [
      'does not count where its only reply was cancelled at the threshold',
      [chat, customer(0), ended(180)],
      [],
    ],
    [
      'has a cancelled reply in no mean and as no miss',
      [chat, customer(0), agent(100, 'a-1'), customer(200), resolved(300, 'a-2')],
      within(300, 'sales/a-1'),
    ],
    [
      'is credited to whoever has it, though somebody else wrote',
      [chat, assigned(0, 'a-1'), customer(0), agent(100, 'a-2'), ended(300)],
      within(300, 'sales/a-1'),
    ],
    ['that was never over is counted by none', [chat, customer(0), agent(10, 'a-1')], []],
    ['that nobody wrote in is counted by none', [chat, resolved(10)], []],
    [
      'that was reopened counts as it stood at its last end, while there is no later one',
      [
        ...[chat, customer(0), agent(10, 'a-1'), resolved(20)],
        ...[reopened(1_000), customer(1_010), agent(2_000, 'a-1')],
      ],
      within(20, 'sales/a-1'),
    ],
    [
      'counts once, at its last end, with all its waits',
      [
        ...[chat, customer(0), agent(10, 'a-1'), resolved(20)],
        ...[reopened(1_000), customer(1_010), agent(2_000, 'a-1'), resolved(2_100)],
      ],
      ['sessionEnded@2100 sales/a-1'],
    ],
    [
      'that is closed after it was resolved was over when it was resolved',
      [chat, customer(0), agent(10, 'a-1'), resolved(20), [900, 'contact.closed']],
      within(20, 'sales/a-1'),
    ],
    [
      'is judged by the threshold that is configured',
      [chat, customer(0), agent(31, 'a-1'), resolved(40)],
      ['sessionEnded@40 sales/a-1'],
      { sessionMeanSeconds: 30 },
    ],
    [
      'has a miss where the customer gave up waiting and wrote again after the wait was lost',
      [chat, customer(0), customer(2_000), agent(2_010, 'a-1'), resolved(2_020)],
      ['sessionEnded@2020 sales/a-1'],
      { waitMaxMs: { voice: 1_000_000, live: 1_000_000, deferred: 1_000_000 } },
    ],
    [
      'ends at each hand-off to a bot for its reply alone',
      [chat, customer(0), handedOff(200), ended(300)],
      ['sessionEnded@300 sales/none'],
    ],
    ['of a bot alone is none', [opened(0, { handledBy: 'bot' }), customer(0), ended(500)], []],
    [
      'that was discarded is none',
      [chat, customer(0), agent(10, 'a-1'), resolved(20), [30, 'contact.discarded']],
      [],
    ],
  ])('%s', (_rule, happened, expected, config) => {
    expect(counts(['sessionEnded', 'sessionWithin'], happened, config)).toEqual(expected)
  })
})

describe('of a contact with a first owed reply', () => {
  const owed = 'firstReplyOwed@0 sales/*'
  const kept = 'firstReplyResolved@0 sales/*'
  test.each<Case>([
    ['it counts from the moment at which it is owed', [chat, customer(10_800)], [owed]],
    ['nothing counts while nobody wrote', [chat, assigned(10, 'a-1')], []],
    [
      'it is kept where the reply came at its limit and the contact was resolved within 24 h',
      [chat, customer(10), agent(38, 'a-1'), resolved(daySeconds)],
      [owed, kept],
    ],
    [
      'it is not where the reply came later',
      [chat, customer(10), agent(38.001, 'a-1'), resolved(100)],
      [owed],
    ],
    [
      'it is not where the contact was resolved later than 24 h after the opening',
      [chat, customer(10), agent(20, 'a-1'), resolved(daySeconds + 0.001)],
      [owed],
    ],
    ['it is not while the contact is open', [chat, customer(10), agent(20, 'a-1')], [owed]],
    [
      'a reopening takes nothing back',
      [chat, customer(10), agent(20, 'a-1'), resolved(100), reopened(200)],
      [owed, kept],
    ],
    ['a cancelled reply is not kept', [chat, customer(10), resolved(20)], [owed]],
    [
      'later replies change nothing',
      [chat, customer(10), agent(20, 'a-1'), customer(30), agent(900, 'a-1'), resolved(1_000)],
      [owed, kept],
    ],
    [
      'what an agent began has no first reply',
      [opened(0, { queue: 'sales', openedBy: 'agent' }), customer(10), agent(20), resolved(30)],
      [],
    ],
    [
      'it counts at an opening that is told behind the message',
      [customer(0), opened(5, { queue: 'sales' }), agent(20, 'a-1'), resolved(30)],
      ['firstReplyOwed@5 sales/*', 'firstReplyResolved@5 sales/*'],
    ],
  ])('%s', (_rule, happened, expected) => {
    const names = ['firstReplyOwed', 'firstReplyResolved']
    expect(counts(names, happened, undefined, 2 * daySeconds)).toEqual(expected)
  })
})

describe('a reply that begins outside of the window of the day', () => {
  // The day of the test begins at 09:00 UTC.
  const until = (toMinute: number): Partial<TenantConfig> => ({
    responseWindow: { fromMinute: 480, toMinute },
  })
  const all = [
    ...['replyTime', 'firstReplyTime', 'replyWithin', 'replyDue', 'replyDueWithin', 'due30s'],
    ...['replyMissed', 'replyCancelled', 'cappedReplyTime', 'sessionEnded', 'firstReplyOwed'],
    ...['dueIn30s', 'afterHoursReplyTime', 'lostWait'],
  ]

  test('is in no KPI of response, wherever its answer lies', () => {
    const happened = [chat, customer(60), agent(70, 'a-1'), customer(80), resolved(700)]
    expect(counts(all, happened, until(541))).toEqual([])
    expect(counts(all, happened, until(540))).toEqual([])
  })

  test('that begins a moment before its end is in all of them, though it is answered after it', () => {
    const happened = [chat, customer(59.999), agent(70, 'a-1'), resolved(80)]
    expect(counts(['replyTime', 'cappedReplyTime', 'sessionEnded'], happened, until(541))).toEqual([
      'replyTime@70 sales/a-1 10.001s',
      'cappedReplyTime@70 sales/a-1 10.001s',
      'sessionEnded@80 sales/a-1',
    ])
  })

  test('leaves the replies of its contact that begin in it', () => {
    const happened = [chat, customer(30), agent(40, 'a-1'), customer(70), agent(80, 'a-1')]
    expect(counts(['replyTime'], happened, until(541))).toEqual(['replyTime@40 sales/a-1 10s'])
  })

  test('is still waited for, and its row says why it does not count', () => {
    const { open, counted } = told([chat, customer(70)], { config: until(541), untilSecond: 100 })
    expect(open.map(({ kind }) => kind)).toEqual(['backlog', 'reply.live', 'reply.live.due'])
    expect(counted.map(({ measure }) => measure.name)).toEqual([
      'customerMessage',
      'contactOpened',
      'workloadDifference',
    ])
  })

  test('is lost like any other', () => {
    const waitMaxMs = { voice: 1_000_000, live: 1_000_000, deferred: 1_000_000 }
    const config = { ...until(541), waitMaxMs }
    expect(counts(all, [chat, customer(70)], config)).toEqual(['lostWait@1070 sales/none'])
  })

  test('by the clock of the zone', () => {
    const config = { ...until(541), timeZone: 'Asia/Shanghai' } // 17:00 there.
    expect(counts(['replyTime'], [chat, customer(0), agent(10, 'a-1')], config)).toEqual([])
  })
})
