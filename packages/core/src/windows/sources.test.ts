import { expect, test } from 'vitest'
import type { Rosters } from '../rosters/rosters.ts'
import type { ReadSlice, Slice } from '../slices/slice.ts'
import type { EpochMs, Interval } from '../time/time.ts'
import { isOneSlice, leftOutOf, sourcesAt, sourcesOf } from './sources.ts'

const interval = (startMs: number, endMs: number): Interval => ({
  ...{ startMs: startMs as EpochMs, endMs: endMs as EpochMs },
})
const [morning, evening] = [[interval(0, 12)], [interval(12, 24)]]
const rosters = {
  ofAgent: (agent: string) =>
    new Map([
      [agent, morning],
      ['alias', evening],
    ]),
  ofTeam: (team: string) =>
    new Map([
      [`${team}-lead`, morning],
      ['a-2', evening],
    ]),
} as unknown as Rosters

const known = [
  'all',
  ...['queue=billing', 'agent=a-1', 'agent=alias', 'agent=east-lead', 'agent=a-2'],
  ...['queue=billing,agent=a-1', 'queue=billing,agent=alias'],
  ...['appeal=a-1', 'appeal=alias', 'queue=billing,appeal=a-1'],
]
const slices = {
  idOf: (text: string) => (known.includes(text) ? known.indexOf(text) : undefined),
}
const textOf = (slice: number): string => known[slice]!

const agent = (value: string): Slice => [{ dimension: 'agent', value }]
const queue = (value: string): Slice => [{ dimension: 'queue', value }]
const team = (value: string): ReadSlice => [{ dimension: 'team', value }]
const always = [interval(-Infinity, Infinity)]

test.each<{ rule: string; slice: ReadSlice; is: Record<string, readonly Interval[]> }>([
  { rule: 'the whole is read from itself', slice: [], is: { all: always } },
  {
    rule: 'a queue is read from itself',
    slice: queue('billing'),
    is: { 'queue=billing': always },
  },
  { rule: 'what was never counted is read from nothing', slice: queue('none'), is: {} },
  {
    rule: 'an agent is read from itself and its aliases, each as long as it was one',
    slice: agent('a-1'),
    is: { 'agent=a-1': morning, 'agent=alias': evening },
  },
  {
    rule: 'an agent in a queue likewise, in that queue alone',
    slice: [...queue('billing'), ...agent('a-1')],
    is: { 'queue=billing,agent=a-1': morning, 'queue=billing,agent=alias': evening },
  },
  {
    rule: 'an agent that was never counted is read from its aliases alone',
    slice: agent('a-9'),
    is: { 'agent=alias': evening },
  },
  {
    rule: 'a team is read from its members, each as long as it was one',
    slice: team('east'),
    is: { 'agent=east-lead': morning, 'agent=a-2': evening },
  },
])('$rule', ({ slice, is }) => {
  const sources = sourcesOf(slice, slices, rosters)
  expect(Object.fromEntries(sources.map((one) => [textOf(one.slice), one.during]))).toEqual(is)
  expect(sources.every(({ isLeftOut }) => isLeftOut === undefined)).toBe(true)
})

test('what appeals leave out of an agent is taken off, that of its aliases too', () => {
  const left = (slice: Slice) =>
    leftOutOf(slice, slices, rosters).map((one) => [textOf(one.slice), one.during, one.isLeftOut])
  expect(left(agent('a-1'))).toEqual([
    ['appeal=a-1', morning, true],
    ['appeal=alias', evening, true],
  ])
  expect(left([...queue('billing'), ...agent('a-1')])).toEqual([
    ['queue=billing,appeal=a-1', morning, true],
  ])
})

test('a source counts from the instant at which it begins, and not at the one at which it ends', () => {
  const sources = sourcesOf(agent('a-1'), slices, rosters)
  const at = (ms: number): string[] =>
    sourcesAt(sources, ms as EpochMs).map(({ slice }) => textOf(slice))
  expect([-1, 0, 11, 12, 23, 24].map(at)).toEqual([
    [],
    ['agent=a-1'],
    ['agent=a-1'],
    ['agent=alias'],
    ['agent=alias'],
    [],
  ])
})

test('one slice as it is counted is what is read from one, whatever is taken off it, and no team', () => {
  const [left, whole] = [{ isLeftOut: true }, {}] as const
  expect(isOneSlice(agent('a-1'), [whole, left, left])).toBe(true)
  expect(isOneSlice(agent('a-1'), [])).toBe(true)
  expect(isOneSlice(agent('a-1'), [whole, whole])).toBe(false)
  expect(isOneSlice(team('east'), [whole])).toBe(false)
})
