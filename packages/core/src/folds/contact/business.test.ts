import { describe, expect, test } from 'vitest'
import {
  defaultTenantConfig,
  type LimitOverride,
  type TenantConfig,
} from '../../config/tenant-config.ts'
import { futureMaxMs } from '../../config/versions.ts'
import { contribute } from '../../families/contribute.ts'
import type { WaitingRow } from '../../open/entry.ts'
import type { BusinessCalendar } from '../../time/business-hours.ts'
import { hourMs, minuteMs, type EpochMs } from '../../time/time.ts'
import { Contact } from './contact.ts'

const minuteOf = (clock: string): number => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3))
const weekly = (...stretches: readonly (readonly [string, string])[]): BusinessCalendar => ({
  hours: stretches.map(([from, to]) => ({
    days: [1, 2, 3, 4, 5],
    fromMinute: minuteOf(from),
    toMinute: minuteOf(to),
  })),
  holidays: [{ from: '2026-10-01', to: '2026-10-07', name: 'National Day' }],
  workdays: [{ date: '2026-10-10', fromMinute: minuteOf('09:00'), toMinute: minuteOf('18:00') }],
})
const office = weekly(['09:00', '12:00'], ['13:30', '18:00'])

const config: TenantConfig = {
  ...defaultTenantConfig,
  timeZone: 'Asia/Shanghai',
  calendars: { office, late: weekly(['12:00', '21:00']) },
  calendar: 'office',
}

/** Local time of Shanghai. */
const at = (text: string): EpochMs => Date.parse(`${text}+08:00`) as EpochMs
const local = (ms: number): string => new Date(ms + 8 * hourMs).toISOString().slice(0, -1)

type Step = readonly [time: string, from: 'customer' | 'agent']
type Given = {
  readonly channel?: string
  readonly queue?: string
  readonly config?: Partial<TenantConfig>
  readonly versions?: readonly { readonly from: string; readonly config: TenantConfig }[]
  readonly until?: string
}

function contactOf(
  steps: readonly Step[],
  { channel = 'email', queue = 'billing', versions = [], ...given }: Given,
): { readonly contact: Contact; readonly untilMs: EpochMs } {
  const first = { ...config, ...given.config }
  const configAt = (atMs: number): TenantConfig =>
    versions.findLast(({ from }) => at(from) <= atMs)?.config ?? first
  const changes = versions.map(({ from, config: then }) => ({
    ...{ id: from, fromMs: at(from), config: then },
    takenMs: at(from) - futureMaxMs - 1,
  }))
  const contact = new Contact('c-1', configAt, null, [], () => changes)
  const events = [
    { type: 'contact.opened' as const, time: steps[0]![0], data: { channel, queue } },
    ...steps.map(([time, from]) => ({ type: 'message.sent' as const, time, data: { from } })),
  ]
  for (const [index, { type, time, data }] of events.entries()) {
    const event = {
      ...{ type, id: `e-${index}`, source: '/test', sequence: String(index), tenant: 'acme' },
      timeMs: at(time),
      data: { contactId: 'c-1', ...data },
    }
    contact.insert({ event, receivedMs: at(time), text: event.id })
  }
  const untilMs = at(given.until ?? steps.at(-1)![0])
  contact.settle(untilMs)
  return { contact, untilMs }
}

/** What it contributes, by measure: instants, in minutes a duration. */
function counted(steps: readonly Step[], given: Given = {}): Readonly<Record<string, unknown>> {
  const { contact, untilMs } = contactOf(steps, given)
  const found: Record<string, string[]> = {}
  for (const { row, sign } of contact.take(untilMs).rows) {
    if (sign === 1)
      contribute(row, ({ name, kind }, { atMs }, value, _scope, _endMs, times = 1) => {
        const amount = kind === 'duration' ? `${(times * value) / minuteMs} min` : `${value}`
        ;(found[name] ??= []).push(`${local(atMs)} ${amount}`)
      })
  }
  return found
}

function dueAt(steps: readonly Step[], given: Given = {}): string {
  const { contact, untilMs } = contactOf(steps, given)
  return local((contact.take(untilMs).open!.now.wait!.row as WaitingRow).dueAtMs)
}

