import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { hourMs, minuteMs, type EpochMs } from './time.ts'
import { isWithin, nextWithin, type WeeklyHours } from './weekly-hours.ts'

const everyDay = [1, 2, 3, 4, 5, 6, 7]
const instant = (text: string): EpochMs => Temporal.Instant.from(text).epochMilliseconds as EpochMs
const textOf = (atMs: EpochMs | null): string | null =>
  atMs === null ? null : new Date(atMs).toISOString()

describe('hours of a week', () => {
  const office: WeeklyHours = [{ days: [1, 2, 3, 4, 5], fromMinute: 9 * 60, toMinute: 18 * 60 }]
  const night: WeeklyHours = [{ days: [7], fromMinute: 22 * 60, toMinute: 6 * 60 }]
  test.each<
    [
      rule: string,
      hours: WeeklyHours | null,
      at: string,
      zone: string,
      within: boolean,
      next: string | null,
    ]
  >([
    ['no hours are all hours', null, '2026-03-02T03:00:00Z', 'UTC', true, '2026-03-02T03:00:00Z'],
    [
      'before 1970 weeks go on as ever',
      office,
      '1969-12-29T08:30:00Z',
      'UTC',
      false,
      '1969-12-29T09:00:00Z',
    ],
    ['hours that name nothing never come', [], '2026-03-02T03:00:00Z', 'UTC', false, null],
    [
      'hours without a day never come',
      [{ days: [], fromMinute: 0, toMinute: 1_440 }],
      '2026-03-02T03:00:00Z',
      'UTC',
      false,
      null,
    ],
    [
      'the first minute is within',
      office,
      '2026-03-02T01:00:00Z',
      'Asia/Shanghai',
      true,
      '2026-03-02T01:00:00Z',
    ],
    [
      'the millisecond before is not',
      office,
      '2026-03-02T00:59:59.999Z',
      'Asia/Shanghai',
      false,
      '2026-03-02T01:00:00Z',
    ],
    [
      'the last millisecond is within',
      office,
      '2026-03-02T09:59:59.999Z',
      'Asia/Shanghai',
      true,
      '2026-03-02T09:59:59.999Z',
    ],
    [
      'the end is not within',
      office,
      '2026-03-02T10:00:00Z',
      'Asia/Shanghai',
      false,
      '2026-03-03T01:00:00Z',
    ],
    [
      'after Friday comes Monday',
      office,
      '2026-03-06T10:00:00Z',
      'Asia/Shanghai',
      false,
      '2026-03-09T01:00:00Z',
    ],
    [
      'a night reaches into the next day',
      night,
      '2026-03-02T05:59:00Z',
      'UTC',
      true,
      '2026-03-02T05:59:00Z',
    ],
    [
      'and begins on its own one',
      night,
      '2026-03-02T06:00:00Z',
      'UTC',
      false,
      '2026-03-08T22:00:00Z',
    ],
    [
      'equal ends are a whole day',
      [{ days: [1], fromMinute: 480, toMinute: 480 }],
      '2026-03-03T07:59:00Z',
      'UTC',
      true,
      '2026-03-03T07:59:00Z',
    ],
    [
      'a skipped hour does not come that day',
      [{ days: everyDay, fromMinute: 120, toMinute: 180 }],
      '2026-03-29T00:59:00Z',
      'Europe/Rome',
      false,
      '2026-03-30T00:00:00Z',
    ],
    [
      'hours that are skipped in part begin when the clock goes on',
      [{ days: everyDay, fromMinute: 150, toMinute: 240 }],
      '2026-03-29T00:59:00Z',
      'Europe/Rome',
      false,
      '2026-03-29T01:00:00Z',
    ],
    [
      'a repeated hour is within the second time too',
      [{ days: everyDay, fromMinute: 120, toMinute: 180 }],
      '2026-10-25T01:30:00Z',
      'Europe/Rome',
      true,
      '2026-10-25T01:30:00Z',
    ],
    [
      'between the two times it is not yet within again',
      [{ days: everyDay, fromMinute: 120, toMinute: 150 }],
      '2026-10-25T00:45:00Z',
      'Europe/Rome',
      false,
      '2026-10-25T01:00:00Z',
    ],
    [
      'a zone of half hours changes by half an hour',
      [{ days: everyDay, fromMinute: 120, toMinute: 150 }],
      '2026-10-03T15:29:00Z',
      'Australia/Lord_Howe',
      false,
      '2026-10-04T15:00:00Z',
    ],
  ])('%s', (_rule, hours, atText, zone, within, next) => {
    expect(isWithin(hours, instant(atText), zone)).toBe(within)
    expect(nextWithin(hours, instant(atText), zone)).toBe(next === null ? null : instant(next))
  })

  test('an unknown zone is refused', () => {
    expect(() => isWithin(office, instant('2026-03-02T03:00:00Z'), 'Mars/Olympus')).toThrow(
      RangeError,
    )
  })

  test('hours on both sides of a week’s end are one stretch', () => {
    const hours: WeeklyHours = [
      { days: [7], fromMinute: 23 * 60, toMinute: 1_440 },
      { days: [1], fromMinute: 0, toMinute: 60 },
    ]
    const midnightMs = instant('2026-03-09T00:00:00Z')
    expect(isWithin(hours, (midnightMs - 1) as EpochMs, 'UTC')).toBe(true)
    expect(textOf(nextWithin(hours, midnightMs, 'UTC'))).toBe('2026-03-09T00:00:00.000Z')
  })
})

