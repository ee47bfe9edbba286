import { describe, expect, test } from 'vitest'
import { defaultTenantConfig, type TenantConfig } from '../../config/tenant-config.ts'
import { keyOfRow, type RowOf } from '../../subjects/row.ts'
import { sessionOf } from '../../subjects/session-id.ts'
import { dayMs, type EpochMs, hourMs, minuteMs } from '../../time/time.ts'
import type { Received } from '../timeline/timeline.ts'
import {
  agent,
  assigned,
  at,
  bot,
  canonical,
  customer,
  type Happened,
  opened,
  queued,
  resolved,
  startMs,
  told,
  type Told,
} from './contact.test-support.ts'
import { Contact, type ContactImage, type StoredContact } from './contact.ts'

const config: TenantConfig = { ...defaultTenantConfig, threadSources: ['/test'] }
const hour = 3_600
const day = 24 * hour

const tell = (happened: readonly Happened[], changed: Partial<TenantConfig> = {}): Told =>
  told(happened, { config: { ...config, ...changed }, untilSecond: 30 * day })

/** When sessions were opened. */
const openings = (happened: readonly Happened[], changed: Partial<TenantConfig> = {}): unknown =>
  tell(happened, changed).seconds['contactOpened']

const round = (second: number): Happened[] => [
  customer(second),
  agent(second + 10, 'a-1'),
  resolved(second + 20, 'a-1'),
]

test('a bot that its first message shows had a session from its beginning on, in the queue of then', () => {
  const later: Happened[] = [
    customer(2 * hour),
    [2 * hour + 1, 'contact.dequeued', { reason: 'timeout' }],
    bot(2 * hour + 2),
  ]
  const { seconds, credits } = tell([opened(0, { queue: 'q' }), ...round(0), ...later])
  expect([seconds['aiContact'], credits['aiContact']]).toEqual([[2 * hour], ['q/none']])
})

describe('another session of a thread begins with', () => {
  test.each<readonly [string, Happened[], number[]]>([
    ['a message later than the return gap after the end', [customer(20 + 601)], [0, 621]],
    ['no message up to the return gap after the end', [customer(20 + 600)], [0]],
    ['no message of an agent, a bot or a system', [agent(2 * day, 'a-1'), bot(2 * day)], [0]],
    ['an opening after the end, at once', [opened(21), customer(22)], [0, 21]],
    ['no event at the very instant at which the last one began', [opened(0)], [0]],
    ['no reopening', [[hour, 'contact.reopened', {}], customer(hour + 601)], [0]],
    [
      'each message that comes late enough',
      [customer(hour), resolved(hour), ...round(2 * hour)],
      [0, hour, 2 * hour],
    ],
    [
      'an edit of none',
      [
        [30, 'message.sent', { from: 'customer', messageId: 'm' }],
        [2 * day, 'message.sent', { from: 'customer', messageId: 'm' }],
      ],
      [0],
    ],
  ])('%s', (_, later, expected) => {
    expect(openings([opened(0), ...round(0), ...later])).toEqual(expected)
  })

  test.each<readonly [string, Happened[], number[]]>([
    [
      'a message later than the idle gap after the last one for all to see',
      [customer(10 + day + 1)],
      [0, 10 + day + 1],
    ],
    ['no message up to the idle gap', [customer(10 + day)], [0]],
    [
      'no message where a private one alone came between',
      [agent(day, 'a-1', { visibility: 'private' }), customer(10 + day + 1)],
      [0, 10 + day + 1],
    ],
    ['no message where any other one came between', [bot(day), customer(10 + day + 1)], [0]],
    ['an opening after so long a silence', [opened(10 + day + 1)], [0, 10 + day + 1]],
    ['no opening before', [opened(10 + day)], [0]],
  ])('%s, in one that is not over', (_, later, expected) => {
    expect(openings([opened(0), customer(0), agent(10, 'a-1'), ...later])).toEqual(expected)
  })

  test('nothing where the source tells requests: its customer reopens them', () => {
    const requests = { threadSources: ['/other'] }
    expect(openings([opened(0), ...round(0), ...round(day)], requests)).toEqual([0])
  })
})

