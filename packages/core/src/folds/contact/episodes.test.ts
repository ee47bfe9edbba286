import { describe, expect, test } from 'vitest'
import { defaultTenantConfig, type TenantConfig } from '../../config/tenant-config.ts'
import type { EventData } from '../../events/event.ts'
import type { BotContactRow, BotEpisodeRow, Moment, Row } from '../../subjects/row.ts'
import { dayMs, secondMs } from '../../time/time.ts'
import {
  agent,
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
  type Happened,
} from './contact.test-support.ts'
import { Contact } from './contact.ts'

const daySeconds = dayMs / secondMs
const withBot = opened(0, { handledBy: 'bot' })
const handedOff = (second: number, data: EventData = {}): Happened => [
  second,
  'contact.handed_off',
  data,
]
const toBot = (second: number): Happened => handedOff(second, { to: 'bot' })
const closed = (second: number): Happened => [second, 'contact.closed']
const abandoned = (second: number): Happened => [second, 'contact.abandoned']
const ended = (second: number, by?: EventData['by']): Happened => [second, 'contact.ended', { by }]
const reopened = (second: number, by?: EventData['by']): Happened => [
  second,
  'contact.reopened',
  { by },
]

type Telling = { readonly config?: Partial<TenantConfig>; readonly untilSecond?: number }

function rowsOf(happened: readonly Happened[], { config, untilSecond }: Telling = {}): Row[] {
  const contact = new Contact('c-1', () => ({ ...defaultTenantConfig, ...config }), null, [])
  for (const [index, event] of canonical(happened).entries())
    contact.insert({ event, receivedMs: event.timeMs, text: String.fromCharCode(index) })
  const nowMs = at(untilSecond ?? hourSeconds)
  contact.settle(nowMs)
  return contact.take(nowMs).rows.map(({ row }) => row)
}

const secondOf = (ms: number): number => (ms - startMs) / secondMs
const placeOf = ({ atMs, credit }: Moment): string =>
  `${secondOf(atMs)} ${String(credit.queue)}/${credit.agent}`

/** `start queue/agent-end how (reason), messages, flags` of each episode. */
function episodesOf(happened: readonly Happened[], telling: Telling = {}): string[] {
  return rowsOf(happened, telling)
    .filter((row): row is BotEpisodeRow => row.grain === 'bot-episode')
    .toSorted((a, b) => a.ordinal - b.ordinal)
    .map(({ started, endMs, how, reason, messages, ...flags }) =>
      [
        `${placeOf(started)}-${endMs === null ? '' : secondOf(endMs)}`,
        how ?? 'with it',
        ...(reason === null ? [] : [`(${reason})`]),
        `${messages}`,
        ...Object.entries(flags).flatMap(([name, is]) => (is === true ? [name] : [])),
      ].join(' '),
    )
}

/** `opened, involved, over`, and what it was. */
function contactOf(happened: readonly Happened[], telling: Telling = {}): string | undefined {
  const row = rowsOf(happened, telling).find(
    (one): one is BotContactRow => one.grain === 'bot-contact',
  )
  if (row === undefined) return undefined
  const { opened: begun, involved, over, isContained, isHandedOff } = row
  const moments = [begun, involved, over].map((one) => (one === null ? 'none' : placeOf(one)))
  return [...moments, ...(isContained ? ['contained'] : []), ...(isHandedOff ? ['off'] : [])].join(
    ', ',
  )
}