/** Every minute of some days around a change of the clocks, and what the zone's clock shows. */
type Clock = {
  readonly zone: string
  readonly startMs: number
  readonly minutes: readonly { readonly day: number; readonly minute: number }[]
}

function clockOf(zone: string, from: string, days: number): Clock {
  const startMs = instant(from)
  const minutes = Array.from({ length: days * 1_440 }, (_, index) => {
    const shown = Temporal.Instant.fromEpochMilliseconds(
      startMs + index * minuteMs,
    ).toZonedDateTimeISO(zone)
    return { day: shown.dayOfWeek, minute: shown.hour * 60 + shown.minute }
  })
  return { zone, startMs, minutes }
}

const clocks = [
  clockOf('Europe/Rome', '2026-03-25T00:00:00Z', 9), // Forward.
  clockOf('America/New_York', '2026-10-29T00:00:00Z', 9), // Back.
  clockOf('Australia/Lord_Howe', '2026-04-01T00:00:00Z', 9), // Back by half an hour.
  clockOf('Asia/Kathmandu', '2026-05-01T00:00:00Z', 8), // 5:45, no change.
  clockOf('America/Sao_Paulo', '2018-11-01T00:00:00Z', 9), // Forward at midnight.
  clockOf('Pacific/Apia', '2011-12-28T00:00:00Z', 9), // A Friday that never was.
  clockOf('Africa/Casablanca', '2026-02-12T00:00:00Z', 9), // Back for Ramadan.
]

const weeklyHours: fc.Arbitrary<WeeklyHours> = fc.array(
  fc.record({
    days: fc.subarray(everyDay),
    fromMinute: fc.integer({ min: 0, max: 1_439 }),
    toMinute: fc.integer({ min: 0, max: 1_440 }),
  }),
  { maxLength: 3 },
)

const before = (day: number): number => (day === 1 ? 7 : day - 1)

/** The definition, of one minute. */
function shows(hours: WeeklyHours, { day, minute }: Clock['minutes'][number]): boolean {
  return hours.some(({ days, fromMinute, toMinute }) => {
    if (fromMinute < toMinute)
      return days.includes(day) && fromMinute <= minute && minute < toMinute
    return (
      (days.includes(day) && minute >= fromMinute) ||
      (days.includes(before(day)) && minute < toMinute)
    )
  })
}

test('hours are what the zone’s clock shows, minute by minute', () => {
  fc.assert(
    fc.property(
      weeklyHours,
      fc.constantFrom(...clocks),
      fc.nat({ max: 9 * 24 * hourMs }),
      (hours, clock, ms) => {
        const index = Math.floor(ms / minuteMs) % clock.minutes.length
        const atMs = (clock.startMs + index * minuteMs + (ms % minuteMs)) as EpochMs
        const within = shows(hours, clock.minutes[index]!)
        expect(isWithin(hours, atMs, clock.zone)).toBe(within)
        const nextMs = nextWithin(hours, atMs, clock.zone)
        const ahead = clock.minutes.findIndex(
          (shown, other) => other > index && shows(hours, shown),
        )
        if (within) expect(nextMs).toBe(atMs)
        else if (ahead >= 0) expect(nextMs).toBe(clock.startMs + ahead * minuteMs)
        else
          expect(nextMs ?? Infinity).toBeGreaterThanOrEqual(
            clock.startMs + clock.minutes.length * minuteMs,
          )
        if (nextMs !== null) expect(isWithin(hours, nextMs, clock.zone)).toBe(true)
      },
    ),
    { numRuns: 2_000 },
  )
})
