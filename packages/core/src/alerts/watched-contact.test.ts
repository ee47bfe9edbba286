import { describe, expect, test } from 'vitest'
import type { ContactWaits } from '../folds/contact/waits.ts'
import type { DimensionValues } from '../measures/measure.ts'
import { at, contactRule } from './alert.test-support.ts'
import { decideDeadlines, unwatched, type WatchState } from './deadline.ts'
import { deadlineRulesFor } from './deadline-rules.ts'
import type { ContactRule } from './rule.ts'

type Wait = readonly [kind: 'reply' | 'queue', since: number, ended?: number]

const waitsOf = (waits: readonly Wait[], dimensions: DimensionValues = {}): ContactWaits => {
  const [kind, since] = waits.find(([, , ended]) => ended === undefined) ?? []
  return {
    current:
      kind === undefined
        ? null
        : { kind, sinceMs: at(since!), endedMs: null, lostAtMs: at(86_400) },
    past: waits.flatMap(([one, from, ended]) =>
      ended === undefined ? [] : [{ kind: one, sinceMs: at(from), endedMs: at(ended) }],
    ),
    dimensions: { queue: 'billing', agent: 'none', channel: 'chat', class: 'live', ...dimensions },
  }
}

const namesOf = (
  rules: readonly ContactRule[],
  waits: ContactWaits | null,
  state: WatchState = unwatched,
): string[] =>
  deadlineRulesFor(rules)
    .contacts.applied(waits, state)
    .map(({ rule }) => rule.name)

const owed: readonly Wait[] = [['reply', 0]]

describe('a rule applies', () => {
  test.each<[rule: string, slice: string, dimensions: DimensionValues, applies: boolean]>([
    ['everywhere', 'all', {}, true],
    ['in its queue', 'queue=billing', {}, true],
    ['not in another queue', 'queue=sales', {}, false],
    ['where both of its dimensions hold', 'queue=billing,priority=vip', { priority: 'vip' }, true],
    ['not where one of them does not', 'queue=billing,priority=vip', { priority: 'low' }, false],
    ['not where the contact lacks the dimension', 'priority=vip', {}, false],
    ['to contacts that nobody owns, if it asks for them', 'agent=none', {}, true],
    ['to an owner’s contacts', 'agent=a%3A1', { agent: 'a:1' }, true],
  ])('%s', (_rule, slice, dimensions, applies) => {
    expect(namesOf([contactRule('one', { slice })], waitsOf(owed, dimensions))).toEqual(
      applies ? ['one'] : [],
    )
  })

  test('to its channel classes alone', () => {
    const rules = [
      contactRule('live', { classes: ['live'] }),
      contactRule('deferred', { classes: ['deferred'] }),
    ]
    expect(namesOf(rules, waitsOf(owed, { class: 'deferred' }))).toEqual(['deferred'])
  })

  test('beside others of the same queue, of other queues and dimensions, and everywhere', () => {
    const slices = [
      'all',
      'queue=billing',
      'queue=sales',
      'queue=billing',
      'channel=chat',
      'channel=chat,priority=vip',
      'all',
    ]
    const rules = slices.map((slice, number) =>
      contactRule(`${number} ${slice}`, { slice, classes: ['live', 'voice'] }),
    )
    const apply = (dimensions: DimensionValues): readonly string[] =>
      namesOf(rules, waitsOf(owed, dimensions)).toSorted()
    expect(apply({})).toEqual([
      '0 all',
      '1 queue=billing',
      '3 queue=billing',
      '4 channel=chat',
      '6 all',
    ])
    expect(apply({ queue: 'sales', class: 'voice', priority: 'vip' })).toEqual([
      ...['0 all', '2 queue=sales', '4 channel=chat', '5 channel=chat,priority=vip', '6 all'],
    ])
  })

  test('if it is enabled', () => {
    expect(namesOf([contactRule('off', { enabled: false })], waitsOf(owed))).toEqual([])
  })

  test('to nothing where nothing is waited for and nothing fires', () => {
    expect(namesOf([contactRule('one')], waitsOf([['reply', 0, 20]]))).toEqual([])
  })

  test('to no contact that nobody is to watch', () => {
    expect(namesOf([contactRule('one')], null)).toEqual([])
  })
})

