import fc from 'fast-check'
import { expect, test } from 'vitest'
import { calendarOf } from './calendar.ts'
import {
  dateAt,
  dateStartIn,
  dayStartAt,
  isOneZone,
  type LocalTimeSpan,
  todayStart,
} from './local-time.ts'
import { periodStarts } from './period-starts.ts'
import {
  closedKinds,
  parseBoundary,
  type Period,
  periodAt,
  periodKinds,
  periodsIn,
} from './periods.ts'
import { dayMs, type EpochMs, hourMs, slotMs } from './time.ts'

const at = (text: string): EpochMs => Date.parse(text) as EpochMs
const beginning = Number.NEGATIVE_INFINITY as EpochMs

/** Over the end of summer time, at half hours too, and over a New Year. */
const startMs = at('2026-10-24T00:00:00Z')
const zones = ['UTC', 'Europe/Rome', 'Asia/Kathmandu', 'Australia/Lord_Howe', 'Pacific/Kiritimati']
const slot = fc.integer({ min: 0, max: 80 * 96 })
const localTimes: fc.Arbitrary<readonly LocalTimeSpan[]> = fc
  .tuple(
    fc.constantFrom(...zones),
    fc.uniqueArray(fc.tuple(slot, fc.constantFrom(...zones)), {
      maxLength: 4,
      selector: ([one]) => one,
    }),
  )
  .map(([first, later]) => [
    { fromMs: beginning, timeZone: first },
    ...later
      .toSorted(([a], [b]) => a - b)
      .map(([one, timeZone]) => ({ fromMs: (startMs + one * slotMs) as EpochMs, timeZone })),
  ])
const instant = fc
  .integer({ min: -5 * dayMs, max: 85 * dayMs })
  .map((ms) => (startMs + ms) as EpochMs)

/** The zone at an instant, and up to where it applies around it, the plain way. */
function around(spans: readonly LocalTimeSpan[], atMs: EpochMs) {
  const place = spans.findLastIndex(({ fromMs }) => fromMs <= atMs)
  const { fromMs, timeZone } = spans[place]!
  return { fromMs, timeZone, toMs: spans[place + 1]?.fromMs ?? Infinity }
}

test('periods tile; each is that of its zone, as far as the zone applies, and has a label of its own there', () => {
  fc.assert(
    fc.property(
      localTimes,
      instant,
      fc.integer({ min: 0, max: 3 * dayMs }),
      fc.constantFrom(...periodKinds),
      (spans, fromMs, lengthMs, kind) => {
        const range = { startMs: fromMs, endMs: (fromMs + lengthMs) as EpochMs }
        const periods = [...periodsIn(kind, range, spans)]
        expect(periods[0]!.startMs).toBeLessThanOrEqual(fromMs)
        expect(periods.at(-1)!.endMs).toBeGreaterThanOrEqual(range.endMs)
        expect(periods.slice(1).map((one) => one.startMs)).toEqual(
          periods.slice(0, -1).map((one) => one.endMs),
        )
        const labels = new Set<string>()
        for (const period of periods) {
          const { timeZone, fromMs: appliesMs, toMs } = around(spans, period.startMs)
          const whole = periodAt(kind, period.startMs, timeZone)
          expect(period.startMs).toBe(Math.max(whole.startMs, appliesMs))
          expect(period.endMs).toBe(Math.min(whole.endMs, toMs))
          const isWhole = period.startMs === whole.startMs && period.endMs === whole.endMs
          expect(period.label === whole.label).toBe(isWhole)
          labels.add(`${timeZone} ${appliesMs} ${period.label}`)
        }
        expect(labels.size).toBe(periods.length)
      },
    ),
    { numRuns: 500 },
  )
})

test('where the periods begin that hold an instant is asked in several ways, and all of them agree', () => {
  fc.assert(
    fc.property(localTimes, instant, (spans, atMs) => {
      const starts = periodStarts(atMs, spans)
      for (const kind of closedKinds)
        expect(starts[kind], kind).toBe(periodAt(kind, atMs, spans).startMs)
      expect(dayStartAt(spans, atMs)).toBe(starts.day)
    }),
    { numRuns: 500 },
  )
})

test.each([
  { from: -2, to: -1, is: true, rule: 'before another zone applies' },
  { from: -1, to: 0, is: false, rule: 'where the other one begins it applies' },
  { from: 0, to: 3, is: true, rule: 'what is cut for another reason is of one zone' },
  { from: -1, to: 6, is: false, rule: 'nor is one that applies again the same all the time' },
])('$rule', ({ from, to, is }) => {
  const spans: readonly LocalTimeSpan[] = [
    { fromMs: beginning, timeZone: 'UTC' },
    { fromMs: startMs, timeZone: 'Europe/Rome' },
    { fromMs: (startMs + 2 * hourMs) as EpochMs, timeZone: 'Europe/Rome' },
    { fromMs: (startMs + 5 * hourMs) as EpochMs, timeZone: 'UTC' },
  ]
  const hour = (n: number): EpochMs => (startMs + n * hourMs) as EpochMs
  expect(isOneZone(spans, hour(from), hour(to))).toBe(is)
  expect(isOneZone('UTC', hour(from), hour(to))).toBe(true)
})

