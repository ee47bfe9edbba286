import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { LocalTime } from '../../time/local-time.ts'
import { dayMs, type EpochMs, hourMs } from '../../time/time.ts'
import { ContractCounts, type ContractStep } from './contract-counts.ts'

const at = (text: string): EpochMs => Date.parse(`${text}Z`) as EpochMs
const step = (text: string, by = 1): ContractStep => ({ atMs: at(text), by })

/** `<how many> <kind> <begin>`, in order. */
function countsOf({ rows }: ContractCounts): readonly string[] {
  return [...rows.told].flatMap((row) =>
    row.grain === 'contract-count'
      ? `${row.customers} ${row.period} ${new Date(row.begun.atMs).toISOString().slice(0, 16)}`
      : [],
  )
}

const after = (
  steps: readonly ContractStep[],
  logTime: string,
  localTime: LocalTime = 'UTC',
): ContractCounts => {
  const counts = new ContractCounts(null)
  counts.settle(steps, at(logTime), localTime)
  return counts
}

test('who is under contract before a period begins counts at its begin, who starts or leaves at that very instant as before it', () => {
  const steps = [step('2026-03-01T00:00'), step('2026-02-27T12:00'), step('2026-03-02T00:00', -1)]
  expect(countsOf(after(steps, '2026-03-03T00:00'))).toEqual([
    '1 day 2026-02-28T00:00',
    '1 day 2026-03-01T00:00',
    '1 month 2026-03-01T00:00',
    '2 day 2026-03-02T00:00',
    '2 week 2026-03-02T00:00',
    '1 day 2026-03-03T00:00',
  ])
})

test('nothing is counted before log time comes to it, and the next day is waited for while there is anybody', () => {
  const counts = after([step('2026-03-01T20:00')], '2026-03-01T20:00')
  expect(countsOf(counts)).toEqual([])
  expect(counts.nextMs('UTC')).toBe(at('2026-03-02T00:00'))
  counts.settle([], at('2026-03-02T00:00'), 'UTC')
  expect(countsOf(counts)).toEqual(['1 day 2026-03-02T00:00', '1 week 2026-03-02T00:00'])
  counts.settle([step('2026-03-02T09:00', -1)], at('2026-03-02T09:00'), 'UTC')
  counts.settle([], at('2026-03-03T00:00'), 'UTC')
  expect(counts.nextMs('UTC')).toBeNull()
  expect(countsOf(counts)).toHaveLength(2)
})

test('a day that begins in another zone is not missed', () => {
  const localTime = [
    { fromMs: Number.NEGATIVE_INFINITY as EpochMs, timeZone: 'UTC' },
    { fromMs: at('2026-03-02T16:00'), timeZone: 'Asia/Shanghai' },
  ]
  const counts = after([step('2026-03-02T10:00')], '2026-03-02T10:00', localTime)
  expect(counts.nextMs(localTime)).toBe(at('2026-03-02T16:00'))
  counts.settle([], at('2026-03-03T16:00'), localTime)
  expect(countsOf(counts)).toEqual(['1 day 2026-03-02T16:00', '1 day 2026-03-03T16:00'])
})

test('no period that began before the year 2000 counts a contract', () => {
  const counts = countsOf(after([step('1999-12-30T10:00')], '2000-01-02T10:00'))
  expect(counts.map((one) => one.slice(0, -6))).toEqual([
    ...['day', 'month', 'quarter', 'year'].map((kind) => `1 ${kind} 2000-01-01`),
    '1 day 2000-01-02',
  ])
})

test('what is told in any order, and stored in between, gives the rows that all of it gives at once', () => {
  const startMs = at('2026-12-20T00:00')
  const steps = fc.array(
    fc.record({
      atMs: fc.integer({ min: 0, max: 20 * 24 }).map((n) => (startMs + n * hourMs) as EpochMs),
      by: fc.constantFrom(1, 1, -1),
    }),
    { maxLength: 8 },
  )
  const lateMs = fc.constantFrom(0, hourMs, 3 * dayMs)
  fc.assert(
    fc.property(fc.array(fc.tuple(steps, lateMs), { maxLength: 4 }), (told) => {
      const endMs = startMs + 40 * dayMs
      let counts = new ContractCounts(null)
      let logTimeMs = startMs
      for (const [some, ms] of told) {
        logTimeMs = Math.min(endMs, logTimeMs + 5 * dayMs + ms) as EpochMs
        counts.settle(some, logTimeMs, 'Asia/Kathmandu')
        counts = new ContractCounts(JSON.parse(JSON.stringify(counts.stored())))
      }
      counts.settle([], endMs as EpochMs, 'Asia/Kathmandu')
      const once = new ContractCounts(null)
      once.settle(
        told.flatMap(([some]) => some),
        endMs as EpochMs,
        'Asia/Kathmandu',
      )
      expect([...countsOf(counts)].sort()).toEqual([...countsOf(once)].sort())
    }),
  )
})
