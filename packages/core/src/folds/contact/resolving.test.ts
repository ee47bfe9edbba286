import { describe, expect, test } from 'vitest'
import { defaultTenantConfig, type TenantConfig } from '../../config/tenant-config.ts'
import { minuteMs } from '../../time/time.ts'
import {
  assigned,
  bot,
  customer,
  opened,
  queued,
  released,
  resolved,
  told,
  type Happened,
} from './contact.test-support.ts'

/** Every class has ten minutes, a queue and a priority have limits of their own. It is Monday, 09:00. */
const limits = Object.fromEntries(
  Object.entries(defaultTenantConfig.limits).map(([name, limit]) => [
    name,
    { ...limit, resolutionMs: 10 * minuteMs },
  ]),
) as TenantConfig['limits']
const config: Partial<TenantConfig> = {
  limits,
  limitOverrides: [
    { queue: 'slow', resolutionMs: 20 * minuteMs },
    { queue: 'slow', priority: 'high', resolutionMs: 5 * minuteMs },
    { queue: 'free', resolutionMs: null },
  ],
  pendedPauses: { voice: false, live: true, deferred: true },
}
const minute = (n: number): number => n * 60
const happens = (
  second: number,
  type:
    'contact.pended' | 'contact.resumed' | 'contact.closed' | 'contact.ended' | 'contact.reopened',
): Happened => [second, type]

/** The minutes at which it was due, and at which it was within. */
function due(happened: readonly Happened[], changed: Partial<TenantConfig> = {}) {
  const { seconds } = told(happened, { config: { ...config, ...changed } })
  const minutes = (name: string) => (seconds[name] ?? []).map((second) => second / 60)
  return [minutes('resolutionDue'), minutes('resolutionDueWithin')]
}

describe('a request is due to be resolved once, at min(resolution, limit)', () => {
  const chat = opened(0)
  test.each<[rule: string, happened: Happened[], due: number[], within: number[]]>([
    ['resolved before the limit', [chat, resolved(minute(4))], [4], [4]],
    ['resolved at the limit', [chat, resolved(minute(10))], [10], [10]],
    ['resolved a second after it', [chat, resolved(minute(10) + 1)], [10], []],
    ['never resolved', [chat], [10], []],
    ['over without a resolution', [chat, happens(minute(5), 'contact.closed')], [], []],
    [
      'over, and resolved in time',
      [chat, happens(minute(5), 'contact.ended'), resolved(minute(6))],
      [6],
      [6],
    ],
    [
      'over, and resolved after it',
      [chat, happens(minute(5), 'contact.ended'), resolved(minute(16))],
      [],
      [],
    ],
    [
      'over when it passed, and reopened',
      [chat, happens(minute(5), 'contact.ended'), happens(minute(12), 'contact.reopened')],
      [],
      [],
    ],
    [
      'over, but reopened before it passed',
      [chat, happens(minute(5), 'contact.ended'), happens(minute(6), 'contact.reopened')],
      [10],
      [],
    ],
    [
      'resolved in time, and reopened',
      [chat, resolved(minute(4)), happens(minute(6), 'contact.reopened')],
      [4],
      [4],
    ],
    [
      'a bot’s alone when it passed',
      [opened(0, { handledBy: 'bot' }), bot(1), assigned(minute(11), 'a-1')],
      [],
      [],
    ],
    ['with a limit of its queue', [opened(0, { queue: 'slow' }), resolved(minute(15))], [15], [15]],
    [
      'with one of its priority',
      [opened(0, { queue: 'slow', priority: 'high' }), resolved(minute(15))],
      [5],
      [],
    ],
    ['in a queue without a limit', [opened(0, { queue: 'free' }), resolved(minute(15))], [], []],
    [
      'moved to a queue with another limit: it is fixed at the request',
      [chat, queued(60, 'slow')],
      [10],
      [],
    ],
    [
      'written to first: from the customer’s message on',
      [opened(0, { openedBy: 'agent' }), customer(minute(5)), resolved(minute(14))],
      [14],
      [14],
    ],
  ])('%s', (_, happened, at, within) => {
    expect(due(happened)).toEqual([at, within])
  })

  test('a call that its release resolved, and that goes on after the limit, was missed at the limit', () => {
    const call = [opened(0, { channel: 'voice' }), assigned(10, 'a-1'), released(minute(5), 'a-1')]
    expect(due(call)).toEqual([[5], [5]])
    expect(due([...call, queued(minute(12), 'tech')])).toEqual([[10], []])
  })
})

