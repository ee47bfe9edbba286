import { describe, expect, test } from 'vitest'
import {
  agent,
  assigned,
  bot,
  customer,
  hourSeconds,
  opened,
  resolved,
  told,
  type Happened,
} from './contact.test-support.ts'

const chat = opened(0, { queue: 'sales' })
const closed = (second: number): Happened => [second, 'contact.closed']
const reopened = (second: number): Happened => [second, 'contact.reopened', { by: 'agent' }]
const beyond = (second: number, inAuthority = false): Happened => [
  second,
  'contact.updated',
  { inAuthority },
]
const transferred = (second: number, mode?: string): Happened => [
  second,
  'contact.transferred',
  { mode },
]
const answered = [chat, assigned(5, 'a-1'), customer(6), agent(7, 'a-1')]

/** `second queue/agent` of each that counts in the measures. */
const counted = (happened: readonly Happened[], ...names: readonly string[]): string[][] => {
  const { seconds, credits } = told(happened, { untilSecond: 200 * hourSeconds })
  return names.map((name) =>
    (seconds[name] ?? []).map((second, n) => `${second} ${credits[name]![n]}`),
  )
}

describe('first-contact resolution within authority', () => {
  test.each<
    [rule: string, happened: readonly Happened[], due: readonly string[], solved: readonly string[]]
  >([
    ['counts what was resolved', [...answered, resolved(20)], ['20 sales/a-1'], ['20 sales/a-1']],
    ['not beyond it', [...answered, beyond(10), resolved(20)], [], []],
    ['by the last word, also a later one', [...answered, resolved(20), beyond(30)], [], []],
    [
      'which may take that back',
      [...answered, beyond(10), resolved(20), beyond(30, true)],
      ['20 sales/a-1'],
      ['20 sales/a-1'],
    ],
    [
      'as the opening says',
      [opened(0, { inAuthority: false }), assigned(5, 'a-1'), resolved(20)],
      [],
      [],
    ],
    [
      'a close without a resolution was not solved',
      [...answered, closed(20)],
      ['20 sales/a-1'],
      [],
    ],
    ['nor one beyond authority counted', [...answered, beyond(10), closed(20)], [], []],
    [
      'the first close, however often',
      [...answered, closed(20), reopened(30), closed(40)],
      ['20 sales/a-1'],
      [],
    ],
    [
      'a resolution after it counts instead',
      [...answered, closed(20), reopened(30), resolved(40)],
      ['40 sales/a-1'],
      ['40 sales/a-1'],
    ],
    [
      'a close after the resolution is none',
      [...answered, resolved(20), closed(30)],
      ['20 sales/a-1'],
      ['20 sales/a-1'],
    ],
    ['not what no human handled', [chat, customer(3), closed(20)], [], []],
    ['nor what a bot closed', [opened(0, { handledBy: 'bot' }), closed(20)], [], []],
    ['nor what a bot turns out to have closed', [opened(0), closed(20), bot(30)], [], []],
    [
      'the first close after humans handled it',
      [chat, customer(3), closed(20), reopened(30), ...[agent(35, 'a-1'), closed(40)]],
      ['40 sales/a-1'],
      [],
    ],
    [
      'nor what no customer opened',
      [opened(0, { openedBy: 'system' }), assigned(5, 'a-1'), closed(20)],
      [],
      [],
    ],
  ])('%s', (_rule, happened, ...expected) => {
    expect(counted(happened, 'fcrNetDue', 'fcrNetSolved')).toEqual(expected)
  })

  test('a close has the topic of its instant', () => {
    const topic = (second: number, word: string): Happened => [
      second,
      'contact.updated',
      { topic: word },
    ]
    const { counted: all } = told([
      ...answered,
      topic(10, 'refund'),
      closed(20),
      topic(30, 'login'),
    ])
    expect(all.find(({ measure }) => measure.name === 'fcrNetDue')!.dimensions.topic).toBe('refund')
  })
})

