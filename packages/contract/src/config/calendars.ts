import type { BusinessCalendar } from '@deskpulse/core/time'
import * as z from 'zod'
import { dayClocks, differs, hoursSchema, isStretch, minuteOf, weeklyHoursOf } from './hours.ts'

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

export function calendarOf({
  hours,
  holidays = [],
  workdays = [],
}: CalendarInput): BusinessCalendar {
  return {
    hours: weeklyHoursOf(hours),
    holidays: holidays.map((one) => ({
      ...datesOf(one)!,
      ...(one.name !== undefined && { name: one.name }),
    })),
    workdays: workdays.map(({ date: on, from, to }) => ({
      date: on,
      fromMinute: minuteOf(from),
      toMinute: minuteOf(to),
    })),
  }
}
