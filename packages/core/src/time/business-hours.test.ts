import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type BusinessCalendar, businessHours, reachDays } from './business-hours.ts'
import { dayMs, type EpochMs, hourMs, minuteMs } from './time.ts'
import type { WeeklyHours } from './weekly-hours.ts'

const at = (text: string): EpochMs => Temporal.Instant.from(text).epochMilliseconds as EpochMs
const iso = (ms: number): string => new Date(ms).toISOString()
const minuteOf = (clock: string): number => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3))
const every = [1, 2, 3, 4, 5, 6, 7]
const weekdays = [1, 2, 3, 4, 5]
const stretch = (days: readonly number[], from: string, to: string): WeeklyHours[number] => ({
  days,
  fromMinute: minuteOf(from),
  toMinute: minuteOf(to),
})

const office: BusinessCalendar = {
  hours: [stretch(weekdays, '09:00', '12:00'), stretch(weekdays, '13:30', '18:00')],
  holidays: [{ from: '2026-10-01', to: '2026-10-07', name: 'National Day' }],
  workdays: [{ date: '2026-10-10', fromMinute: minuteOf('09:00'), toMinute: minuteOf('18:00') }],
}
const nights: BusinessCalendar = {
  hours: [stretch(every, '22:00', '06:00')],
  holidays: [{ from: '2026-03-10', to: '2026-03-10' }],
  workdays: [],
}
const days: BusinessCalendar = {
  hours: [stretch(weekdays, '09:00', '18:00')],
  holidays: [],
  workdays: [],
}
const always: BusinessCalendar = {
  hours: [stretch(every, '00:00', '24:00')],
  holidays: [],
  workdays: [],
}

describe('business time between two instants', () => {
  test.each([
    ['within one stretch', office, '2026-09-28T01:00:00Z', '2026-09-28T01:00:00.001Z', 1],
    ['over lunch', office, '2026-09-28T03:59:59.999Z', '2026-09-28T05:30:00.002Z', 3],
    ['over the night', office, '2026-09-28T09:55:00Z', '2026-09-29T01:55:00Z', hourMs],
    ['over a weekend', days, '2026-03-06T09:00:00Z', '2026-03-09T02:00:00Z', 2 * hourMs],
    [
      'over a holiday of a week',
      office,
      '2026-09-30T09:00:00Z',
      '2026-10-08T02:00:00Z',
      2 * hourMs,
    ],
    ['on both ends of a holiday', office, '2026-09-30T16:00:00Z', '2026-10-07T16:00:00Z', 0],
    [
      'on a Saturday that is worked',
      office,
      '2026-10-10T00:00:00Z',
      '2026-10-11T00:00:00Z',
      9 * hourMs,
    ],
    [
      'of a lunch on a day with hours of its own',
      office,
      '2026-10-10T04:00:00Z',
      '2026-10-10T05:00:00Z',
      hourMs,
    ],
    ['over midnight', nights, '2026-03-08T15:00:00Z', '2026-03-08T21:00:00Z', 6 * hourMs],
    [
      'of a night whose second day is a holiday',
      nights,
      '2026-03-09T04:00:00Z',
      '2026-03-10T04:00:00Z',
      2 * hourMs,
    ],
    [
      'of the night after a holiday',
      nights,
      '2026-03-10T04:00:00Z',
      '2026-03-11T04:00:00Z',
      6 * hourMs,
    ],
    ['backwards', office, '2026-09-29T01:00:00Z', '2026-09-28T01:00:00Z', 0],
  ] as const)('%s', (_, calendar, from, to, ms) => {
    expect(businessHours(calendar, 'Asia/Shanghai').between(at(from), at(to))).toBe(ms)
  })

  test('a listed workday wins over the holiday that it lies in', () => {
    const calendar = {
      ...office,
      workdays: [{ date: '2026-10-03', fromMinute: 600, toMinute: 660 }],
    }
    const hours = businessHours(calendar, 'UTC')
    expect(hours.between(at('2026-10-01T00:00:00Z'), at('2026-10-08T00:00:00Z'))).toBe(hourMs)
    expect(hours.isOpen(at('2026-10-03T10:00:00Z'))).toBe(true)
    expect(hours.isOpen(at('2026-10-03T11:00:00Z'))).toBe(false)
  })

  test.each([
    ['Europe/Rome', '2026-03-29', 22 * hourMs],
    ['Europe/Rome', '2026-10-25', 24 * hourMs],
    ['Australia/Lord_Howe', '2026-04-05', 23.5 * hourMs],
  ])(
    'an hour that %s skips on %s does not come, one that it repeats comes twice',
    (zone, date, ms) => {
      const calendar = { hours: [stretch(every, '01:00', '24:00')], holidays: [], workdays: [] }
      const next = Temporal.PlainDate.from(date).add({ days: 1 })
      const [from, to] = [Temporal.PlainDate.from(date), next].map(
        (one) => one.toZonedDateTime(zone).epochMilliseconds as EpochMs,
      ) as [EpochMs, EpochMs]
      expect(businessHours(calendar, zone).between(from, to)).toBe(ms)
    },
  )

  test('a date that the zone never had has no hours', () => {
    const hours = businessHours(days, 'Pacific/Apia') // Friday, 2011-12-30, was skipped.
    expect(hours.between(at('2011-12-25T12:00:00Z'), at('2012-01-01T00:00:00Z'))).toBe(
      4 * 9 * hourMs,
    )
  })
})