describe('an episode', () => {
  test.each<[rule: string, happened: readonly Happened[], episodes: readonly string[]]>([
    [
      'goes on while the bot has the contact',
      [withBot, bot(3)],
      ['0 none/none- with it 1 isInvolved'],
    ],
    [
      'begins at the opening where the first message of a bot shows it',
      [opened(0), customer(1), bot(3), bot(4)],
      ['0 none/none- with it 2 isInvolved'],
    ],
    [
      'is none where that message is automatic',
      [opened(0), bot(3, { automatic: true }), bot(4)],
      [],
    ],
    [
      'is none where nobody said who has it, and nobody wrote',
      [opened(0), customer(1), resolved(2)],
      [],
    ],
    [
      'is none where a human wrote before, for nobody to see',
      [opened(0), agent(2, 'a-1', { visibility: 'private' }), bot(3)],
      [],
    ],
    ['is none where a queue had it', [opened(0, { queue: 'sales' }), bot(3)], []],
    [
      'begins in the queue of a bot’s opening',
      [opened(0, { handledBy: 'bot', queue: 'sales' }), bot(3)],
      ['0 sales/none- with it 1 isInvolved'],
    ],
    [
      'is of a bot that had it before its first message, also where the contact was over and reopened before',
      [opened(0), customer(1), resolved(5), reopened(10), bot(12)],
      ['0 none/none-5 resolved 0 isReopened', '10 none/none- with it 1 isInvolved'],
    ],
    [
      'counts what the bot writes for all to see, and by itself',
      [
        withBot,
        bot(1, { visibility: 'private' }),
        bot(2, { automatic: true }),
        bot(3, { messageId: 'm' }),
        bot(4, { messageId: 'm' }),
      ],
      ['0 none/none- with it 1 isInvolved'],
    ],
    [
      'counts nothing that the bot writes after it',
      [withBot, bot(1), handedOff(2, { reason: 'unable' }), bot(3)],
      ['0 none/none-2 handed-off (unable) 1 isInvolved'],
    ],
    [
      'that is handed off at its limit without a word has no bot involved',
      [withBot, handedOff(2, { reason: 'limit' })],
      ['0 none/none-2 handed-off (limit) 0'],
    ],
    [
      'that is handed off at its limit after a word has',
      [withBot, bot(1), handedOff(2, { reason: 'limit' })],
      ['0 none/none-2 handed-off (limit) 1 isInvolved'],
    ],
    [
      'that is handed off for another reason has, without a word',
      [withBot, handedOff(2, { reason: 'policy' })],
      ['0 none/none-2 handed-off (policy) 0 isInvolved'],
    ],
    [
      'that is handed off without a reason has, too: nobody said that it was the limit',
      [withBot, handedOff(2)],
      ['0 none/none-2 handed-off 0 isInvolved'],
    ],
    ['that is queued is taken', [withBot, queued(4, 'sales')], ['0 none/none-4 taken 0']],
    ['that is assigned is taken', [withBot, assigned(4, 'a-1')], ['0 none/none-4 taken 0']],
    [
      'in which a human writes is taken, and answered by that',
      [withBot, bot(1), customer(3), agent(4, 'a-1')],
      ['0 none/none-4 taken 1 isInvolved isAnswered'],
    ],
    [
      'goes on where a human writes for nobody to see',
      [withBot, agent(4, 'a-1', { visibility: 'private' }), agent(5, 'a-1', { automatic: true })],
      ['0 none/none- with it 0'],
    ],
    [
      'is answered by a human after a hand-off',
      [withBot, bot(1), handedOff(2), queued(2, 'sales'), assigned(8, 'a-1'), agent(9, 'a-1')],
      ['0 none/none-2 handed-off 1 isInvolved isAnswered'],
    ],
    [
      'is not answered by an assignment alone',
      [withBot, bot(1), handedOff(2), assigned(8, 'a-1')],
      ['0 none/none-2 handed-off 1 isInvolved'],
    ],
    [
      'of a call is answered by its assignment',
      [
        opened(0, { channel: 'voice', handledBy: 'bot' }),
        handedOff(2, { reason: 'requested' }),
        assigned(8, 'a-1'),
      ],
      ['0 none/none-2 handed-off (requested) 0 isInvolved isAnswered'],
    ],
    [
      'without any message is answered by the end of the human part',
      [withBot, handedOff(2), assigned(8, 'a-1'), resolved(20, 'a-1')],
      ['0 none/none-2 handed-off 0 isInvolved isAnswered'],
    ],
    [
      'comes again when the contact is handed back, after humans',
      [withBot, bot(1), handedOff(2), agent(5, 'a-1'), toBot(9), bot(10), resolved(20)],
      [
        '0 none/none-2 handed-off 1 isInvolved isAnswered',
        '9 none/none-20 resolved 1 isInvolved isAfterHumans',
      ],
    ],
    [
      'is after humans who had it and did not answer',
      [withBot, bot(1), handedOff(2), queued(2, 'sales'), toBot(9), bot(10), agent(12, 'a-1')],
      [
        '0 none/none-2 handed-off 1 isInvolved',
        '9 sales/none-12 taken 1 isInvolved isAfterHumans isAnswered',
      ],
    ],
    [
      'is not after humans where a queue passes the contact on to a bot',
      [opened(0, { queue: 'sales' }), customer(1), toBot(2), bot(3), resolved(9)],
      ['2 sales/none-9 resolved 1 isInvolved'],
    ],
    [
      'is after a human who had the contact before any bot',
      [opened(0, { queue: 'sales' }), customer(1), agent(2, 'a-1'), toBot(3), bot(4), resolved(9)],
      ['3 sales/none-9 resolved 1 isInvolved isAfterHumans'],
    ],
    [
      'goes on from one bot to another',
      [withBot, bot(1), toBot(4), bot(5)],
      ['0 none/none- with it 2 isInvolved'],
    ],
    [
      'of an outbound contact is none',
      [opened(0, { direction: 'outbound', handledBy: 'bot' }), customer(1), bot(2)],
      [],
    ],
    ['of a contact without an opening is none', [customer(1), bot(2)], []],
    ['of a discarded contact is none', [withBot, bot(1), [5, 'contact.discarded']], []],
    [
      'of a restored contact is as if it had never been discarded',
      [withBot, [1, 'contact.discarded'], bot(2), resolved(3), [5, 'contact.restored']],
      ['0 none/none-3 resolved 1 isInvolved'],
    ],
  ])('%s', (_rule, happened, episodes) => {
    expect(episodesOf(happened)).toEqual(episodes)
  })

  test('begins with the first event where the opening stands behind it', () => {
    const happened: Happened[] = [bot(2), opened(5, { handledBy: 'bot' })]
    expect(episodesOf(happened)).toEqual(['2 none/none- with it 1 isInvolved'])
    expect(contactOf(happened)).toBe('5 none/none, 2 none/none, none')
  })
})