describe('a session of a thread', () => {
  test('has a first response, a resolution and a first-contact resolution of its own', () => {
    const { values, seconds } = tell([
      opened(0),
      ...round(0),
      customer(day),
      agent(day + 30, 'a-2'),
      resolved(day + 50),
    ])
    expect(values['firstReplyTime']).toEqual([10, 30])
    expect(seconds['contactResolved']).toEqual([20, day + 50])
    expect(new Set(seconds['contactHandled'])).toEqual(new Set([20, day + 50]))
    expect(values['reopening']).toBeUndefined()
    expect(seconds['fcrDue']).toEqual([20, day + 50])
  })

  test('is one of the customer of the first, who came back', () => {
    const sessions = tell([opened(0, { customerId: 'u-1' }), ...round(0), ...round(day)])
      .outputs.filter((output) => output.kind === 'session')
      .map(({ customerId, session }) => [customerId, sessionOf(session.contactId)])
    expect(sessions).toEqual([
      ['u-1', { contactId: 'c-1', session: 1 }],
      ['u-1', { contactId: 'c-1', session: 2 }],
    ])
  })

  test('is where the one before was, until something says where it is: then it was opened there', () => {
    const first = [opened(0, { queue: 'sales', shop: 's', topic: 'refund' }), ...round(0)]
    const credits = (later: readonly Happened[]): unknown =>
      tell([...first, customer(day), ...later]).credits['contactOpened']
    expect(credits([])).toEqual(['sales/*', 'sales/*'])
    expect(credits([queued(day + 5, 'billing')])).toEqual(['sales/*', 'billing/*'])
    expect(credits([assigned(day + 5, 'a-1', 'billing')])).toEqual(['sales/*', 'billing/*'])
    expect(credits([assigned(day + 5, 'a-1'), queued(day + 90, 'billing')])).toEqual([
      'sales/*',
      'billing/*',
    ])
    const [, second] = tell([...first, customer(day)]).counted.filter(
      ({ measure }) => measure.name === 'contactOpened',
    )
    expect(second!.dimensions).toMatchObject({ channel: 'chat', shop: 's' })
    expect(second!.dimensions.topic).toBeUndefined()
  })

  test('has nobody until it is assigned', () => {
    const { open } = tell([opened(0), assigned(0, 'a-1'), ...round(0), customer(29 * day)])
    expect(open.find(({ kind }) => kind === 'backlog')?.dimensions).toMatchObject({ agent: 'none' })
  })

  test('has who was assigned just before the message that begins it, as clocks differ', () => {
    const ownerOf = (...later: readonly Happened[]): unknown =>
      tell([opened(0), ...round(0), ...later]).open.find(({ kind }) => kind === 'backlog')
        ?.dimensions.agent
    const second = 29 * day
    expect(ownerOf(assigned(second, 'a-2'), customer(second))).toBe('a-2')
    expect(ownerOf(assigned(second - 2, 'a-2'), customer(second))).toBe('a-2')
    expect(ownerOf(assigned(second - 3, 'a-2'), customer(second))).toBe('none')
    expect(ownerOf(assigned(second, 'a-2'), bot(second), customer(second))).toBe('none')
  })

  test('that fell silent ends as the next one begins, and a human part with it', () => {
    const silent = [opened(0), assigned(0, 'a-1'), customer(0), agent(10, 'a-1')]
    expect(tell(silent).seconds['contactHandled']).toBeUndefined()
    const { seconds, values } = tell([...silent, customer(2 * day)])
    expect(new Set(seconds['contactHandled'])).toEqual(new Set([2 * day]))
    expect(values['contactResolved']).toBeUndefined()
  })

  test('that a message began is described by an opening that comes behind it', () => {
    const { counted } = tell([
      opened(0),
      ...round(0),
      customer(day),
      opened(day + 1, { shop: 's' }),
    ])
    const openings = counted.filter(({ measure }) => measure.name === 'contactOpened')
    expect(
      openings.map(({ atMs, dimensions }) => [(atMs - startMs) / 1_000, dimensions.shop]),
    ).toEqual([
      [0, undefined],
      [day, 's'],
    ])
  })

  test('counts as opened also where nobody opened the first one', () => {
    expect(openings([...round(0), opened(day), ...round(day)])).toEqual([day])
    expect(openings([customer(0), opened(2 * day)])).toEqual([2 * day])
    expect(openings([customer(0), customer(2 * day), opened(2 * day + 1)])).toEqual([2 * day])
  })

  test('is discarded alone', () => {
    const discarded: Happened = [day + 5, 'contact.discarded', {}]
    expect(openings([opened(0), ...round(0), customer(day), discarded])).toEqual([0])
  })
})

const receivedOf = (happened: readonly Happened[]): Received[] =>
  canonical(happened).map((event) => ({
    event,
    receivedMs: Math.max(event.timeMs, startMs) as EpochMs,
    text: event.id,
  }))

const threadOf = (stored: StoredContact | ContactImage | null = null): Contact =>
  new Contact('c-1', () => config, stored, [])

