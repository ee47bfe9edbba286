import { defaultTenantConfig } from '@deskpulse/core/config'
import { dayMs, type EpochMs } from '@deskpulse/core/time'
import type { Entry, LogRecord } from '@deskpulse/stream'
import { expect, test } from 'vitest'
import { configProposals, contactRule, isIn, opened, proposals } from '../testing/alert-log.ts'
import { eventEntry, recordOfEntries } from '../testing/fold-log.ts'
import type { JudgedRecord } from './log-time.ts'
import { readRecords, takenOf, wakesFor } from './offered.ts'

const at = (ms: number): EpochMs => ms as EpochMs

const events = (count: number): Entry[] => Array<Entry>(count).fill(eventEntry(opened(0, 'c-1')))
const someone = [eventEntry(isIn(0, 'a-1', 'available'))]
const rules = [proposals()(contactRule('waiting'))]
const config = [configProposals()({ ...defaultTenantConfig, timeZone: 'Asia/Shanghai' })]
const logOf = (...records: readonly (readonly Entry[])[]): LogRecord[] =>
  records.map((entries, offset) => recordOfEntries(offset, at(offset), entries))

test.each<{ rule: string; log: readonly (readonly Entry[])[]; read: number }>([
  { rule: 'all, where they are few', log: [someone, someone, someone], read: 3 },
  { rule: 'no more from 2,000 entries on', log: [events(2_000), someone], read: 1 },
  { rule: 'one more below them', log: [events(1_999), someone, someone], read: 2 },
  { rule: 'the entries of all of them counted', log: [events(1_500), events(500), []], read: 2 },
  { rule: 'none behind new rules', log: [someone, rules, someone], read: 2 },
  { rule: 'none up to a configuration', log: [someone, config, someone], read: 1 },
  { rule: 'a configuration alone', log: [config, someone], read: 1 },
])('a fold is offered $rule', ({ log, read }) => {
  const offsets = [...readRecords(logOf(...log))].map(({ offset }) => offset)
  expect(offsets).toEqual(log.map((_, offset) => offset).slice(0, read))
})

test('where folds decide rules, a fold passes 5,000 wakes of one and 10 of the 500 that a tenant may have', () => {
  expect([0, 1, 3, 500].map(wakesFor)).toEqual([Infinity, 5_000, 1_666, 10])
})

type Fold = { records?: readonly number[]; wakes?: readonly number[]; nowMs?: number }

/** By log time and by moments. Folds pass 2 wakes at most. */
function taken({ records = [], wakes = [], nowMs = 0 }: Fold): Required<Fold> {
  const judged = records.map((ms) => ({ clock: { nowMs: at(ms) } }) as JudgedRecord)
  const due = wakes.map((ms, place) => ({ subject: `s-${place}`, atMs: at(ms) }))
  const fold = takenOf(judged, due, 2, at(nowMs))
  return {
    records: fold.records.map(({ clock }) => clock.nowMs),
    wakes: fold.wakes.map(({ atMs }) => atMs),
    nowMs: fold.logTimeMs,
  }
}

test.each<{ rule: string; given: Fold; takes: Fold }>([
  {
    rule: 'records, and the wakes up to the last of them',
    given: { records: [10, 20], wakes: [20] },
    takes: { records: [10, 20], wakes: [20], nowMs: 20 },
  },
  {
    rule: 'no wake that is due behind them',
    given: { records: [10, 20], wakes: [21] },
    takes: { records: [10, 20], nowMs: 20 },
  },
  {
    rule: 'wakes alone, where no record is there',
    given: { wakes: [5, 7], nowMs: 3 },
    takes: { wakes: [5, 7], nowMs: 7 },
  },
  {
    rule: 'wakes that are late without going back in log time',
    given: { wakes: [5], nowMs: 9 },
    takes: { wakes: [5], nowMs: 9 },
  },
  {
    rule: 'records up to the last wake, where more may be due by it',
    given: { records: [10, 20, 30], wakes: [15, 20] },
    takes: { records: [10], wakes: [], nowMs: 10 },
  },
  {
    rule: 'the wakes that are sure, where the last of them is due by the first record',
    given: { records: [10, 20], wakes: [5, 10] },
    takes: { wakes: [5, 10], nowMs: 10 },
  },
  {
    rule: 'records of one UTC day',
    given: { records: [dayMs - 2, dayMs - 1, dayMs, dayMs + 1] },
    takes: { records: [dayMs - 2, dayMs - 1], nowMs: dayMs - 1 },
  },
  {
    rule: 'wakes of one UTC day',
    given: { wakes: [dayMs - 1, dayMs] },
    takes: { wakes: [dayMs - 1], nowMs: dayMs - 1 },
  },
  {
    rule: 'records of the next day once log time is in it',
    given: { records: [dayMs, 2 * dayMs - 1, 2 * dayMs], nowMs: dayMs },
    takes: { records: [dayMs, 2 * dayMs - 1], nowMs: 2 * dayMs - 1 },
  },
  {
    rule: 'the day of the first wake, however far behind it the records are',
    given: { records: [3 * dayMs], wakes: [2 * dayMs] },
    takes: { wakes: [2 * dayMs], nowMs: 2 * dayMs },
  },
  {
    rule: 'the day of the first record, where no wake is before it',
    given: { records: [3 * dayMs], wakes: [4 * dayMs], nowMs: 5 },
    takes: { records: [3 * dayMs], nowMs: 3 * dayMs },
  },
])('a fold takes $rule', ({ given, takes }) => {
  expect(taken(given)).toEqual({ records: [], wakes: [], ...takes })
})
