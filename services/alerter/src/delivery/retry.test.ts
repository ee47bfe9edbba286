import fc from 'fast-check'
import { expect, test } from 'vitest'
import { retryDelay } from './health.ts'

const minuteMs = 60_000

test.each([
  {
    failures: 1,
    random: 0,
    delayMs: 500,
    rule: 'the first retry comes after half a second at the earliest',
  },
  { failures: 1, random: 1, delayMs: 1_000, rule: 'and after a second at the latest' },
  { failures: 2, random: 1, delayMs: 2_000, rule: 'each failure doubles the wait' },
  { failures: 9, random: 1, delayMs: 256_000, rule: 'up to' },
  { failures: 10, random: 1, delayMs: 5 * minuteMs, rule: 'five minutes' },
  {
    failures: 1_000_000,
    random: 1,
    delayMs: 5 * minuteMs,
    rule: 'and never more, however often it failed',
  },
])('$rule', ({ failures, random, delayMs }) => {
  expect(retryDelay(failures, random)).toBe(delayMs)
})

test.each([
  {
    afterMs: 30 * minuteMs,
    delayMs: 30 * minuteMs,
    rule: 'a receiver that asks for a longer pause gets it',
  },
  { afterMs: 100, delayMs: 750, rule: 'one that asks for a shorter one does not' },
  {
    afterMs: 48 * 60 * minuteMs,
    delayMs: 60 * minuteMs,
    rule: 'no receiver gets more than an hour',
  },
])('$rule', ({ afterMs, delayMs }) => {
  expect(retryDelay(1, 0.5, afterMs)).toBe(delayMs)
})

test('a wait is a whole, positive number of milliseconds', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 500 }),
      fc.double({ min: 0, max: 0.999_999, noNaN: true }),
      (failures, random) => {
        const delayMs = retryDelay(failures, random)
        expect(Number.isInteger(delayMs)).toBe(true)
        expect(delayMs).toBeGreaterThanOrEqual(500)
      },
    ),
  )
})
