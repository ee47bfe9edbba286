import { datesOf, type CalendarInput, type HolidayInput } from './calendars.ts'
import { didYouMean, type Fault, oneOf, under } from './fault.ts'
import { minuteOf, weeklyHoursOf } from './hours.ts'
import { publicHolidays } from './public-holidays/public-holidays.ts'
import { type IsSure, type Readable, sureBelow } from './readable.ts'

type Calendars = Readonly<Record<string, CalendarInput>>

/** What a tenant says of its calendars, as far as it can be read. */
type Named = {
  readonly calendars?: Readable<Calendars> | undefined
  readonly calendar?: string | undefined
  readonly queueCalendars?: Readable<Readonly<Record<string, string>>> | undefined
}

/** What is wrong between the keys of calendars, and with the names by which they are used. */
export function calendarFaults(tenant: Named, isSure: IsSure): Fault[] {
  const { calendars = {}, calendar, queueCalendars = {} } = tenant
  const known = Object.keys(calendars)
  const nameFaults = (name: string | undefined, path: readonly PropertyKey[]): Fault[] =>
    name === undefined || known.includes(name) || !isSure('calendars')
      ? []
      : [{ path, ...aCalendar(name, known) }]
  return [
    ...Object.entries(calendars).flatMap(([name, one]) =>
      under(['calendars', name], faultsWithin(one ?? {}, sureBelow(isSure, 'calendars', name))),
    ),
    ...nameFaults(calendar, ['calendar']),
    ...Object.entries(queueCalendars).flatMap(([queue, name]) =>
      nameFaults(name, ['queueCalendars', queue]),
    ),
  ]
}

function aCalendar(name: string, known: readonly string[]): Pick<Fault, 'expected' | 'hint'> {
  const what = 'the name of one of the calendars'
  const near = didYouMean(name, known)
  if (near.hint !== undefined) return { expected: what, ...near }
  return {
    expected:
      known.length === 0 ? `${what}, of which there is none` : `${what}: ${known.join(', ')}`,
  }
}

function faultsWithin(
  { hours, holidays = [], workdays = [], publicHolidays: named = [] }: Readable<CalendarInput>,
  isSure: IsSure,
): Fault[] {
  return [
    ...(hours === undefined || !isSure('hours')
      ? []
      : overlaps(minutesOfWeek(hours as CalendarInput['hours']), weekMinutes).map((at) => ({
          path: ['hours', at],
          expected: 'hours that no other stretch of the week has',
        }))),
    ...holidays.flatMap((one, at) =>
      one === undefined || !isSure('holidays', at)
        ? []
        : under(['holidays', at], holidayFaults(one)),
    ),
    ...named.flatMap((one, at) =>
      one === undefined || Object.hasOwn(publicHolidays, one)
        ? []
        : [
            {
              path: ['publicHolidays', at],
              ...oneOf('the name of public holidays', one, Object.keys(publicHolidays)),
            },
          ],
    ),
    ...overlaps(
      workdays.flatMap((one, at) => {
        if (one === undefined || !isSure('workdays', at)) return []
        const midnight = Date.parse(`${one.date}T00:00:00Z`) / 60_000
        const [from, to] = [minuteOf(one.from!), minuteOf(one.to!)]
        return [{ at, from: midnight + from, to: midnight + to + (to <= from ? dayMinutes : 0) }]
      }),
      Infinity,
    ).map((at) => ({
      path: ['workdays', at],
      expected: 'hours that no other workday of the date has',
    })),
  ]
}

function holidayFaults(holiday: Readable<HolidayInput>): Fault[] {
  const { date, from, to } = holiday
  const isOne = date !== undefined && from === undefined && to === undefined
  const isRange = date === undefined && from !== undefined && to !== undefined
  if (!isOne && !isRange) return [{ path: [], expected: 'either date, or from and to' }]
  const dates = datesOf(holiday)!
  return dates.to < dates.from
    ? [{ path: ['to'], expected: `a date that is not before from, ${dates.from}` }]
    : []
}

const dayMinutes = 1_440
const weekMinutes = 7 * dayMinutes

type Stretch = { readonly at: number; readonly from: number; readonly to: number }

function minutesOfWeek(hours: CalendarInput['hours']): Stretch[] {
  return weeklyHoursOf(hours).flatMap(({ days, fromMinute, toMinute }, at) =>
    days.map((day) => {
      const from = (day - 1) * dayMinutes + fromMinute
      return {
        at,
        from,
        to: from - fromMinute + toMinute + (toMinute <= fromMinute ? dayMinutes : 0),
      }
    }),
  )
}

/** The places of stretches that share a minute with one that stands before them, in a round of so many minutes. */
function overlaps(stretches: readonly Stretch[], round: number): number[] {
  const share = (a: Stretch, b: Stretch): boolean =>
    [-round, 0, round].some((turn) => {
      const shift = Number.isFinite(turn) ? turn : 0
      return a.from < b.to + shift && b.from + shift < a.to
    })
  const found = stretches.flatMap((one, place) =>
    stretches.slice(0, place).some((other) => share(one, other)) ? [one.at] : [],
  )
  return [...new Set(found)]
}