describe('the end of a contact that a bot has', () => {
  test.each<[how: string, happened: readonly Happened[]]>([
    ['9 resolved', [resolved(9)]],
    ['9 closed', [closed(9)]],
    ['9 dropped', [abandoned(9)]],
    ['9 dropped', [ended(9)]],
    ['9 dropped', [ended(9, 'customer')]],
    ['9 dropped', [ended(9, 'system')]],
    ['9 closed', [ended(9, 'agent')]],
    ['9 dropped', [ended(9), closed(10)]],
    ['9 resolved', [ended(9), resolved(10)]],
    ['9 resolved', [closed(9), resolved(10)]],
    ['9 resolved', [resolved(9), ended(10)]],
    ['9 dropped', [abandoned(9), resolved(10), resolved(11)]],
    ['9 dropped', [ended(9), agent(10, 'a-1'), resolved(11)]],
  ])('%s: %j', (how, happened) => {
    const isDropped = how.endsWith('dropped')
    const [episode] = episodesOf([withBot, bot(1), ...happened])
    expect(episode).toBe(`0 none/none-${how} 1 isInvolved`)
    const isHuman = happened.some(([, type]) => type === 'message.sent')
    expect(contactOf([withBot, bot(1), ...happened])).toBe(
      `0 none/none, 0 none/none, 9 none/none${isDropped || isHuman ? '' : ', contained'}`,
    )
  })

  test('is a resolution where closing resolves', () => {
    const config = { resolvedBy: { ...defaultTenantConfig.resolvedBy, live: 'close' } } as const
    expect(episodesOf([withBot, bot(1), closed(9)], { config })).toEqual([
      '0 none/none-9 resolved 1 isInvolved',
    ])
  })

  test('is no end where the customer leaves after an answer: the contact goes on', () => {
    const happened = [opened(0, { queue: 'sales' }), agent(2, 'a-1'), toBot(3), abandoned(9)]
    expect(episodesOf(happened)).toEqual(['3 sales/none- with it 0 isAfterHumans'])
  })

  test('that was given to humans is theirs: given up in their queue it is not dropped, nor contained', () => {
    const happened = [withBot, bot(1), handedOff(2), queued(2, 'sales'), abandoned(60)]
    expect(episodesOf(happened)).toEqual(['0 none/none-2 handed-off 1 isInvolved'])
    expect(contactOf(happened)).toBe('0 sales/none, 0 none/none, 60 sales/none, off')
  })

  test('is no end of the bot’s stay where an agent releases the call and a bot goes on with it', () => {
    const config = { resolvedBy: { ...defaultTenantConfig.resolvedBy, voice: 'release' } } as const
    const call: Happened[] = [
      opened(0, { channel: 'voice', queue: 'sales' }),
      assigned(5, 'a-1'),
      released(60, 'a-1'),
      toBot(61),
      bot(62),
    ]
    expect(episodesOf(call, { config })).toEqual([
      '61 sales/none- with it 1 isInvolved isAfterHumans',
    ])
    expect(episodesOf([...call, ended(90)], { config })).toEqual([
      '61 sales/none-90 resolved 1 isInvolved isAfterHumans',
    ])
    expect(episodesOf([...call, queued(90, 'sales')], { config })).toEqual([
      '61 sales/none-90 taken 1 isInvolved isAfterHumans',
    ])
  })
})

