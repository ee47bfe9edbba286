import { dayMs, type EpochMs, type Interval } from './time.ts'

/** Local days of one IANA zone. Day d is [first instant of d, first instant of d + 1): days tile time, whatever clocks do at midnight. */
export type Calendar = {
  readonly timeZone: string
  /** First instant of the local day that holds `atMs`. Cached: this is asked for every bucket. */
  dayStart(atMs: EpochMs): EpochMs
  /** The local day that holds `atMs`: 24 hours long, 23 or 25 (or 23.5 …) when the clocks change. */
  day(atMs: EpochMs): Interval
}

const cachedDaysMax = 20_000 // More than 50 years of a back-fill.

const startOf = (date: Temporal.PlainDate, timeZone: string): EpochMs =>
  date.toZonedDateTime(timeZone).epochMilliseconds as EpochMs

/** The local date whose day holds `atMs`. Where clocks go back over midnight, a date shows again after the next day has begun: the later one counts. */
export function localDateOf(atMs: EpochMs, timeZone: string): Temporal.PlainDate {
  let date = Temporal.Instant.fromEpochMilliseconds(atMs).toZonedDateTimeISO(timeZone).toPlainDate()
  for (;;) {
    const next = date.add({ days: 1 })
    if (startOf(next, timeZone) > atMs) return date
    date = next
  }
}

/** First instant of a local date; of a date that the zone skipped, the first instant after it. */
export const dateStart = startOf

function newCalendar(timeZone: string): Calendar {
  let starts = new Map<number, readonly EpochMs[]>() // UTC day → starts of the local days that it touches, ascending.

  function startsIn(utcDay: number): readonly EpochMs[] {
    const known = starts.get(utcDay)
    if (known !== undefined) return known
    const endMs = (utcDay + 1) * dayMs
    let date = localDateOf((utcDay * dayMs) as EpochMs, timeZone)
    const found: EpochMs[] = []
    for (
      let startMs = startOf(date, timeZone);
      startMs < endMs;
      startMs = startOf(date, timeZone)
    ) {
      found.push(startMs)
      date = date.add({ days: 1 })
    }
    if (starts.size >= cachedDaysMax) starts = new Map()
    starts.set(utcDay, found)
    return found
  }

  function dayStart(atMs: EpochMs): EpochMs {
    const found = startsIn(Math.floor(atMs / dayMs))
    let index = found.length - 1
    while (index > 0 && (found[index] as EpochMs) > atMs) index--
    return found[index] as EpochMs
  }

  return {
    timeZone,
    dayStart,
    day(atMs) {
      const next = localDateOf(atMs, timeZone).add({ days: 1 })
      return { startMs: dayStart(atMs), endMs: startOf(next, timeZone) }
    },
  }
}

const calendars = new Map<string, Calendar>() // At most one for each zone that exists: a memo, not state.

/** @throws RangeError when the zone is not known. */
export const calendarOf = (timeZone: string): Calendar =>
  calendars.getOrInsertComputed(timeZone, openCalendar)

function openCalendar(timeZone: string): Calendar {
  const calendar = newCalendar(timeZone)
  calendar.dayStart(0 as EpochMs) // An unknown zone is refused here, not at the first bucket.
  return calendar
}
