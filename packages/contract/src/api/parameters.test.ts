import { expect, test } from 'vitest'
import { dateOrInstant } from './parameters.ts'

test.each([
  { rule: 'a date', text: '2026-03-02', taken: true },
  { rule: 'an instant', text: '2026-03-02T01:00:00Z', taken: true },
  { rule: 'nanoseconds', text: '2026-03-02T01:00:00.123456789+05:45', taken: true },
  { rule: 'finer than nanoseconds', text: '2026-03-02T01:00:00.1234567890Z', taken: false },
  { rule: 'the first and the last year', text: '1900-01-01', taken: true },
  { rule: 'the year before the first', text: '1899-12-31', taken: false },
  { rule: 'the year after the last', text: '2200-01-01', taken: false },
])('the range of periods: $rule ($text), taken: $taken', ({ text, taken }) => {
  expect(dateOrInstant.safeParse(text).success).toBe(taken)
})