describe('an instant after so much business time', () => {
  test.each([
    [
      'goes on on the next open day',
      office,
      '2026-09-28T09:55:00Z',
      hourMs,
      '2026-09-29T01:55:00Z',
    ],
    [
      'at the end of a stretch is that end',
      office,
      '2026-09-28T09:00:00Z',
      hourMs,
      '2026-09-28T10:00:00Z',
    ],
    [
      'from outside hours runs from the next opening',
      office,
      '2026-09-27T03:00:00Z',
      minuteMs,
      '2026-09-28T01:01:00Z',
    ],
    ['passes over a holiday', office, '2026-09-30T09:59:59.999Z', 2, '2026-10-08T01:00:00.001Z'],
    ['after none is the same instant', office, '2026-09-27T03:00:00Z', 0, '2026-09-27T03:00:00Z'],
  ] as const)('%s', (_, calendar, since, ms, then) => {
    expect(iso(businessHours(calendar, 'Asia/Shanghai').after(at(since), ms))).toBe(iso(at(then)))
  })

  test('that is years away is found, one that never comes is put at the end of reach', () => {
    const never = { ...office, holidays: [{ from: '1900-01-01', to: '2199-12-31' }], workdays: [] }
    const sinceMs = at('2026-03-02T00:00:00Z')
    expect(businessHours(never, 'UTC').after(sinceMs, 1)).toBe(sinceMs + reachDays * dayMs)
    const five = 5 * 52 * 5 * 9 * hourMs // Five years of 52 weeks.
    expect(iso(businessHours(days, 'UTC').after(sinceMs, five))).toBe('2031-02-21T18:00:00.000Z')
  })
})

/** The definition, of one minute: what the zone's clock shows then. */
function showsOpen({ hours, holidays, workdays }: BusinessCalendar, atMs: number, zone: string) {
  const shown = Temporal.Instant.fromEpochMilliseconds(atMs).toZonedDateTimeISO(zone)
  const [today, minute] = [shown.toPlainDate(), shown.hour * 60 + shown.minute]
  const isListed = (date: Temporal.PlainDate) => workdays.some((one) => one.date === String(date))
  const stretchesOf = (date: Temporal.PlainDate) =>
    isListed(date)
      ? workdays.filter((one) => one.date === String(date))
      : hours.filter((one) => one.days.includes(date.dayOfWeek))
  const isHoliday = holidays.some(({ from, to }) => from <= String(today) && String(today) <= to)
  if (isHoliday && !isListed(today)) return false
  return (
    stretchesOf(today).some(
      ({ fromMinute, toMinute }) =>
        fromMinute <= minute && (minute < toMinute || toMinute <= fromMinute),
    ) ||
    stretchesOf(today.subtract({ days: 1 })).some(
      ({ fromMinute, toMinute }) => toMinute <= fromMinute && minute < toMinute,
    )
  )
}

