import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { calendarOf } from './calendar.ts'
import {
  parseBoundary,
  parseLabel,
  periodAt,
  type PeriodKind,
  periodKinds,
  periodsIn,
} from './periods.ts'
import { bucketStart, dayMs, type EpochMs, hourMs, minuteMs, slotMs } from './time.ts'

const zones = [
  'UTC',
  'Europe/Rome',
  'Asia/Kathmandu',
  'America/New_York',
  'Australia/Lord_Howe',
  'Asia/Shanghai',
  'Pacific/Apia',
]
const at = (text: string): EpochMs => Date.parse(text) as EpochMs
const iso = (ms: number): string => new Date(ms).toISOString()

function labels(kind: PeriodKind, from: string, to: string, timeZone: string): string[] {
  const range = {
    startMs: parseBoundary(from, timeZone) as EpochMs,
    endMs: parseBoundary(to, timeZone) as EpochMs,
  }
  return [...periodsIn(kind, range, timeZone)].map((period) => period.label)
}

describe('local days', () => {
  test.each([
    {
      zone: 'Europe/Rome',
      instant: '2026-03-01T22:59:59.999Z',
      start: '2026-02-28T23:00:00.000Z',
      rule: 'the last millisecond of a day',
    },
    {
      zone: 'Europe/Rome',
      instant: '2026-03-01T23:00:00.000Z',
      start: '2026-03-01T23:00:00.000Z',
      rule: 'midnight opens the next day',
    },
    {
      zone: 'Asia/Kathmandu',
      instant: '2026-03-01T18:14:59.999Z',
      start: '2026-02-28T18:15:00.000Z',
      rule: 'a zone at +5:45',
    },
    {
      zone: 'America/New_York',
      instant: '2026-03-08T12:00:00.000Z',
      start: '2026-03-08T05:00:00.000Z',
      rule: 'the day of the spring change',
    },
    {
      zone: 'America/New_York',
      instant: '2026-11-02T04:59:59.999Z',
      start: '2026-11-01T04:00:00.000Z',
      rule: 'the end of a day of 25 hours',
    },
    {
      zone: 'Asia/Shanghai',
      instant: '2026-03-01T16:00:00.000Z',
      start: '2026-03-01T16:00:00.000Z',
      rule: 'a zone without changes',
    },
    {
      zone: 'America/St_Johns',
      instant: '2006-10-29T02:30:30.000Z',
      start: '2006-10-29T02:30:00.000Z',
      rule: 'clocks back over midnight, before',
    },
    {
      zone: 'America/St_Johns',
      instant: '2006-10-29T02:45:00.000Z',
      start: '2006-10-29T02:30:00.000Z',
      rule: 'and after: the day goes on',
    },
  ])('$zone: $rule', ({ zone, instant, start }) => {
    expect(iso(calendarOf(zone).dayStart(at(instant)))).toBe(start)
  })

  test.each([
    { zone: 'Europe/Rome', date: '2026-03-29', hours: 23 },
    { zone: 'Europe/Rome', date: '2026-10-25', hours: 25 },
    { zone: 'America/New_York', date: '2026-11-01', hours: 25 },
    { zone: 'Australia/Lord_Howe', date: '2026-10-04', hours: 23.5 },
    { zone: 'Australia/Lord_Howe', date: '2026-04-05', hours: 24.5 },
    { zone: 'Asia/Shanghai', date: '2026-03-29', hours: 24 },
  ])('$date in $zone has $hours hours', ({ zone, date, hours }) => {
    const { startMs, endMs } = calendarOf(zone).day(parseBoundary(date, zone) as EpochMs)
    expect((endMs - startMs) / hourMs).toBe(hours)
  })

  test('a day whose date shows twice, since clocks went back over midnight, lasts from its first beginning to the next one', () => {
    const day = { startMs: at('2006-10-29T02:30:00Z'), endMs: at('2006-10-30T03:30:00Z') }
    for (const instant of [
      '02:30:00',
      '02:30:59',
      '02:31:00',
      '02:45:00',
      '03:30:00',
      '12:00:00',
    ]) {
      const ms = at(`2006-10-29T${instant}Z`)
      expect(calendarOf('America/St_Johns').day(ms)).toEqual(day)
      expect(periodAt('day', ms, 'America/St_Johns')).toMatchObject({ ...day, label: '2006-10-29' })
    }
  })

  test('an unknown zone is refused', () => {
    expect(() => calendarOf('Europe/Atlantis')).toThrow(RangeError)
  })

  test('the start of a day is found alike by the hot path and by the calendar of reports', () => {
    const instants = fc.integer({
      min: at('1975-01-01T00:00:00Z'),
      max: at('2040-01-01T00:00:00Z'),
    })
    fc.assert(
      fc.property(instants, fc.constantFrom(...zones, 'America/St_Johns'), (ms, zone) => {
        const period = periodAt('day', ms as EpochMs, zone)
        expect(calendarOf(zone).dayStart(ms as EpochMs)).toBe(period.startMs)
        expect(calendarOf(zone).day(ms as EpochMs)).toEqual({
          startMs: period.startMs,
          endMs: period.endMs,
        })
      }),
    )
  })
})