describe('an owed reply is due on the clock of its class', () => {
  test.each([
    ['an e-mail at 17:55 with an hour', '2026-09-28T17:55', {}, '2026-09-29T09:55:00.000'],
    ['before lunch', '2026-09-28T11:30', {}, '2026-09-28T14:00:00.000'],
    ['at the end of the day exactly', '2026-09-28T17:00', {}, '2026-09-28T18:00:00.000'],
    ['before opening', '2026-09-28T07:00', {}, '2026-09-28T10:00:00.000'],
    ['before the holidays', '2026-09-30T17:55', {}, '2026-10-08T09:55:00.000'],
    ['on a Saturday that is worked', '2026-10-10T12:00', {}, '2026-10-10T13:00:00.000'],
    ['on a Saturday that is not', '2026-10-17T12:00', {}, '2026-10-19T10:00:00.000'],
    [
      'a chat, which runs on calendar time',
      '2026-09-28T17:59:50',
      { channel: 'chat' },
      '2026-09-28T18:00:18.000',
    ],
    [
      'a chat on business time',
      '2026-09-28T17:59:50',
      { channel: 'chat', config: { clock: { live: 'business', deferred: 'business' } } },
      '2026-09-29T09:00:18.000',
    ],
    [
      'an e-mail on calendar time',
      '2026-09-28T17:55',
      { config: { clock: { live: 'calendar', deferred: 'calendar' } } },
      '2026-09-28T18:55:00.000',
    ],
    [
      'in a queue with a calendar of its own',
      '2026-09-28T20:30',
      { queue: 'night', config: { queueCalendars: { night: 'late' } } },
      '2026-09-29T12:30:00.000',
    ],
    [
      'in a queue with a calendar where the tenant has none',
      '2026-09-28T20:30',
      { queue: 'night', config: { queueCalendars: { night: 'late' }, calendar: null } },
      '2026-09-29T12:30:00.000',
    ],
    [
      'in another queue of that tenant',
      '2026-09-28T20:30',
      { config: { queueCalendars: { night: 'late' }, calendar: null } },
      '2026-09-28T21:30:00.000',
    ],
  ] as const)('%s', (_, time, given, due) => {
    expect(dueAt([[time, 'customer']], given)).toBe(due)
  })

  test('by the limit of its queue and priority, as on calendar time', () => {
    const limitOverrides: LimitOverride[] = [{ queue: 'billing', firstResponseMs: 10 * minuteMs }]
    expect(dueAt([['2026-09-28T17:55', 'customer']], { config: { limitOverrides } })).toBe(
      '2026-09-29T09:05:00.000',
    )
  })
})

describe('a calendar that changes while a customer waits', () => {
  const longer = { ...config, calendars: { office: weekly(['09:00', '20:00']) } }
  const closed = { ...config, calendars: { office: weekly(['15:00', '18:00']) } }
  const known = (from: string): string => local(at(from) - futureMaxMs - 1)

  test.each([
    ['is open longer from then on', longer, '2026-09-28T17:58', '2026-09-28T18:55:00.000'],
    ['opens later on the next day', closed, '2026-09-28T22:00', '2026-09-29T15:55:00.000'],
    ['changes after it was due', closed, '2026-09-29T10:00', '2026-09-29T09:55:00.000'],
    [
      'changes in the midst of the last hour',
      closed,
      '2026-09-29T09:30',
      '2026-09-29T15:25:00.000',
    ],
  ])('%s: each part counts by the version in force then', (_, next, from, due) => {
    const given = { versions: [{ from, config: next }], until: from }
    expect(dueAt([['2026-09-28T17:55', 'customer']], given)).toBe(due)
    const { replyTime } = counted(
      [
        ['2026-09-28T17:55', 'customer'],
        [due.slice(0, -4), 'agent'],
      ],
      given,
    )
    expect(replyTime).toEqual([`${due} 60 min`])
  })

  test('counts from when it is known of, not before', () => {
    const from = '2026-09-28T22:00'
    const versions = [{ from, config: closed }]
    const before = local(at(known(from)) - 1)
    const due = (until: string): string =>
      dueAt([['2026-09-28T17:55', 'customer']], { versions, until })
    expect([due(before), due(known(from))]).toEqual([
      '2026-09-29T09:55:00.000',
      '2026-09-29T15:55:00.000',
    ])
  })
})