describe('of contacts opened', () => {
  const day = 24 * hourSeconds
  test.each<[rule: string, happened: readonly Happened[], resolvedInTime: readonly string[]]>([
    ['one that was resolved at exactly 24 h is in time', [chat, resolved(day)], ['0 sales/*']],
    ['one a second later is not', [chat, resolved(day + 1)], []],
    ['nor one that never was', [chat], []],
    ['nor what a bot alone resolved', [opened(0, { handledBy: 'bot' }), resolved(9)], []],
    [
      'one that was resolved before its opening was',
      [[0, 'contact.queued', { queue: 'help' }], resolved(5, 'a-1'), opened(9)],
      ['9 help/*'],
    ],
    ['an outbound one is none', [opened(0, { direction: 'outbound' }), resolved(9)], []],
  ])('%s', (_rule, happened, resolvedInTime) => {
    expect(counted(happened, 'openedResolvedInTime')).toEqual([resolvedInTime])
  })
})

describe('the first level resolves', () => {
  const escalated = (second: number): Happened => [second, 'contact.escalated']
  test.each<
    [
      rule: string,
      happened: readonly Happened[],
      inAuthority: readonly string[],
      firstLevel: readonly string[],
    ]
  >([
    ['what nobody else had to', [...answered, resolved(20)], ['20 sales/a-1'], ['20 sales/a-1']],
    [
      'not what was escalated before',
      [...answered, escalated(10), resolved(20)],
      ['20 sales/a-1'],
      [],
    ],
    [
      'not what was transferred cold',
      [...answered, transferred(10), resolved(20)],
      ['20 sales/a-1'],
      [],
    ],
    ['nor warm', [...answered, transferred(10, 'warm'), resolved(20)], ['20 sales/a-1'], []],
    [
      'though somebody else was asked',
      [...answered, transferred(10, 'consult'), resolved(20)],
      ['20 sales/a-1'],
      ['20 sales/a-1'],
    ],
    [
      'whatever comes after it',
      [...answered, resolved(20), reopened(30), escalated(40), transferred(41), resolved(50)],
      ['20 sales/a-1'],
      ['20 sales/a-1'],
    ],
    ['nothing beyond authority', [...answered, beyond(10), resolved(20)], [], []],
    [
      'what a bot passed on to it',
      [opened(0, { handledBy: 'bot' }), transferred(3), assigned(5, 'a-1'), resolved(20)],
      ['20 none/a-1'],
      ['20 none/a-1'],
    ],
  ])('%s', (_rule, happened, ...expected) => {
    expect(counted(happened, 'firstResolutionInAuthority', 'firstResolutionFirstLevel')).toEqual(
      expected,
    )
  })
})

describe('at the end of its first human part a contact', () => {
  const ends = (second: number): Happened => [second, 'contact.unassigned', { agentId: 'a-1' }]
  test.each<
    [
      rule: string,
      happened: readonly Happened[],
      unresolved: readonly string[],
      resolvedLater: readonly string[],
    ]
  >([
    ['is resolved by what ends it', [...answered, resolved(20)], [], []],
    ['or was resolved before', [...answered, resolved(20), reopened(30), ends(40)], [], []],
    ['or is at the same instant', [...answered, ends(20), resolved(20, 'a-1')], [], []],
    ['is not resolved', [...answered, ends(20)], ['20 sales/a-1'], []],
    [
      'and is later',
      [...answered, ends(20), assigned(25, 'a-2'), resolved(30)],
      ['20 sales/a-1'],
      ['20 sales/a-1'],
    ],
    ['a close alone is no resolution', [...answered, closed(20)], ['20 sales/a-1'], []],
    ['has none', [...answered], [], []],
  ])('%s', (_rule, happened, ...expected) => {
    expect(counted(happened, 'firstPartUnresolved', 'firstPartResolvedLater')).toEqual(expected)
  })
})