describe('periods', () => {
  test.each([
    {
      kind: 'day' as const,
      is: ['2026-02-28', '2026-03-01'],
      from: '2026-02-28',
      to: '2026-03-02',
    },
    { kind: 'week' as const, is: ['2026-W09', '2026-W10'], from: '2026-02-23', to: '2026-03-03' },
    { kind: 'week' as const, is: ['2026-W53'], from: '2027-01-01', to: '2027-01-02' },
    { kind: 'month' as const, is: ['2026-02', '2026-03'], from: '2026-02-14', to: '2026-03-02' },
    { kind: 'quarter' as const, is: ['2026-Q1', '2026-Q2'], from: '2026-03-31', to: '2026-04-02' },
    { kind: 'year' as const, is: ['2025', '2026'], from: '2025-12-31', to: '2026-01-02' },
    {
      kind: 'hour' as const,
      is: ['2026-03-01T09:00'],
      from: '2026-03-01T08:20:00Z',
      to: '2026-03-01T08:40:00Z',
    },
    {
      kind: '30m' as const,
      is: ['2026-03-01T09:30', '2026-03-01T10:00'],
      from: '2026-03-01T08:59:59Z',
      to: '2026-03-01T09:00:01Z',
    },
    {
      kind: '15m' as const,
      is: ['2026-03-01T09:45'],
      from: '2026-03-01T08:45:00Z',
      to: '2026-03-01T09:00:00Z',
    },
  ])('$kind $is: the range is widened to whole periods', ({ kind, from, to, is }) => {
    expect(labels(kind, from, to, 'Europe/Rome')).toEqual(is)
  })

  test('the hour repeated at the end of summer time is two rows, told apart by their offset', () => {
    expect(labels('hour', '2026-10-25', '2026-10-26', 'Europe/Rome').slice(1, 5)).toEqual([
      '2026-10-25T01:00',
      '2026-10-25T02:00+02:00',
      '2026-10-25T02:00+01:00',
      '2026-10-25T03:00',
    ])
    expect(labels('hour', '2026-11-01', '2026-11-02', 'America/New_York').slice(0, 3)).toEqual([
      '2026-11-01T00:00',
      '2026-11-01T01:00-04:00',
      '2026-11-01T01:00-05:00',
    ])
  })

  test('the hour skipped at its start has no row', () => {
    expect(labels('hour', '2026-03-29', '2026-03-30', 'Europe/Rome').slice(1, 3)).toEqual([
      '2026-03-29T01:00',
      '2026-03-29T03:00',
    ])
  })

  test('where clocks move by half an hour, the half that is repeated is its own row, and the half that is left is one', () => {
    expect(labels('hour', '2026-04-05', '2026-04-06', 'Australia/Lord_Howe').slice(1, 4)).toEqual([
      '2026-04-05T01:00',
      '2026-04-05T01:30+10:30',
      '2026-04-05T02:00',
    ])
    expect(labels('hour', '2026-10-04', '2026-10-05', 'Australia/Lord_Howe').slice(1, 4)).toEqual([
      '2026-10-04T01:00',
      '2026-10-04T02:30',
      '2026-10-04T03:00',
    ])
  })

  test('hours of a zone at +5:45 begin at a quarter past, in UTC', () => {
    const hour = periodAt('hour', at('2026-03-01T03:20:00Z'), 'Asia/Kathmandu')
    expect([hour.label, iso(hour.startMs), iso(hour.endMs)]).toEqual([
      '2026-03-01T09:00',
      '2026-03-01T03:15:00.000Z',
      '2026-03-01T04:15:00.000Z',
    ])
  })

  test('a date that the zone skipped has no row', () => {
    expect(labels('day', '2011-12-29', '2012-01-01', 'Pacific/Apia')).toEqual([
      '2011-12-29',
      '2011-12-31',
    ])
  })

  test('an empty range gives the period that holds it', () => {
    expect(labels('hour', '2026-03-01T08:20:00Z', '2026-03-01T08:20:00Z', 'UTC')).toEqual([
      '2026-03-01T08:00',
    ])
    expect(labels('month', '2026-03-01', '2026-03-01', 'UTC')).toEqual(['2026-03'])
  })

  test('periods tile: they cover the range, meet at their ends, and have different labels', () => {
    const start = fc.integer({ min: at('1990-01-01T00:00:00Z'), max: at('2040-01-01T00:00:00Z') })
    const range = fc.tuple(start, fc.integer({ min: 1, max: 5 * dayMs }))
    fc.assert(
      fc.property(
        range,
        fc.constantFrom(...zones),
        fc.constantFrom(...periodKinds),
        ([startMs, lengthMs], zone, kind) => {
          const periods = [
            ...periodsIn(
              kind,
              { startMs: startMs as EpochMs, endMs: (startMs + lengthMs) as EpochMs },
              zone,
            ),
          ]
          expect(periods[0]?.startMs).toBeLessThanOrEqual(startMs)
          expect(periods[0]?.endMs).toBeGreaterThan(startMs)
          expect(periods.at(-1)?.startMs).toBeLessThan(startMs + lengthMs)
          expect(periods.at(-1)?.endMs).toBeGreaterThanOrEqual(startMs + lengthMs)
          for (let index = 1; index < periods.length; index++)
            expect(periods[index]?.startMs).toBe(periods[index - 1]?.endMs)
          expect(new Set(periods.map((period) => period.label)).size).toBe(periods.length)
        },
      ),
    )
  })

  test('every boundary is a boundary of slots', () => {
    const start = fc.integer({ min: at('1990-01-01T00:00:00Z'), max: at('2040-01-01T00:00:00Z') })
    fc.assert(
      fc.property(
        start,
        fc.constantFrom(...zones),
        fc.constantFrom(...periodKinds),
        (ms, zone, kind) => {
          const { startMs, endMs } = periodAt(kind, ms as EpochMs, zone)
          expect([bucketStart(startMs, slotMs), bucketStart(endMs, slotMs)]).toEqual([
            startMs,
            endMs,
          ])
        },
      ),
    )
  })
})

