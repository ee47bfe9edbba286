import { offsetSpanAt } from './offsets.ts'
import { minuteMs, type DurationMs, type EpochMs } from './time.ts'

/**
 * Local hours of a week in the tenant's zone, half-open. `days`: ISO weekdays, 1 = Monday. `toMinute` ≤ `fromMinute` reaches into the next day
 * (22:00–06:00); 1440 is midnight at the day's end.
 */
export type WeeklyHours = readonly {
  readonly days: readonly number[]
  readonly fromMinute: number
  readonly toMinute: number
}[]

const dayMinutes = 1_440
const weekMinutes = 7 * dayMinutes
/** 1970-01-01 was a Thursday; weeks here begin on Monday. */
const epochWeekMinute = 3 * dayMinutes

/** Minutes of a local week from Monday 00:00, `[from, to)` each, by where they begin; they may overlap, and do not reach over the week's end. */
type WeekMinutes = readonly (readonly [from: number, to: number])[]

/** Whether the zone's clock shows a time within the hours at `atMs`; `null`: always. An hour that the zone repeats is within both times. */
export function isWithin(hours: WeeklyHours | null, atMs: EpochMs, timeZone: string): boolean {
  if (hours === null) return true
  const minute = weekMinuteOf(atMs, offsetSpanAt(atMs, timeZone).offsetMs)
  return weekMinutesOf(hours).some(([from, to]) => from <= minute && minute < to)
}

/**
 * The first instant at or after `atMs` that is within the hours: `atMs` itself where it is. Hours that the zone skips on a day do not come on that day;
 * those that it skips in part begin when the clock goes on.
 * @returns `null` when the hours hold nothing: it never comes.
 */
export function nextWithin(
  hours: WeeklyHours | null,
  atMs: EpochMs,
  timeZone: string,
): EpochMs | null {
  if (hours === null) return atMs
  const week = weekMinutesOf(hours)
  if (week.length === 0) return null
  for (let fromMs = atMs; ;) {
    const { endMs, offsetMs } = offsetSpanAt(fromMs, timeZone)
    const foundMs = nextByClock(week, fromMs, offsetMs)
    if (foundMs < endMs) return foundMs
    fromMs = endMs // The clock is put forward or back before that.
  }
}

/** As if the offset stayed as it is. */
function nextByClock(week: WeekMinutes, fromMs: EpochMs, offsetMs: DurationMs): EpochMs {
  const minute = weekMinuteOf(fromMs, offsetMs)
  const next = week.find(([, to]) => minute < to)
  if (next !== undefined && next[0] <= minute) return fromMs
  const minutesAhead = (next === undefined ? week[0]![0] + weekMinutes : next[0]) - minute
  return ((Math.floor((fromMs + offsetMs) / minuteMs) + minutesAhead) * minuteMs -
    offsetMs) as EpochMs
}

function weekMinuteOf(atMs: EpochMs, offsetMs: DurationMs): number {
  const minute = (Math.floor((atMs + offsetMs) / minuteMs) + epochWeekMinute) % weekMinutes
  return minute < 0 ? minute + weekMinutes : minute
}

const compiled = new WeakMap<WeeklyHours, WeekMinutes>() // A memo, not state.

const weekMinutesOf = (hours: WeeklyHours): WeekMinutes =>
  compiled.getOrInsertComputed(hours, compile)

function compile(hours: WeeklyHours): WeekMinutes {
  const pieces: [from: number, to: number][] = []
  for (const { days, fromMinute, toMinute } of hours) {
    for (const day of days) {
      const midnight = (day - 1) * dayMinutes
      const to = midnight + toMinute + (toMinute <= fromMinute ? dayMinutes : 0)
      pieces.push([midnight + fromMinute, Math.min(to, weekMinutes)])
      if (to > weekMinutes) pieces.push([0, to - weekMinutes]) // Sunday night reaches into Monday.
    }
  }
  return pieces.sort(([a], [b]) => a - b)
}
