import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { dayMs } from '../time/time.ts'
import { type Bins, binCount, binOf, binValue, percentile } from './histogram.ts'

const longestMs = 400 * dayMs
const durations = fc.oneof(
  fc.integer({ min: 0, max: 1_000 }),
  fc.integer({ min: 0, max: longestMs }),
  fc.integer({ min: 1, max: 40_000 }),
)

function histogramOf(values: readonly number[]): Bins {
  const counts = new Map<number, number>()
  for (const value of values) counts.set(binOf(value), (counts.get(binOf(value)) ?? 0) + 1)
  const bins = [...counts.keys()].sort((a, b) => a - b)
  return { bins, counts: bins.map((bin) => counts.get(bin) ?? 0), total: values.length }
}

describe('bins', () => {
  test.each([
    { ms: 0, bin: 0, rule: 'zero has its own bin' },
    { ms: 1, bin: 1, rule: 'so has one millisecond' },
    { ms: 127, bin: 127, rule: 'below 128 ms a bin is one millisecond' },
    { ms: 128, bin: 128, rule: 'from 128 ms a bin is two' },
    { ms: 129, bin: 128, rule: 'the second millisecond of a bin is in it' },
    { ms: 2 ** 31 - 1, bin: 1_663, rule: 'the last bin before 2^31' },
    { ms: 2 ** 31, bin: 1_664, rule: '2^31 opens the next bin' },
    { ms: longestMs, bin: 1_920, rule: '400 days fall in a bin' },
    {
      ms: Number.MAX_SAFE_INTEGER,
      bin: binCount - 1,
      rule: 'the largest safe integer falls in the last bin',
    },
  ])('$rule', ({ ms, bin }) => {
    expect(binOf(ms)).toBe(bin)
  })

  test.each([-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53])('%s is no duration', (ms) => {
    expect(() => binOf(ms)).toThrow(RangeError)
  })

  test('the value of a bin is within 1 % of everything in it', () => {
    fc.assert(fc.property(durations, (ms) => Math.abs(binValue(binOf(ms)) - ms) <= ms * 0.01))
  })

  test('a longer duration is never in a lower bin', () => {
    fc.assert(fc.property(durations, durations, (a, b) => a > b || binOf(a) <= binOf(b)))
  })

  test('the value of a bin is in that bin', () => {
    for (let bin = 0; bin <= 1_920; bin++) expect(binOf(binValue(bin))).toBe(bin)
  })
})

describe('percentiles', () => {
  test('every percentile is within 1 % of the exact nearest-rank one', () => {
    fc.assert(
      fc.property(
        fc.array(durations, { minLength: 1, maxLength: 200 }),
        fc.constantFrom(1, 50, 90, 95, 99, 100),
        (values, percent) => {
          const sorted = values.toSorted((a, b) => a - b)
          const exact = sorted[Math.ceil((percent * sorted.length) / 100) - 1] ?? Number.NaN
          const found = percentile(histogramOf(values), percent) ?? Number.NaN
          expect(Math.abs(found - exact)).toBeLessThanOrEqual(exact * 0.01)
        },
      ),
    )
  })

  test.each([
    { values: [10, 20], percent: 50, is: 10, rule: 'the median of two is the lower one' },
    { values: [10, 20, 30], percent: 50, is: 20, rule: 'the median of three is the middle one' },
    { values: [10], percent: 99, is: 10, rule: 'of one value every percentile is that value' },
    { values: [0, 0, 0, 5], percent: 75, is: 0, rule: 'zero counts as a value' },
    {
      values: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
      percent: 90,
      is: 9,
      rule: 'p90 of ten is the ninth',
    },
  ])('$rule', ({ values, percent, is }) => {
    expect(percentile(histogramOf(values), percent)).toBe(is)
  })

  test('without values there is no percentile', () => {
    expect(percentile(histogramOf([]), 50)).toBeNull()
  })
})
