import type { WeeklyHours } from '@deskpulse/core/alerts'
import type { BusinessCalendar, Workday } from '@deskpulse/core/time'
import * as z from 'zod'
import { dayClocks, differs, hoursSchema, isStretch, minuteOf, weeklyHoursOf } from './hours.ts'
import { publicHolidays } from './public-holidays/public-holidays.ts'

function isDate(text: string): boolean {
  const ms = Date.parse(`${text}T00:00:00Z`)
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(text) // 30 February is none.
}

const dateError = 'a date of the years 1900 to 2199, such as 2026-10-01, in quotes'
const date = z
  .string({ error: dateError })
  .regex(/^(?:19|20|21)\d\d-\d\d-\d\d$/u, { error: dateError })
  .refine(isDate, { error: dateError })
const name = z.string().min(1).max(128)

/** One `date`, or `from` and `to`, both inside; which of them: `calendarFaults`. */
const holiday = z.strictObject({
  date: date.optional(),
  from: date.optional(),
  to: date.optional(),
  name: name.optional(),
})

const workday = z
  .strictObject({ date, ...dayClocks, name: name.optional() })
  .refine(isStretch, differs)

/** When a center is open. What follows from several of its keys: `calendarFaults`. */
export const calendarSchema = z.strictObject({
  hours: hoursSchema,
  holidays: z.array(holiday).max(1_000).optional(),
  workdays: z.array(workday).max(1_000).optional(),
  /** Names of `publicHolidays`. */
  publicHolidays: z.array(name).max(100).optional(),
})
export type CalendarInput = z.output<typeof calendarSchema>
export type HolidayInput = z.output<typeof holiday>

/** The dates of a holiday; `null`: it does not say which. */
export function datesOf({
  date: only,
  from = only,
  to = only,
}: HolidayInput): { readonly from: string; readonly to: string } | null {
  return from === undefined || to === undefined ? null : { from, to }
}

/** The calendar with the public holidays that it names: what goes through the log says all dates. */
export function calendarOf({
  hours: written,
  holidays = [],
  workdays = [],
  publicHolidays: named = [],
}: CalendarInput): BusinessCalendar {
  const hours = weeklyHoursOf(written)
  const own = workdays.map(({ date: on, from, to }) => ({
    date: on,
    fromMinute: minuteOf(from),
    toMinute: minuteOf(to),
  }))
  const lists = named.map((one) => publicHolidays[one]!)
  const worked = lists
    .flatMap((list) => list.workdays ?? [])
    .filter((on) => !own.some((one) => one.date === on))
  return {
    hours,
    holidays: [
      ...holidays.map((one) => ({
        ...datesOf(one)!,
        ...(one.name !== undefined && { name: one.name }),
      })),
      ...lists.flatMap((list) =>
        list.holidays.map(([holidayName, from, to = from]) => ({ from, to, name: holidayName })),
      ),
    ],
    workdays: [...own, ...worked.flatMap((on) => usualDay(hours, on))],
  }
}

/** A day that is worked for a holiday has the hours of the first day of the week that has any. */
function usualDay(hours: WeeklyHours, on: string): Workday[] {
  const first = Math.min(...hours.flatMap(({ days }) => days))
  return hours
    .filter(({ days }) => days.includes(first))
    .map(({ fromMinute, toMinute }) => ({ date: on, fromMinute, toMinute }))
}
