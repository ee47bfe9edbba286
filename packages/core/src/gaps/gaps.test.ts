import { describe, expect, test } from 'vitest'
import type { EpochMs } from '../time/time.ts'
import {
  type FoundGap,
  type Gap,
  gapIdOf,
  gapsMax,
  incompleteOf,
  withAcknowledged,
  withGap,
} from './gaps.ts'

const ms = (value: number): EpochMs => value as EpochMs
const found = (changed: Partial<FoundGap> = {}): FoundGap => ({
  ...{ topic: 'raw', partition: 0, from: 10, to: 30, sinceMs: ms(100), untilMs: ms(200) },
  ...changed,
})
const all = (...gaps: readonly FoundGap[]): readonly Gap[] =>
  gaps.reduce<readonly Gap[]>((before, gap) => withGap(before, gap, ms(1_000))?.gaps ?? before, [])
const li = { author: 'Li', comment: 'sent again', atMs: ms(2_000) }

describe('a gap', () => {
  test('that is found again is known', () => {
    expect(withGap(all(found()), found(), ms(3_000))).toBeNull()
    expect(withGap(all(found()), found({ to: 20 }), ms(3_000))).toBeNull()
  })

  test('that has grown is the same one, with more records', () => {
    const grown = withGap(
      all(found()),
      found({ to: 40, sinceMs: ms(150), untilMs: ms(300) }),
      ms(3_000),
    )
    expect(grown?.gap).toEqual({
      ...found({ to: 40, untilMs: ms(300) }),
      number: 1,
      foundMs: 1_000,
      acknowledged: null,
    })
    expect(grown?.gaps).toEqual([grown?.gap])
  })

  test('that has grown after it was acknowledged is to be acknowledged again, as another alert', () => {
    const { gaps } = withAcknowledged(all(found()), gapIdOf(found()), li)!
    expect(withGap(gaps, found(), ms(3_000))).toBeNull()
    expect(withGap(gaps, found({ to: 40 }), ms(3_000))?.gap).toMatchObject({
      number: 2,
      foundMs: 3_000,
      acknowledged: null,
    })
  })

  test('of another topic, partition or place is another one', () => {
    expect(
      all(found(), found({ topic: 'log' }), found({ partition: 1 }), found({ from: 11 })),
    ).toHaveLength(4)
  })

  test('is acknowledged once, by its id', () => {
    const { gaps, gap } = withAcknowledged(all(found()), 'raw-0-10', li)!
    expect(gap.acknowledged).toEqual(li)
    expect(withAcknowledged(gaps, 'raw-0-10', { ...li, author: 'Ann' })).toBeNull()
    expect(withAcknowledged(gaps, 'raw-0-11', li)).toBeNull()
  })
})

test('up to so many all are kept, acknowledged ones too', () => {
  const almost = all(...Array.from({ length: gapsMax - 1 }, (_, index) => found({ from: index })))
  const { gaps } = withAcknowledged(almost, gapIdOf(almost[0]!), li)!
  const last = found({ from: 500 })
  const kept = withGap(gaps, last, ms(1))!.gaps
  expect(kept.map(gapIdOf)).toEqual([...almost, last].map(gapIdOf))
})

test('beyond so many, acknowledged ones go; one that nobody has acknowledged stays, or its alert could never end', () => {
  const many = all(...Array.from({ length: gapsMax }, (_, index) => found({ from: index })))
  const [first, second] = [gapIdOf(many[0]!), gapIdOf(many[1]!)]
  const ids = (gaps: readonly Gap[]): string[] => gaps.map(gapIdOf)
  expect(ids(withGap(many, found({ from: 500 }), ms(1))!.gaps)).toEqual([...ids(many), 'raw-0-500'])
  const { gaps } = withAcknowledged(many, second, li)!
  const kept = ids(withGap(gaps, found({ from: 500 }), ms(1))!.gaps)
  expect(kept).toHaveLength(gapsMax)
  expect(kept).not.toContain(second)
  expect(kept).toContain(first)
})

describe('what is incomplete', () => {
  const gaps = all(found(), found({ from: 50, to: 55, sinceMs: ms(300), untilMs: ms(400) }))

  test.each([
    { rule: 'nothing before the lost records came in', interval: [0, 100], records: null },
    {
      rule: 'the time in which they did, from its first millisecond',
      interval: [0, 101],
      records: 20,
    },
    { rule: 'to its last one', interval: [200, 201], records: 20 },
    { rule: 'and no later', interval: [201, 300], records: null },
    { rule: 'several gaps are one', interval: [150, 350], records: 25 },
  ])('$rule', ({ interval: [startMs = 0, endMs = 0], records }) => {
    expect(incompleteOf(gaps, { startMs: ms(startMs), endMs: ms(endMs) })?.records ?? null).toBe(
      records,
    )
  })

  test('without an interval it is all of them, from the first to the last', () => {
    expect(incompleteOf(gaps, null)).toEqual({ sinceMs: 100, untilMs: 400, records: 25 })
  })

  test('what was acknowledged is complete', () => {
    const { gaps: rest } = withAcknowledged(gaps, 'raw-0-10', li)!
    expect(incompleteOf(rest, null)).toEqual({ sinceMs: 300, untilMs: 400, records: 5 })
    expect(incompleteOf([], null)).toBeNull()
  })
})
