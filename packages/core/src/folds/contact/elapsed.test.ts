import { describe, expect, test } from 'vitest'
import { defaultTenantConfig, type TenantConfig } from '../../config/tenant-config.ts'
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
  told,
  type Happened,
} from './contact.test-support.ts'

const chat = opened(0, { queue: 'sales' })
const outbound = opened(0, { direction: 'outbound', queue: 'sales' })
const happens = (
  second: number,
  type: 'contact.pended' | 'contact.resumed' | 'contact.closed' | 'contact.reopened',
): Happened => [second, type]
const pended = (second: number) => happens(second, 'contact.pended')
const resumed = (second: number) => happens(second, 'contact.resumed')
const reopened = (second: number) => happens(second, 'contact.reopened')

/** What one measure counts: `value@second queue/agent`. */
function timesOf(
  happened: readonly Happened[],
  name: string,
  config: Partial<TenantConfig> = {},
): string[] {
  const { values, seconds, credits } = told(happened, { config, untilSecond: 24 * hourSeconds })
  return (values[name] ?? []).map(
    (value, n) => `${value}@${seconds[name]![n]} ${credits[name]![n]}`,
  )
}

describe('an agent gets to work on a contact', () => {
  test.each<[rule: string, happened: readonly Happened[], starts: readonly string[]]>([
    ['with the first assignment', [chat, assigned(7, 'a-1')], ['7@7 sales/a-1']],
    [
      'or the first public message of a human',
      [chat, agent(5, 'a-2'), assigned(7, 'a-1')],
      ['5@5 sales/a-2'],
    ],
    [
      'also of one that was sent for it by a bot’s help',
      [chat, agent(5, 'a-2', { automatic: 'assisted' })],
      ['5@5 sales/a-2'],
    ],
    ['not with a private message', [chat, agent(5, 'a-2', { visibility: 'private' })], []],
    ['nor an automatic one', [chat, agent(5, 'a-2', { automatic: true })], []],
    ['nor that of a bot', [chat, bot(5)], []],
    ['nor by a resolution', [chat, resolved(9, 'a-1')], []],
    [
      'once, whoever comes later',
      [chat, assigned(7, 'a-1'), assigned(9, 'a-2')],
      ['7@7 sales/a-1'],
    ],
    [
      'a message of nobody known is of its owner, else of nobody',
      [chat, agent(5)],
      ['5@5 sales/none'],
    ],
    [
      'in the queue that the assignment names',
      [chat, assigned(7, 'a-1', 'billing')],
      ['7@7 billing/a-1'],
    ],
    [
      'in the queue that is told just after it',
      [opened(0), assigned(7, 'a-1'), queued(8, 'billing')],
      ['7@7 billing/a-1'],
    ],
    [
      'not in one that is told too late for that',
      [opened(0), assigned(7, 'a-1'), queued(10, 'billing')],
      ['7@7 none/a-1'],
    ],
    ['an outbound one, not before its customer writes', [outbound, assigned(7, 'a-1')], []],
    [
      'but after that',
      [outbound, assigned(7, 'a-1'), customer(20), agent(25, 'a-1')],
      ['5@25 sales/a-1'],
    ],
    [
      'though a bot has it',
      [opened(0, { handledBy: 'bot' }), assigned(7, 'a-1')],
      ['7@7 none/a-1'],
    ],
    [
      'of a call, that takes it',
      [opened(0, { channel: 'voice' }), assigned(7, 'a-1')],
      ['7@7 none/a-1'],
    ],
  ])('%s', (_rule, happened, starts) => {
    expect(timesOf(happened, 'timeToStart')).toEqual(starts)
  })
})

describe('a resolution takes', () => {
  const names = ['FromRequest', 'FromStart', 'ToLast'] as const
  const all = (happened: readonly Happened[]) =>
    names.map((name) => timesOf(happened, `resolutionTime${name}`))

  test.each<
    [
      rule: string,
      happened: readonly Happened[],
      fromRequest: readonly string[],
      fromStart: readonly string[],
      toLast: readonly string[],
    ]
  >([
    ['nothing without one', [chat, assigned(7, 'a-1')], [], [], []],
    [
      'the time since the request, and since the start',
      [chat, assigned(7, 'a-1'), resolved(20)],
      ['20@20 sales/a-1'],
      ['13@20 sales/a-1'],
      ['20@20 sales/a-1'],
    ],
    [
      'none since a start where nobody started',
      [chat, resolved(20, 'a-1')],
      ['20@20 sales/a-1'],
      [],
      ['20@20 sales/a-1'],
    ],
    [
      'none since one that came later',
      [chat, resolved(20, 'a-1'), assigned(30, 'a-1')],
      ['20@20 sales/a-1'],
      [],
      ['20@20 sales/a-1'],
    ],
    [
      'the first, and the last one up to now, with its own credit',
      [
        chat,
        assigned(7, 'a-1'),
        resolved(20),
        reopened(30),
        queued(31, 'billing'),
        resolved(40, 'a-2'),
      ],
      ['20@20 sales/a-1'],
      ['13@20 sales/a-1'],
      ['40@40 billing/a-2'],
    ],
    [
      'the last one that there was, of a contact that is open again',
      [chat, resolved(20, 'a-1'), reopened(30)],
      ['20@20 sales/a-1'],
      [],
      ['20@20 sales/a-1'],
    ],
    [
      'time since its customer’s first message, where it was outbound',
      [outbound, assigned(7, 'a-1'), customer(20), agent(24, 'a-1'), resolved(30)],
      ['10@30 sales/a-1'],
      ['6@30 sales/a-1'],
      ['10@30 sales/a-1'],
    ],
  ])('%s', (_rule, happened, ...times) => {
    expect(all(happened)).toEqual(times)
  })

  const byRelease: Partial<TenantConfig> = {
    resolvedBy: { ...defaultTenantConfig.resolvedBy, voice: 'release' },
  }
  const call = [opened(0, { channel: 'voice' }), assigned(5, 'a-1'), released(9, 'a-1')]

  test.each<[rule: string, happened: readonly Happened[], toLast: readonly string[]]>([
    ['the last release of a call', call, ['9@9 none/a-1']],
    ['not a release after which it goes on', [...call, assigned(12, 'a-2')], []],
    [
      'but the last one before that',
      [...call, reopened(20), assigned(21, 'a-2'), released(30, 'a-2'), assigned(32, 'a-3')],
      ['9@9 none/a-1'],
    ],
    ['and the event that says the same again', [...call, resolved(15, 'a-1')], ['15@15 none/a-1']],
  ])('to the last: %s', (_rule, happened, toLast) => {
    expect(timesOf(happened, 'resolutionTimeToLast', byRelease)).toEqual(toLast)
  })
})