describe('a limit stands still while the contact is pended', () => {
  const [chat, pended] = [opened(0), happens(minute(4), 'contact.pended')]
  test.each<[rule: string, happened: Happened[], due: number[], within: number[]]>([
    ['until it is resumed', [chat, pended, happens(minute(24), 'contact.resumed')], [30], []],
    ['for good', [chat, pended], [], []],
    ['and is kept by a resolution meanwhile', [chat, pended, resolved(minute(60))], [60], [60]],
    [
      'until it is reopened',
      [chat, pended, happens(minute(5), 'contact.closed'), happens(minute(20), 'contact.reopened')],
      [26],
      [],
    ],
    [
      'but not again for what is pended already',
      [chat, pended, happens(minute(9), 'contact.pended'), happens(minute(14), 'contact.resumed')],
      [20],
      [],
    ],
    ['but not once it has passed', [chat, happens(minute(11), 'contact.pended')], [10], []],
  ])('%s', (_, happened, at, within) => {
    expect(due(happened)).toEqual([at, within])
  })

  test('where configuration says so alone', () => {
    const pendedPauses = { voice: false, live: false, deferred: false }
    expect(due([chat, pended], { pendedPauses })).toEqual([[10], []])
  })

  test('on business time, too', () => {
    const office = {
      hours: [
        { days: [1], fromMinute: 9 * 60, toMinute: 9 * 60 + 6 },
        { days: [1], fromMinute: 9 * 60 + 30, toMinute: 18 * 60 },
      ],
      holidays: [],
      workdays: [],
    }
    const business = {
      calendars: { office },
      calendar: 'office',
      clock: { live: 'business', deferred: 'business' },
    } as const
    expect(due([chat], business)).toEqual([[34], []])
    const resumed = [chat, pended, happens(minute(40), 'contact.resumed')]
    expect(due(resumed, business)).toEqual([[46], []])
  })
})

describe('what the backlog knows of the limit of an open contact', () => {
  const limitOf = (happened: readonly Happened[]) => {
    const { backlog } = told(happened, { config })
    if (backlog === null) return null
    const { limitMs, dueAfterMs } = backlog
    return [limitMs, dueAfterMs].map((ms) => (ms === null ? null : ms / minuteMs))
  }
  const chat = opened(0)
  test.each<[rule: string, happened: Happened[], limit: (number | null)[] | null]>([
    ['it passes so long after the request', [chat], [10, 10]],
    ['there is none', [opened(0, { queue: 'free' })], [null, null]],
    ['it stands still', [chat, happens(minute(2), 'contact.pended')], [10, null]],
    [
      'it stood still for a while',
      [chat, happens(minute(2), 'contact.pended'), happens(minute(5), 'contact.resumed')],
      [10, 13],
    ],
    [
      'a pend after it passed changes nothing of it',
      [chat, happens(minute(11), 'contact.pended'), happens(minute(15), 'contact.resumed')],
      [10, 10],
    ],
    [
      'it goes on for a contact that is open again, whatever it came to',
      [chat, resolved(minute(4), 'a-1'), happens(minute(30), 'contact.reopened')],
      [10, 10],
    ],
    ['of one that is over nothing', [chat, resolved(minute(4), 'a-1')], null],
  ])('%s', (_rule, happened, limit) => {
    expect(limitOf(happened)).toEqual(limit)
  })
})
