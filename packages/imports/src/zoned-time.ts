import type { Unread } from './column.ts'

/** A date, or a time with or without an offset, as spreadsheets write them: `2026-03-02`, `2026/3/2 9:00`, `2026-03-02T09:00:00+08:00`. */
const pattern =
  /^(?<year>\d{4})(?<separator>[-/.])(?<month>\d{1,2})\k<separator>(?<day>\d{1,2})(?:[T ]+(?<hour>\d{1,2}):(?<minute>\d{2})(?::(?<second>\d{2})(?:\.\d+)?)?\s*(?<offset>[Zz]|[+-]\d{2}:?\d{2})?)?$/

type Parts = Readonly<Record<string, string | undefined>>

/** `time`: RFC 3339 in UTC. `local`: date and time of the day where it was written. */
export type ZonedTime = { readonly time: string; readonly local: string }

/** The calendar date that is written; `null`: there is none, or it is more than a date. */
export function dateIn(text: string): string | null {
  const parts = pattern.exec(text)?.groups
  return parts === undefined || parts['hour'] !== undefined ? null : dateOf(parts)
}

/** The instant that is written, of a date alone its first one. */
export function timeIn(text: string, timeZone: string | null): ZonedTime | Unread {
  const parts = pattern.exec(text)?.groups
  const date = parts === undefined ? null : dateOf(parts)
  if (parts === undefined || date === null) return noTime
  const { hour = '0', minute = '00', second = '00', offset } = parts
  const local = `${date}T${hour.padStart(2, '0')}:${minute}:${second}`
  if (offset !== undefined) return instantOf(local, offset)
  if (timeZone === null) return noOffset
  return inZone(local, timeZone)
}

function dateOf({ year, month, day }: Parts): string | null {
  const date = `${year}-${month!.padStart(2, '0')}-${day!.padStart(2, '0')}`
  try {
    return Temporal.PlainDate.from(date).toString()
  } catch {
    return null
  }
}

const noTime: Unread = {
  expected: {
    en: 'a time such as 2026-03-02 09:00, or with an offset as 2026-03-02T09:00:00+08:00',
    zh: '时间，如 2026-03-02 09:00，或带时区偏移：2026-03-02T09:00:00+08:00',
  },
}
const noOffset: Unread = {
  expected: {
    en: 'an offset, as 2026-03-02T09:00:00+08:00, or a time zone of the file (--time-zone)',
    zh: '时区偏移，如 2026-03-02T09:00:00+08:00，或为文件选择时区',
  },
}
const noTimeOfDay: Unread = {
  expected: { en: 'a time of the day, 00:00 to 23:59', zh: '一天之内的时间，00:00 至 23:59' },
}

function instantOf(local: string, offset: string): ZonedTime | Unread {
  try {
    const { epochMilliseconds } = Temporal.Instant.from(`${local}${offset.toUpperCase()}`)
    return { time: new Date(epochMilliseconds).toISOString(), local }
  } catch {
    return noTimeOfDay
  }
}

function inZone(local: string, timeZone: string): ZonedTime | Unread {
  let time: Temporal.PlainDateTime
  try {
    time = Temporal.PlainDateTime.from(local)
  } catch {
    return noTimeOfDay
  }
  try {
    const { epochMilliseconds } = time.toZonedDateTime(timeZone, { disambiguation: 'reject' })
    return { time: new Date(epochMilliseconds).toISOString(), local }
  } catch {
    return {
      expected: {
        en: `an offset, as this time is not there, or there twice, in ${timeZone}`,
        zh: `时区偏移：该时间在 ${timeZone} 不存在或出现两次`,
      },
    }
  }
}