test('a rule looks at its own kinds of waits alone', () => {
  const { contacts } = deadlineRulesFor([contactRule('queues', { waits: ['queue'] })])
  const [applied] = contacts.applied(waitsOf([['queue', 0, 20], ['reply', 30]]), unwatched) // prettier-ignore
  expect(applied).toMatchObject({ current: null, past: [{ kind: 'queue' }] })
})

test('rules are made ready once for each version of them', () => {
  const rules = [contactRule('one')]
  expect(deadlineRulesFor(rules)).toBe(deadlineRulesFor(rules))
})

test('a rule whose slice is no slice is refused', () => {
  expect(() => deadlineRulesFor([contactRule('one', { slice: 'weather=fine' })])).toThrow(
    RangeError,
  )
})

describe('an alert of a contact that has left the rule’s slice', () => {
  const rules = deadlineRulesFor([contactRule('billing', { slice: 'queue=billing' })])
  const decide = (state: WatchState, second: number, waits: ContactWaits | null) =>
    decideDeadlines(state, rules.contacts.applied(waits, state), at(second), 'UTC')
  const { state: firing } = decide(unwatched, 30, waitsOf(owed))

  test.each<[rule: string, waits: ContactWaits | null, end: object]>([
    [
      'is withdrawn while the wait goes on',
      waitsOf(owed, { queue: 'sales' }),
      { end: 'withdrawn', endedMs: at(60) },
    ],
    [
      'is over when its wait is',
      waitsOf([['reply', 0, 50]], { queue: 'sales' }),
      { end: 'over', endedMs: at(50) },
    ],
    [
      'is over when its wait is, whatever goes on there',
      waitsOf([['reply', 0, 50], ['reply', 55]], { queue: 'sales' }), // prettier-ignore
      { end: 'over', endedMs: at(50) },
    ],
    [
      'is retracted if the answer had come in time',
      waitsOf([['reply', 0, 10]], { queue: 'sales' }),
      { end: 'retracted', endedMs: at(30) },
    ],
    [
      'is withdrawn when nobody is to watch the contact any more',
      null,
      { end: 'withdrawn', endedMs: at(60) },
    ],
  ])('%s', (_rule, waits, end) => {
    const { changes, nextMs } = decide(firing, 60, waits)
    expect(changes).toMatchObject([{ rule: 'billing', status: 'resolved', ...end }])
    expect(nextMs).toBeNull()
  })
})

test('the cost grows with the rules that apply, not with those that there are', () => {
  const asked: string[] = []
  const spied = (name: string, dimensions: DimensionValues): DimensionValues =>
    new Proxy(dimensions, {
      get: (target, key) => (asked.push(`${name} ${String(key)}`), Reflect.get(target, key)),
    })
  const few = deadlineRulesFor(
    Array.from({ length: 2 }, (_, index) => contactRule(`q${index}`, { slice: `queue=q${index}` })),
  )
  const many = deadlineRulesFor(
    Array.from({ length: 1_000 }, (_, index) =>
      contactRule(`q${index}`, { slice: `queue=q${index}` }),
    ),
  )
  const { current, past, dimensions } = waitsOf(owed, { queue: 'q1' })
  expect(
    few.contacts.applied({ current, past, dimensions: spied('few', dimensions) }, unwatched),
  ).toHaveLength(1)
  expect(
    many.contacts.applied({ current, past, dimensions: spied('many', dimensions) }, unwatched),
  ).toHaveLength(1)
  expect(asked.filter((one) => one.startsWith('many'))).toHaveLength(
    asked.filter((one) => one.startsWith('few')).length,
  )
})