describe('a reply that is given', () => {
  const overnight: Step[] = [
    ['2026-09-28T17:55', 'customer'],
    ['2026-09-29T09:30', 'agent'],
  ]

  test('counts on the clock of its class, and what a reading on the other clock adds stands beside it', () => {
    expect(counted(overnight)).toMatchObject({
      replyTime: ['2026-09-29T09:30:00.000 35 min'],
      'replyTime-calendar': ['2026-09-29T09:30:00.000 -35 min', '2026-09-29T09:30:00.000 935 min'],
      replyWithin: ['2026-09-29T09:30:00.000 1'],
      'replyWithin-calendar': ['2026-09-29T09:30:00.000 -1'],
      replyDueWithin: ['2026-09-29T09:30:00.000 1'],
      'replyDue-calendar': ['2026-09-29T09:30:00.000 -1', '2026-09-28T18:55:00.000 1'],
      'replyDueWithin-calendar': ['2026-09-29T09:30:00.000 -1'],
    })
  })

  test('has nothing beside it where no calendar is configured', () => {
    const names = Object.keys(counted(overnight, { config: { calendar: null } }))
    expect(names.filter((name) => name.includes('-'))).toEqual([])
  })

  test('at its due instant is within, a millisecond later it is not, although the center is closed and no business time has passed since', () => {
    const given = (time: string): unknown =>
      counted([
        ['2026-09-28T17:00', 'customer'],
        [time, 'agent'],
      ])['replyWithin']
    expect(given('2026-09-28T18:00')).toEqual(['2026-09-28T18:00:00.000 1'])
    expect(given('2026-09-28T18:00:00.001')).toBeUndefined()
  })
})

describe('a contact that begins outside of its hours', () => {
  const sunday: Step[] = [
    ['2026-09-27T12:00', 'customer'],
    ['2026-09-28T09:20', 'agent'],
    ['2026-09-28T09:30', 'customer'],
    ['2026-09-28T09:40', 'agent'],
  ]
  const outside = (rule: 'count' | 'exclude' | 'separate') =>
    counted(sunday, { config: { outsideHours: { live: 'count', deferred: rule } } })

  test('counts like all others, from the next opening on', () => {
    expect(outside('count')['replyTime']).toEqual([
      '2026-09-28T09:20:00.000 20 min',
      '2026-09-28T09:40:00.000 10 min',
    ])
  })

  test('is in no KPI of response where it is excluded', () => {
    const names = Object.keys(outside('exclude'))
    expect(names.filter((name) => /repl|due|within/i.test(name))).toEqual([])
    expect(names).toContain('contactAnswered')
  })

  test('is in KPIs of its own alone where it is kept apart', () => {
    const names = Object.keys(outside('separate')).filter((name) => /repl|due|within/i.test(name))
    expect(names.filter((name) => !name.startsWith('afterHours'))).toEqual([])
    expect(outside('separate')).toMatchObject({
      afterHoursReplyTime: ['2026-09-28T09:20:00.000 20 min', '2026-09-28T09:40:00.000 10 min'],
      afterHoursFirstReplyTime: ['2026-09-28T09:20:00.000 20 min'],
      afterHoursReplyDueWithin: ['2026-09-28T09:20:00.000 1', '2026-09-28T09:40:00.000 1'],
    })
  })

  test('is judged by its beginning, however late the customer writes again', () => {
    const steps: Step[] = [
      ['2026-09-28T17:30', 'customer'],
      ['2026-09-28T19:00', 'customer'],
      ['2026-09-28T19:30', 'agent'],
    ]
    const config = { outsideHours: { live: 'count', deferred: 'exclude' } } as const
    expect(counted(steps, { config })['replyTime']).toEqual(['2026-09-28T19:30:00.000 30 min'])
  })
})
