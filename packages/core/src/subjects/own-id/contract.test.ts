import { expect, test } from 'vitest'
import type { EventType } from '../../events/types.ts'
import type { LocalTime } from '../../time/local-time.ts'
import type { EpochMs } from '../../time/time.ts'
import { contract } from './contract.ts'
import { happened } from './own-id.test-support.ts'

const at = (text: string): EpochMs => Date.parse(`${text}Z`) as EpochMs
const [started, left] = ['customer.started', 'customer.left'] as const
type Told = readonly [type: EventType, at: string, goesOn?: true]

const eventsOf = (all: readonly Told[]) =>
  happened(
    all.map(([type, text, goesOn]) => [
      at(text) / 1_000,
      type,
      { customerId: 'u-1', ...(goesOn && { goesOn }) },
    ]),
  )

/** `<kind> <begin> left <instant>` of the periods in which the customer was lost. */
function lost(all: readonly Told[], now = '2030-01-01', localTime: LocalTime = 'UTC') {
  const { rows } = contract.tell(eventsOf(all), at(now), localTime)
  return rows.map((row) => {
    if (row.grain !== 'contract-loss') throw new Error(row.grain)
    const { period, startMs, left: moment } = row
    const text = (ms: number) => new Date(ms).toISOString().slice(0, 10)
    return `${period} ${text(startMs)} left ${text(moment.atMs)}`
  })
}

test.each<{ rule: string; told: readonly Told[]; steps: readonly string[] }>([
  {
    rule: 'the first begin counts, and the first end after it',
    told: [
      [started, '2026-03-02'],
      [started, '2026-03-03'],
      [left, '2026-03-05'],
      [left, '2026-03-06'],
    ],
    steps: ['1 2026-03-02', '-1 2026-03-05'],
  },
  { rule: 'an end without a begin says nothing', told: [[left, '2026-03-05']], steps: [] },
  {
    rule: 'who left may start anew',
    told: [
      [left, '2026-03-01'],
      [started, '2026-03-02'],
      [left, '2026-03-05'],
      [started, '2026-03-09'],
    ],
    steps: ['1 2026-03-02', '-1 2026-03-05', '1 2026-03-09'],
  },
  {
    rule: 'who goes on under another id is under contract no more, and begins nothing by it',
    told: [
      [left, '2026-03-01', true],
      [started, '2026-03-02'],
      [left, '2026-03-05', true],
      [left, '2026-03-06'],
      [left, '2026-03-07', true],
    ],
    steps: ['1 2026-03-02', '-1 2026-03-05'],
  },
])('$rule', ({ told, steps }) => {
  expect(
    contract.steps!(eventsOf(told)).map(
      ({ atMs, by }) => `${by} ${new Date(atMs).toISOString().slice(0, 10)}`,
    ),
  ).toEqual(steps)
})

test('who was under contract at the begin is lost where it leaves, in each period that had begun', () => {
  expect(
    lost([
      [started, '2026-03-04T10:00'],
      [left, '2026-04-15T10:00'],
    ]),
  ).toEqual([
    'day 2026-04-15 left 2026-04-15',
    'week 2026-04-13 left 2026-04-15',
    'month 2026-04-01 left 2026-04-15',
    'quarter 2026-04-01 left 2026-04-15',
  ])
})

test('who leaves at the very begin was there, who starts at it was not', () => {
  expect(
    lost([
      [started, '2026-03-04T00:00'],
      [left, '2026-03-05T00:00'],
    ]),
  ).toEqual(['day 2026-03-05 left 2026-03-05'])
})

test('who starts anew before the period ends is kept, and may be lost in it all the same', () => {
  const anew: readonly Told[] = [
    [started, '2026-01-04T10:00'],
    [left, '2026-02-10T10:00'],
    [started, '2026-02-20T10:00'],
  ]
  expect(lost(anew)).toEqual(['day 2026-02-10 left 2026-02-10', 'week 2026-02-09 left 2026-02-10'])
  expect(lost([...anew, [left, '2026-02-25T10:00']])).toContain('month 2026-02-01 left 2026-02-25')
})

test('who goes on under another id is lost nowhere, whatever is said of this one later', () => {
  const moved: readonly Told[] = [
    [started, '2026-01-04T10:00'],
    [left, '2026-02-10T10:00', true],
  ]
  expect(lost(moved)).toEqual([])
  expect(lost([...moved, [left, '2026-02-20T10:00']])).toEqual([])
})

test('who left and goes on under another id before the period ends was not lost in it', () => {
  expect(
    lost([
      [started, '2026-01-04T10:00'],
      [left, '2026-02-10T10:00'],
      [left, '2026-02-20T10:00', true],
    ]),
  ).toEqual(['day 2026-02-10 left 2026-02-10', 'week 2026-02-09 left 2026-02-10'])
})

test('periods of two zones do not follow one another, what else cuts them cuts none', () => {
  const inZone = (timeZone: string): LocalTime => [
    { fromMs: Number.NEGATIVE_INFINITY as EpochMs, timeZone: 'UTC' },
    { fromMs: at('2026-04-10T00:00'), timeZone },
  ]
  const told: readonly Told[] = [
    [started, '2026-01-04T10:00'],
    [left, '2026-04-15T10:00'],
  ]
  expect(lost(told, '2030-01-01', inZone('UTC'))).toContain('month 2026-04-01 left 2026-04-15')
  expect(lost(told, '2030-01-01', inZone('Asia/Shanghai'))).toEqual([
    'day 2026-04-14 left 2026-04-15',
    'week 2026-04-12 left 2026-04-15',
  ])
})

test('nothing is lost of a period that log time has not come to', () => {
  const told: readonly Told[] = [
    [started, '2026-03-05T10:00'],
    [left, '2026-03-06T00:01'],
  ]
  const { rows, aheadMs } = contract.tell(eventsOf(told), at('2026-03-05T23:59'), 'UTC')
  expect(rows).toEqual([])
  expect(aheadMs).toBe(at('2026-03-06T00:00'))
})
