import type { EpochMs } from '@deskpulse/core/time'

/** RFC 3339 with seconds and an offset. Days of a month and leap years are exact; second 60 and hour 24 are refused. */
const dateOf = (century: string, year: string, leapCenturies: string): string =>
  `(?:(?:${century}[2468][048]|${century}[13579][26]|${century}0[48]|${leapCenturies})-02-29|` +
  `${year}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\\d|3[01])|(?:0[469]|11)-(?:0[1-9]|[12]\\d|30)|02-(?:0[1-9]|1\\d|2[0-8])))`
const date = dateOf('\\d\\d', '\\d{4}', '[02468][048]00|[13579][26]00')
/** Of the years that periods are made of: 1900 to 2199. */
const periodDate = dateOf('(?:19|20|21)', '(?:19|20|21)\\d\\d', '2000')
const clockOf = (fractionDigits: number): string =>
  `(?:[01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d(?:\\.\\d{1,${fractionDigits}})?`
const offset = '(?:[Zz]|[+-](?:[01]\\d|2[0-3]):[0-5]\\d)'

export const localDatePattern = new RegExp(`^${date}$`, 'u')
export const timePattern = new RegExp(`^${date}[Tt]${clockOf(12)}${offset}$`, 'u')
export const periodDatePattern = new RegExp(`^${periodDate}$`, 'u')
/** The label of a week, a month or a quarter, or a date. */
export const periodLabelPattern = new RegExp(
  `^(?:${periodDate}|(?:19|20|21)\\d\\d-(?:0[1-9]|1[0-2]|W(?:0[1-9]|[1-4]\\d|5[0-3])|Q[1-4]))$`,
  'u',
)
export const periodTimePattern = new RegExp(`^${periodDate}[Tt]${clockOf(9)}${offset}$`, 'u')

const digit = (text: string, at: number): number => text.charCodeAt(at) - 48
const two = (text: string, at: number): number => digit(text, at) * 10 + digit(text, at + 1)

/** Days from 1970-01-01 to a day of the proleptic Gregorian calendar (Hinnant's `days_from_civil`). */
function daysFromCivil(year: number, month: number, day: number): number {
  const shifted = month <= 2 ? year - 1 : year
  const era = Math.floor(shifted / 400)
  const yearOfEra = shifted - era * 400
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1
  return (
    era * 146_097 +
    yearOfEra * 365 +
    Math.floor(yearOfEra / 4) -
    Math.floor(yearOfEra / 100) +
    dayOfYear -
    719_468
  )
}

/** Milliseconds of `.017…`, at `at` = the position of the point; what is finer than a millisecond is cut off. */
function fractionMs(text: string, at: number): number {
  let ms = 0
  let weight = 100
  for (let i = at + 1; weight >= 1; i += 1, weight /= 10) {
    const value = digit(text, i)
    if (!(value >= 0 && value <= 9)) break
    ms += value * weight
  }
  return ms
}

/** Epoch milliseconds of a text that matches `timePattern`; any other text gives a meaningless number. */
export function epochMsOf(text: string): EpochMs {
  const days = daysFromCivil(two(text, 0) * 100 + two(text, 2), two(text, 5), two(text, 8))
  const seconds = two(text, 11) * 3_600 + two(text, 14) * 60 + two(text, 17)
  const ms = text.charCodeAt(19) === 46 ? fractionMs(text, 19) : 0
  const last = text.charCodeAt(text.length - 1)
  const local = days * 86_400_000 + seconds * 1_000 + ms
  if (last === 90 || last === 122) return local as EpochMs
  const at = text.length - 6
  const offsetMs = (two(text, at + 1) * 60 + two(text, at + 4)) * 60_000
  return (text.charCodeAt(at) === 45 ? local + offsetMs : local - offsetMs) as EpochMs
}

/** `null`: not RFC 3339 with seconds and an offset, or no such day. */
export function parseTime(text: string): EpochMs | null {
  return timePattern.test(text) ? epochMsOf(text) : null
}

/** RFC 3339 UTC with milliseconds. */
export function formatTime(timeMs: number): string {
  return new Date(timeMs).toISOString()
}