const places = [
  { zone: 'Europe/Rome', around: '2026-03-29T00:00:00Z' }, // Forward.
  { zone: 'America/New_York', around: '2026-11-01T00:00:00Z' }, // Back.
  { zone: 'Australia/Lord_Howe', around: '2026-04-04T12:00:00Z' }, // Back by half an hour.
  { zone: 'Asia/Kathmandu', around: '2026-05-01T00:00:00Z' }, // +5:45.
  { zone: 'Pacific/Chatham', around: '2026-04-04T12:00:00Z' }, // +12:45, back.
  { zone: 'America/Sao_Paulo', around: '2018-11-04T00:00:00Z' }, // Forward at midnight.
  { zone: 'Pacific/Apia', around: '2011-12-30T00:00:00Z' }, // A Friday that never was.
]
const time = fc.constantFrom(0, 1, 60, 120, 150, 540, 720, 1_110, 1_380, 1_439, 1_440)
const fromTo = fc.record({ fromMinute: time.filter((one) => one < 1_440), toMinute: time })
const calendars = (around: string): fc.Arbitrary<BusinessCalendar> => {
  const date = fc
    .integer({ min: -4, max: 4 })
    .map((days) => String(Temporal.PlainDate.from(around.slice(0, 10)).add({ days })))
  return fc.record({
    hours: fc
      .array(fc.tuple(fc.subarray(every), fromTo), { maxLength: 3 })
      .map((all) => all.map(([some, one]) => ({ days: some, ...one }))),
    holidays: fc
      .array(fc.tuple(date, date), { maxLength: 2 })
      .map((all) => all.map(([a, b]) => (a < b ? { from: a, to: b } : { from: b, to: a }))),
    workdays: fc
      .array(fc.tuple(date, fromTo), { maxLength: 2 })
      .map((all) => all.map(([one, times]) => ({ date: one, ...times }))),
  })
}

test('business time is what the zone’s clock shows, minute by minute, and its inverse is the first instant at which it is over', () => {
  const cases = fc.constantFrom(...places).chain(({ zone, around }) =>
    fc.tuple(
      fc.constant(zone),
      calendars(around),
      fc.integer({ min: -3 * dayMs, max: 3 * dayMs }).map((ms) => at(around) + ms),
      fc.integer({ min: 0, max: 30 * hourMs }),
    ),
  )
  fc.assert(
    fc.property(cases, ([zone, calendar, fromMs, lengthMs]) => {
      const toMs = fromMs + lengthMs
      let openMs = 0
      for (let atMs = fromMs; atMs < toMs;) {
        const untilMs = Math.min(toMs, (Math.floor(atMs / minuteMs) + 1) * minuteMs)
        if (showsOpen(calendar, atMs, zone)) openMs += untilMs - atMs
        atMs = untilMs
      }
      const hours = businessHours(calendar, zone)
      const [from, to] = [fromMs as EpochMs, toMs as EpochMs]
      expect(hours.between(from, to)).toBe(openMs)
      expect(hours.isOpen(from)).toBe(showsOpen(calendar, fromMs, zone))
      if (openMs === 0) return
      const thenMs = hours.after(from, openMs)
      expect(thenMs).toBeLessThanOrEqual(to)
      expect(hours.between(from, thenMs)).toBe(openMs)
      expect(hours.between(from, (thenMs - 1) as EpochMs)).toBe(openMs - 1)
    }),
    { numRuns: 300 },
  )
})

test('a calendar that is always open is calendar time', () => {
  const instants = fc.integer({ min: at('1990-01-01T00:00:00Z'), max: at('2040-01-01T00:00:00Z') })
  fc.assert(
    fc.property(
      instants,
      fc.integer({ min: 0, max: 400 * dayMs }),
      fc.constantFrom(...places),
      (fromMs, ms, { zone }) => {
        const hours = businessHours(always, zone)
        const from = fromMs as EpochMs
        expect(hours.between(from, (fromMs + ms) as EpochMs)).toBe(ms)
        expect(hours.after(from, ms)).toBe(fromMs + ms)
      },
    ),
  )
})

test('what is open before an instant and after it adds up', () => {
  const instants = fc.integer({ min: at('2020-01-01T00:00:00Z'), max: at('2032-01-01T00:00:00Z') })
  fc.assert(
    fc.property(fc.tuple(instants, instants, instants), (three) => {
      const [a, b, c] = three.sort((x, y) => x - y) as [EpochMs, EpochMs, EpochMs]
      const hours = businessHours(office, 'Asia/Shanghai')
      expect(hours.between(a, b) + hours.between(b, c)).toBe(hours.between(a, c))
    }),
  )
})