test.each([
  { text: '2026-03-01', is: '2026-02-28T23:00:00.000Z' },
  { text: '2026-03-01T00:00:00Z', is: '2026-03-01T00:00:00.000Z' },
  { text: '2026-03-01T09:00:00.5+08:00', is: '2026-03-01T01:00:00.500Z' },
])('$text is a boundary', ({ text, is }) => {
  expect(iso(parseBoundary(text, 'Europe/Rome') ?? 0)).toBe(is)
})

test.each([
  '',
  '2026',
  '2026-02-30',
  '2026-03-01T09:00:00',
  '1899-12-31',
  '+012026-01-01',
  'now',
  `${minuteMs}`,
])('%s is none', (text) => {
  expect(parseBoundary(text, 'Europe/Rome')).toBeNull()
})

test.each([
  { text: '2026-03-02', kind: null, date: '2026-03-02' },
  { text: '2024-02-29', kind: null, date: '2024-02-29' },
  { text: '2026-W10', kind: 'week', date: '2026-03-02' },
  { text: '2026-W01', kind: 'week', date: '2025-12-29' },
  { text: '2026-W53', kind: 'week', date: '2026-12-28' },
  { text: '2024-W01', kind: 'week', date: '2024-01-01' },
  { text: '2027-W01', kind: 'week', date: '2027-01-04' },
  { text: '2026-03', kind: 'month', date: '2026-03-01' },
  { text: '2026-12', kind: 'month', date: '2026-12-01' },
  { text: '2026-Q1', kind: 'quarter', date: '2026-01-01' },
  { text: '2026-Q4', kind: 'quarter', date: '2026-10-01' },
  { text: '2026', kind: 'year', date: '2026-01-01' },
  { text: '1900', kind: 'year', date: '1900-01-01' },
])('$text names the period that begins on $date', ({ text, kind, date }) => {
  expect(parseLabel(text)).toEqual({ kind, date })
})

test.each(
  [
    '2026-02-29',
    '2026-13',
    '2026-00',
    '2026-W00',
    '2025-W53',
    '2026-W54',
    '2026-Q0',
    '2026-Q5',
  ].concat(['1899', '2200', '26', '2026-', '2026-W1', 'x2026', '2026-03-02T00:00:00Z', '']),
)('%j names none', (text) => {
  expect(parseLabel(text)).toBeNull()
})
