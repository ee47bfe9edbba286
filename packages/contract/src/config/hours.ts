import type { WeeklyHours } from '@deskpulse/core/alerts'
import * as z from 'zod'

/** In the order of ISO weekdays: Monday is 1. */
const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const

const clock = '(?:[01]\\d|2[0-3]):[0-5]\\d'
const from = z
  .string()
  .regex(new RegExp(`^${clock}$`, 'u'), { error: 'a time from 00:00 to 23:59, in quotes' })
const to = z.string().regex(new RegExp(`^(?:${clock}|24:00)$`, 'u'), {
  error: 'a time from 00:00 to 24:00, in quotes',
})

/** When a day's stretch begins and ends. */
export const dayClocks = { from, to }
const times = z.object(dayClocks)

/** Two different times, whatever else is wrong. */
export const differs = {
  error: 'another time than from; a whole day is 00:00 to 24:00',
  path: ['to'],
  when: ({ value }: { readonly value: unknown }) => times.safeParse(value).success,
}
export const isStretch = (stretch: { readonly from: string; readonly to: string }): boolean =>
  stretch.from !== stretch.to

const stretch = z
  .strictObject({ days: z.array(z.enum(weekdays)).min(1).max(7), ...dayClocks })
  .refine(isStretch, differs)
  .meta({ not: { properties: { from: { const: '00:00' }, to: { const: '00:00' } } } }) // JSON Schema compares no two members: it gets the usual case.

/** Local hours of a week as people write them. `to` at or before `from` is in the next day. */
export const hoursSchema = z.array(stretch).min(1).max(50)
export type HoursInput = z.output<typeof hoursSchema>

/** Since midnight. */
export const minuteOf = (text: string): number =>
  Number(text.slice(0, 2)) * 60 + Number(text.slice(3))

function clockOf(minute: number): string {
  const part = (value: number): string => String(value).padStart(2, '0')
  return `${part(Math.floor(minute / 60))}:${part(minute % 60)}`
}

export function weeklyHoursOf(input: HoursInput): WeeklyHours {
  return input.map(({ days, from: begin, to: end }) => ({
    days: [...new Set(days.map((day) => weekdays.indexOf(day) + 1))].sort((a, b) => a - b),
    fromMinute: minuteOf(begin),
    toMinute: minuteOf(end),
  }))
}

/** The inverse of `weeklyHoursOf`. */
export function hoursInputOf(hours: WeeklyHours): HoursInput {
  return hours.map(({ days, fromMinute, toMinute }) => ({
    days: days.flatMap((day) => weekdays[day - 1] ?? []),
    from: clockOf(fromMinute),
    to: clockOf(toMinute),
  }))
}
