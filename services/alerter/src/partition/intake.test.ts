import type { LogRecord } from '@deskpulse/stream'
import { expect, test } from 'vitest'
import { firstRecords } from './intake.ts'

const kib = 1024
const recordsOf = (...bytes: readonly (number | null)[]): LogRecord[] =>
  bytes.map((size) => ({ value: size === null ? null : new Uint8Array(size) }) as LogRecord)

test.each([
  { rule: 'takes all that fits', records: recordsOf(100 * kib, 156 * kib), max: 10, taken: 2 },
  {
    rule: 'ends before what would be more than 256 KiB',
    records: recordsOf(100 * kib, 156 * kib, 1),
    max: 10,
    taken: 2,
  },
  { rule: 'takes one that is larger, alone', records: recordsOf(300 * kib, 1), max: 10, taken: 1 },
  { rule: 'ends at its number of records', records: recordsOf(1, 1, 1), max: 2, taken: 2 },
  { rule: 'takes one at least', records: recordsOf(1, 1), max: 0, taken: 1 },
  {
    rule: 'counts nothing for what was removed',
    records: recordsOf(256 * kib, null, null),
    max: 10,
    taken: 3,
  },
])('one commit $rule', ({ records, max, taken }) => {
  expect(firstRecords(records, max)).toHaveLength(taken)
})