test('today is the local day, whatever was cut since; or what the zone has of it, where another one applied before', () => {
  fc.assert(
    fc.property(localTimes, instant, (spans, atMs) => {
      const { timeZone } = around(spans, atMs)
      const dayStartMs = calendarOf(timeZone).dayStart(atMs)
      let expected: number = atMs
      for (let one = Math.floor(atMs / slotMs) * slotMs; one >= dayStartMs; one -= slotMs) {
        if (around(spans, one as EpochMs).timeZone !== timeZone) break
        expected = one
      }
      expect(todayStart(spans, atMs)).toBe(expected)
    }),
    { numRuns: 500 },
  )
})

const shown = ({ label, startMs: from, endMs: to }: Period): string =>
  `${label}: ${new Date(from).toISOString().slice(0, 16)} ${(to - from) / hourMs} h`

test.each([
  {
    kind: 'hour' as const,
    rows: [
      '2026-03-15T10:00/2026-03-15T10:15: 2026-03-15T02:00 0.25 h',
      '2026-03-15T10:15/2026-03-15T10:00: 2026-03-15T02:15 0.75 h',
    ],
  },
  {
    kind: 'day' as const,
    rows: [
      '2026-03-15/2026-03-15T10:15: 2026-03-14T16:00 10.25 h',
      '2026-03-15T10:15/2026-03-15: 2026-03-15T02:15 13.75 h',
    ],
  },
  {
    kind: 'month' as const,
    rows: [
      '2026-03/2026-03-15T10:15: 2026-02-28T16:00 346.25 h',
      '2026-03-15T10:15/2026-03: 2026-03-15T02:15 397.75 h',
    ],
  },
])('what was cut off a $kind is said as in an interval', ({ kind, rows }) => {
  const cutMs = at('2026-03-15T02:15:00Z')
  const timeZone = 'Asia/Shanghai'
  const spans = [
    { fromMs: beginning, timeZone },
    { fromMs: cutMs, timeZone },
  ]
  const range = { startMs: (cutMs - 1) as EpochMs, endMs: (cutMs + 1) as EpochMs }
  expect([...periodsIn(kind, range, spans)].map(shown)).toEqual(rows)
})

test.each([
  {
    rule: 'before a change of zone: in that of then',
    from: 'UTC',
    to: 'Asia/Shanghai',
    date: '2026-03-14',
    first: '2026-03-14T00:00',
  },
  {
    rule: 'of the change: in that before it',
    from: 'UTC',
    to: 'Asia/Shanghai',
    date: '2026-03-15',
    first: '2026-03-15T00:00',
  },
  {
    rule: 'after it: in that of then',
    from: 'UTC',
    to: 'Asia/Shanghai',
    date: '2026-03-16',
    first: '2026-03-15T16:00',
  },
  {
    rule: 'that both zones begin: the first one',
    from: 'Asia/Shanghai',
    to: 'America/New_York',
    date: '2026-03-15',
    first: '2026-03-14T16:00',
  },
  {
    rule: 'that neither begins: where the zone changes',
    from: 'America/New_York',
    to: 'Pacific/Kiritimati',
    date: '2026-03-15',
    first: '2026-03-15T02:15',
  },
])('a date $rule', ({ from, to, date, first }) => {
  const spans = [
    { fromMs: beginning, timeZone: from },
    { fromMs: at('2026-03-15T02:15:00Z'), timeZone: to },
  ]
  expect(new Date(parseBoundary(date, spans)!).toISOString().slice(0, 16)).toBe(first)
})

test('a date of one zone is where its day begins', () => {
  fc.assert(
    fc.property(instant, fc.constantFrom(...zones), (atMs, zone) => {
      const day = periodAt('day', atMs, zone)
      expect(parseBoundary(day.label, zone)).toBe(day.startMs)
    }),
  )
})

const moved: readonly LocalTimeSpan[] = [
  { fromMs: beginning, timeZone: 'UTC' },
  { fromMs: at('2026-03-01T20:00:00Z'), timeZone: 'Asia/Shanghai' },
  { fromMs: at('2026-03-04T20:00:00Z'), timeZone: 'UTC' },
]
test.each([
  { rule: 'a date begins at midnight of its zone', date: '2026-03-04', is: '2026-03-03T16:00Z' },
  { rule: 'one that a zone takes up begins there', date: '2026-03-02', is: '2026-03-01T20:00Z' },
  { rule: 'one that shows again began before', date: '2026-03-05', is: '2026-03-04T16:00Z' },
])('$rule', ({ date, is }) => {
  expect(dateStartIn(moved, date)).toBe(at(is))
  expect(dateAt(moved, at(is))).toBe(date)
})

test('a date begins where the one before it ends, whatever the zones', () => {
  fc.assert(
    fc.property(localTimes, fc.integer({ min: 0, max: 79 }), (localTime, day) => {
      const date = new Date(startMs + day * dayMs).toISOString().slice(0, 10)
      const beginMs = dateStartIn(localTime, date)
      const before = dateAt(localTime, (beginMs - 1) as EpochMs)
      expect([before < date, dateAt(localTime, beginMs) >= date]).toEqual([true, true])
    }),
  )
})