/** The openings of sessions that a change counts, and takes back. */
function openingsIn(contact: Contact, nowMs: EpochMs): [number, number][] {
  contact.settle(nowMs)
  return contact.take(nowMs).rows.flatMap(({ row, sign }) => {
    const atMs = row.grain === 'contact' ? row.opened?.atMs : undefined
    return atMs === undefined ? [] : [[sign, (atMs - startMs) / 1_000] as [number, number]]
  })
}

describe('a thread that nobody wrote in for longer than its lifetime', () => {
  const later = 40 * day
  const whole = receivedOf([
    opened(0, { customerId: 'u-1', queue: 'sales' }),
    ...round(0),
    agent(later - 60, 'a-1'),
    ...round(later),
  ])
  const untilOver = whole.slice(0, 4)

  test.each(['in memory', 'from the store'])('goes on with its next session (%s)', (from) => {
    let contact = threadOf()
    for (const one of untilOver) contact.insert(one)
    contact.settle(at(30))
    contact.take(at(30))
    contact.settle(at(36 * day))
    contact.take(at(36 * day))
    expect(contact.isExpired).toBe(true)
    if (from === 'from the store')
      contact = threadOf(JSON.parse(JSON.stringify(contact.store())) as StoredContact)
    expect(contact.insert(whole[4]!)).toEqual({ kind: 'refused', code: 'expired' })
    for (const one of whole.slice(5)) expect(contact.insert(one).kind).toBe('inserted')
    contact.settle(at(later + 60))
    const { rows, outputs } = contact.take(at(later + 60))
    expect(rows.every(({ sign }) => sign === 1)).toBe(true)
    const row = rows.find((one) => one.row.grain === 'contact')!.row as RowOf<'contact'>
    expect(row).toMatchObject({
      session: 2,
      opened: { atMs: at(later) },
      resolved: { atMs: at(later + 20) },
    })
    expect(row.opened!.credit).toMatchObject({ queue: 'sales', channel: 'chat' })
    const said = outputs.flatMap(({ output, how }) =>
      output.kind === 'session' && how === 'said' ? [output] : [],
    )
    expect(
      said.map(({ customerId, session }) => [customerId, sessionOf(session.contactId).session]),
    ).toEqual([['u-1', 2]])
    expect(contact.insert(untilOver[1]!)).toEqual({ kind: 'refused', code: 'before-base' })
  })

  test('of a request nothing goes on', () => {
    const contact = new Contact('c-1', () => defaultTenantConfig, null, [])
    for (const one of untilOver) contact.insert(one)
    expect(contact.insert(whole[5]!)).toEqual({ kind: 'refused', code: 'expired' })
    expect(contact.store()).toEqual({ expired: true })
  })

  test('and then takes a late message of the time between for nothing', () => {
    const contact = threadOf()
    for (const one of untilOver) contact.insert(one)
    contact.insert(whole[5]!)
    expect(contact.insert({ ...whole[4]!, receivedMs: at(later + 5) }).kind).toBe('inserted')
    expect(openingsIn(contact, at(later + 60))).toEqual([
      [1, 0],
      [1, later],
    ])
  })
})

test('sessions that are past their lifetime are let go, with what they told, while the thread goes on', () => {
  const contact = threadOf()
  let opened = 0
  for (const [index, one] of receivedOf(
    Array.from({ length: 60 }, (_, n) => round(n * day)).flat(),
  ).entries()) {
    contact.insert(one)
    for (const [sign] of openingsIn(contact, one.receivedMs)) opened += sign
    contact.journalStale = false
    if (index === 100)
      expect(
        (contact.store() as unknown as { base: { past: unknown[] } }).base.past.length,
      ).toBeGreaterThan(20)
  }
  expect(opened).toBe(59) // Nobody opened the first one.
  const sessions = new Set([...contact.told].map((row) => keyOfRow(row).split('/')[0]))
  expect(sessions.size).toBeLessThan(60)
  const { past } = (
    contact.store() as unknown as { base: { past: { state: { session: number } }[] } }
  ).base
  expect(past[0]!.state.session).toBeGreaterThan(5)
  expect(contact.nextWakeMs(at(60 * day))).toBeLessThan(at(60 * day) + 40 * dayMs)
})

test('a session that a late event takes away is taken back', () => {
  const contact = threadOf()
  const [first, second, late] = receivedOf([
    customer(0),
    customer(day + 60),
    agent(hour, 'a-1'),
  ]) as [Received, Received, Received]
  for (const one of [first, second]) contact.insert(one)
  expect(openingsIn(contact, second.receivedMs)).toEqual([[1, day + 60]])
  contact.insert({ ...late, receivedMs: (second.receivedMs + minuteMs) as EpochMs })
  expect(openingsIn(contact, (second.receivedMs + hourMs) as EpochMs)).toEqual([[-1, day + 60]])
})