describe('a contact that a bot had', () => {
  test.each<[rule: string, happened: readonly Happened[], is: string | undefined]>([
    ['is none without a bot', [opened(0, { queue: 'sales' }), agent(3, 'a-1')], undefined],
    ['counts as such where no bot was involved', [withBot, ended(5)], 'none, none, 5 none/none'],
    ['is open', [withBot, bot(2)], '0 none/none, 0 none/none, none'],
    [
      'has a bot involved from the first such episode on',
      [withBot, handedOff(2, { reason: 'limit' }), queued(2, 'sales'), toBot(5), bot(6)],
      '0 sales/none, 5 sales/none, none, off',
    ],
    [
      'is not contained where a human had a part',
      [withBot, bot(1), handedOff(2), agent(5, 'a-1'), toBot(9), bot(10), resolved(20)],
      '0 none/none, 0 none/none, 20 none/none, off',
    ],
    [
      'is contained where no human had one, though humans had it for a while',
      [withBot, bot(1), handedOff(2), toBot(9), bot(10), resolved(20)],
      '0 none/none, 0 none/none, 20 none/none, contained, off',
    ],
    [
      'is open again once it is reopened',
      [withBot, bot(1), resolved(5), reopened(9)],
      '0 none/none, 0 none/none, none',
    ],
    [
      'is over at its last end',
      [withBot, bot(1), resolved(5), reopened(9), ended(12)],
      '0 none/none, 0 none/none, 12 none/none',
    ],
    [
      'is over in the queue of then, wherever it is put later',
      [withBot, bot(1), queued(2, 'sales'), abandoned(9), [10, 'contact.dequeued', {}]],
      '0 sales/none, 0 none/none, 9 sales/none',
    ],
  ])('%s', (_rule, happened, is) => {
    expect(contactOf(happened)).toBe(is)
  })
})