describe('active time is that in which the contact was not pended', () => {
  const active = (happened: readonly Happened[], config: Partial<TenantConfig> = {}) =>
    ['FromRequest', 'FromStart', 'ToLast'].flatMap((name): readonly (number | null)[] => {
      const { values } = told(happened, { config, untilSecond: 24 * hourSeconds })
      return values[`resolutionTime${name}Active`] ?? [null]
    })

  test.each<
    [
      rule: string,
      happened: readonly Happened[],
      fromRequest: number | null,
      fromStart: number | null,
      toLast: number | null,
    ]
  >([
    ['all of it, where it never was', [chat, assigned(10, 'a-1'), resolved(100)], 100, 90, 100],
    [
      'less each pend, up to its end',
      [
        ...[chat, assigned(10, 'a-1'), pended(20), resumed(30), pended(40), resumed(60)],
        resolved(100),
      ],
      70,
      60,
      70,
    ],
    [
      'less one that goes on, up to the resolution',
      [chat, assigned(10, 'a-1'), pended(20), resolved(100)],
      20,
      10,
      20,
    ],
    [
      'since the start less what was pended after it',
      [chat, pended(5), assigned(10, 'a-1'), resumed(30), resolved(100)],
      75,
      70,
      75,
    ],
    [
      'one pend within another is none',
      [chat, assigned(10, 'a-1'), pended(20), pended(30), resumed(40), resumed(50), resolved(100)],
      80,
      70,
      80,
    ],
    ['resumed without a pend is nothing', [chat, resumed(30), resolved(100)], 100, null, 100],
    [
      'a resolution ends a pend: what comes after it is active',
      [chat, pended(20), resolved(30), reopened(50), resolved(100)],
      20,
      null,
      90,
    ],
    [
      'a reopening ends a pend',
      [chat, pended(20), happens(30, 'contact.closed'), reopened(50), resolved(100)],
      70,
      null,
      70,
    ],
    [
      'what was pended before anybody asked is of no request',
      [outbound, pended(5), resumed(8), pended(10), customer(20), resumed(50), resolved(100)],
      50,
      null,
      50,
    ],
  ])('%s', (_rule, happened, ...times) => {
    expect(active(happened)).toEqual(times)
  })

  test('on the same clock as the time that it is taken from', () => {
    const minute = 60
    // Open from 10:00, an hour after the test’s day begins.
    const office = {
      hours: [{ days: [1, 2, 3, 4, 5, 6, 7], fromMinute: 600, toMinute: 1_080 }],
      holidays: [],
      workdays: [],
    }
    const config: Partial<TenantConfig> = {
      ...{ calendars: { office }, calendar: 'office', timeZone: 'UTC' },
      clock: { live: 'business', deferred: 'business' },
    }
    const happened = [
      ...[chat, pended(30 * minute), resumed(90 * minute)],
      resolved(120 * minute, 'a-1'),
    ]
    const { values } = told(happened, { config, untilSecond: 24 * hourSeconds })
    expect(values['resolutionTimeFromRequest']).toEqual([60 * minute])
    expect(values['resolutionTimeFromRequestActive']).toEqual([30 * minute])
    // A reading on the calendar takes that out, and puts 60 of 120 minutes in.
    expect(values['resolutionTimeFromRequestActive-calendar']).toEqual([30 * minute, 60 * minute])
  })

  test('a close that resolves ends a pend, any other does not', () => {
    const happened = [
      ...[chat, assigned(10, 'a-1'), pended(20), happens(30, 'contact.closed'), reopened(50)],
      resolved(100),
    ]
    const byClose = { ...defaultTenantConfig.resolvedBy, live: 'close' } as const
    expect(active(happened, { resolvedBy: byClose }).at(2)).toBe(90)
    expect(active(happened).at(2)).toBe(70)
  })
})