describe('a resolution by a bot', () => {
  const solved: Happened[] = [withBot, bot(1), customer(2), bot(3), resolved(10)]
  const week = 7 * daySeconds
  const first = '0 none/none-10 resolved 2 isInvolved'

  test.each<[rule: string, then: readonly Happened[], untilSecond: number, is: string]>([
    ['is young a second before 7 days have passed', [], 9 + week, first],
    ['is mature after exactly 7 days', [], 10 + week, `${first} isMature`],
    [
      'did not hold where the customer reopens on day 6',
      [customer(6 * daySeconds)],
      9 + week,
      `${first} isReopened`,
    ],
    [
      'nor where an agent does',
      [reopened(6 * daySeconds, 'agent')],
      9 + week,
      `${first} isReopened`,
    ],
    [
      'is mature all the same',
      [customer(6 * daySeconds)],
      10 + week,
      `${first} isReopened isMature`,
    ],
    [
      'did not hold where it is reopened after exactly 7 days',
      [reopened(10 + week)],
      20 + week,
      `${first} isReopened isMature`,
    ],
    [
      'held where it is reopened a second later',
      [reopened(11 + week)],
      20 + week,
      `${first} isMature`,
    ],
    [
      'held where the customer reopens on day 8',
      [customer(8 * daySeconds)],
      9 * daySeconds,
      `${first} isMature`,
    ],
    ['held where the customer says thank you', [customer(60)], 10 + week, `${first} isMature`],
  ])('%s', (_rule, then, untilSecond, is) => {
    expect(episodesOf([...solved, ...then], { untilSecond })[0]).toBe(is)
  })

  test('is old since it was told as one, where the connection had ended before', () => {
    const happened = [withBot, bot(1), ended(10), resolved(60)]
    const is = '0 none/none-10 resolved 1 isInvolved'
    expect(episodesOf(happened, { untilSecond: 59 + week })).toEqual([is])
    expect(episodesOf(happened, { untilSecond: 60 + week })).toEqual([`${is} isMature`])
  })

  test('is followed by another episode of the bot once the contact is reopened, each judged by itself', () => {
    const again = [...solved, customer(daySeconds), bot(daySeconds + 1), resolved(daySeconds + 5)]
    expect(episodesOf(again, { untilSecond: 10 + week })).toEqual([
      `${first} isReopened isMature`,
      '86400 none/none-86405 resolved 1 isInvolved',
    ])
    expect(episodesOf(again, { untilSecond: 9 * daySeconds })).toEqual([
      `${first} isReopened isMature`,
      '86400 none/none-86405 resolved 1 isInvolved isMature',
    ])
  })

  test('wakes its contact when it is mature', () => {
    const contact = new Contact('c-1', () => defaultTenantConfig, null, [])
    for (const [index, event] of canonical(solved).entries())
      contact.insert({ event, receivedMs: startMs, text: String.fromCharCode(index) })
    contact.settle(at(10))
    contact.take(at(10))
    expect(contact.nextWakeMs(at(10))).toBe(at(10 + week))
  })
})

test('what comes late and changes who had the contact changes its episodes', () => {
  const contact = new Contact('c-1', () => defaultTenantConfig, null, [])
  const [opening, byBot, byHuman] = canonical([opened(0), bot(5), agent(2, 'a-1')])
  const take = (): string[] => {
    contact.settle(at(60))
    return contact.take(at(60)).rows.map(({ row, sign }) => `${sign} ${row.grain}`)
  }
  for (const event of [opening!, byBot!])
    contact.insert({ event, receivedMs: event.timeMs, text: event.id })
  expect(take()).toEqual(expect.arrayContaining(['1 bot-episode', '1 bot-contact']))
  contact.insert({ event: byHuman!, receivedMs: at(10), text: byHuman!.id })
  expect(take()).toEqual(expect.arrayContaining(['-1 bot-episode', '-1 bot-contact']))
})

test('a contact without a bot knows nothing of bots', () => {
  const contact = new Contact('c-1', () => defaultTenantConfig, null, [])
  for (const event of canonical([opened(0), customer(1), agent(3, 'a-1'), resolved(9)]))
    contact.insert({ event, receivedMs: event.timeMs, text: event.id })
  contact.settle(at(10))
  contact.take(at(10))
  expect(contact.image()?.state).not.toHaveProperty('bots')
})

test('what can no longer change is not kept, however often bots have the contact', () => {
  const contact = new Contact('c-1', () => defaultTenantConfig, null, [])
  const turns = Array.from({ length: 40 }, (_, n) => [
    bot(3 * n + 1),
    handedOff(3 * n + 2),
    toBot(3 * n + 3),
  ])
  for (const [index, event] of canonical([withBot, ...turns.flat()]).entries())
    contact.insert({ event, receivedMs: event.timeMs, text: String.fromCharCode(index) })
  contact.settle(at(hourSeconds))
  const { rows } = contact.take(at(hourSeconds))
  expect(rows.filter(({ row }) => row.grain === 'bot-episode')).toHaveLength(41)
  expect(contact.image()?.state.bots?.episodes).toHaveLength(1)
})
