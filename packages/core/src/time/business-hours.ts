import { offsetSpanAt } from './offsets.ts'
import { dayMs, type DurationMs, type EpochMs, minuteMs } from './time.ts'
import type { WeeklyHours } from './weekly-hours.ts'

/** Local dates, `YYYY-MM-DD`, both inside. */
export type Holiday = { readonly from: string; readonly to: string; readonly name?: string }

/** A stretch of a date that is worked, whatever the week and the holidays say; several of one date are its stretches. `toMinute`: as of `WeeklyHours`. */
export type Workday = {
  readonly date: string
  readonly fromMinute: number
  readonly toMinute: number
}

/**
 * When a center is open: the hours of its week, less its holidays. A date that is listed among the workdays has the hours that stand there instead of
 * those of its weekday, also where it lies in a holiday. A stretch over midnight belongs to the date on which it begins; a holiday closes its dates from
 * midnight to midnight, and with them what reaches into them from the day before.
 */
export type BusinessCalendar = {
  readonly hours: WeeklyHours
  readonly holidays: readonly Holiday[]
  readonly workdays: readonly Workday[]
}

/** Business time of one calendar in one zone, exact to the millisecond: it runs while the zone's clock shows a time within the hours. */
export type BusinessHours = {
  isOpen(atMs: EpochMs): boolean
  /** How much of `[fromMs, toMs)` is open. */
  between(fromMs: EpochMs, toMs: EpochMs): DurationMs
  /** The first instant at which so much business time has passed since `sinceMs`; one that does not come within `reachDays` is put there. */
  after(sinceMs: EpochMs, ms: DurationMs): EpochMs
}

/** How far ahead a calendar is looked through: 20 years. */
export const reachDays = 7_305
const daysKeptMax = 20_000

/** Half-open, ascending, apart from one another. */
type Open = readonly (readonly [from: number, to: number])[]
/** What is open of a day of UTC, in instants. */
type Day = { readonly open: Open; readonly totalMs: DurationMs }

const made = new WeakMap<BusinessCalendar, Map<string, BusinessHours>>() // A memo, not state.

/** @throws RangeError when the zone is not known, or a date is none. */
export function businessHours(calendar: BusinessCalendar, timeZone: string): BusinessHours {
  const zones = made.getOrInsertComputed(calendar, () => new Map<string, BusinessHours>())
  return zones.getOrInsertComputed(timeZone, () => newHours(calendar, timeZone))
}

function newHours(calendar: BusinessCalendar, timeZone: string): BusinessHours {
  const openOn = localDays(calendar)
  let days = new Map<number, Day>()

  function dayOf(utcDay: number): Day {
    const known = days.get(utcDay)
    if (known !== undefined) return known
    const open = openInUtcDay(utcDay, openOn, timeZone)
    const day = { open, totalMs: open.reduce((sum, [from, to]) => sum + (to - from), 0) }
    if (days.size >= daysKeptMax) days = new Map()
    days.set(utcDay, day)
    return day
  }

  return {
    isOpen: (atMs) =>
      dayOf(Math.floor(atMs / dayMs)).open.some(([from, to]) => from <= atMs && atMs < to),

    between(fromMs, toMs) {
      if (toMs <= fromMs) return 0
      const [first, last] = [Math.floor(fromMs / dayMs), Math.floor(toMs / dayMs)]
      let sum = 0
      for (let utcDay = first; utcDay <= last; utcDay += 1) {
        const day = dayOf(utcDay)
        sum += first < utcDay && utcDay < last ? day.totalMs : overlap(day.open, fromMs, toMs)
      }
      return sum
    },

    after(sinceMs, ms) {
      if (ms <= 0) return sinceMs
      const first = Math.floor(sinceMs / dayMs)
      let rest = ms
      for (let utcDay = first; utcDay < first + reachDays; utcDay += 1) {
        const { open, totalMs } = dayOf(utcDay)
        if (utcDay > first && totalMs < rest) {
          rest -= totalMs
          continue
        }
        for (const [from, to] of open) {
          const begin = Math.max(from, sinceMs)
          if (to - begin >= rest) return (begin + rest) as EpochMs
          rest -= Math.max(0, to - begin)
        }
      }
      return (sinceMs + reachDays * dayMs) as EpochMs
    },
  }
}

function overlap(open: Open, fromMs: number, toMs: number): DurationMs {
  let sum = 0
  for (const [from, to] of open) sum += Math.max(0, Math.min(to, toMs) - Math.max(from, fromMs))
  return sum
}

/** An offset of the zone at a time: its clock shows what it shows, twice or never where it is put back or forward. */
function openInUtcDay(utcDay: number, openOn: (day: number) => Open, timeZone: string): Open {
  const endMs = (utcDay + 1) * dayMs
  const found: [number, number][] = []
  for (let atMs = utcDay * dayMs; atMs < endMs;) {
    const span = offsetSpanAt(atMs as EpochMs, timeZone)
    const untilMs = Math.min(span.endMs, endMs)
    const [shownFrom, shownTo] = [atMs + span.offsetMs, untilMs + span.offsetMs]
    for (let day = Math.floor(shownFrom / dayMs); day * dayMs < shownTo; day += 1) {
      for (const [from, to] of openOn(day)) {
        const [begin, end] = [
          Math.max(day * dayMs + from * minuteMs, shownFrom),
          Math.min(day * dayMs + to * minuteMs, shownTo),
        ]
        if (begin < end) found.push([begin - span.offsetMs, end - span.offsetMs])
      }
    }
    atMs = untilMs
  }
  return joined(found)
}

const dayMinutes = 1_440

/** The minutes of a local day that are open; days are counted from 1970-01-01. */
function localDays({ hours, holidays, workdays }: BusinessCalendar): (day: number) => Open {
  const closed = holidays.map(({ from, to }) => [dayNumber(from), dayNumber(to)] as const)
  const listed = Map.groupBy(workdays, ({ date }) => dayNumber(date))

  const isClosed = (day: number): boolean =>
    !listed.has(day) && closed.some(([from, to]) => from <= day && day <= to)
  /** Stretches that begin on the day, by the minutes of that day: they may reach over its end. */
  const beginning = (day: number): [from: number, to: number][] => {
    const own = listed.get(day) ?? hours.filter(({ days }) => days.includes(weekdayOf(day)))
    return own.map(({ fromMinute, toMinute }) => [
      fromMinute,
      toMinute + (toMinute <= fromMinute ? dayMinutes : 0),
    ])
  }
  return (day) => {
    if (isClosed(day)) return []
    const before = beginning(day - 1).map(([, to]): [number, number] => [0, to - dayMinutes])
    const own = beginning(day).map(([from, to]): [number, number] => [
      from,
      Math.min(to, dayMinutes),
    ])
    return joined([...before, ...own].filter(([from, to]) => from < to))
  }
}

/** 1970-01-01 was a Thursday. */
const weekdayOf = (day: number): number => ((((day + 3) % 7) + 7) % 7) + 1

/** @throws RangeError when the text is no date. */
function dayNumber(date: string): number {
  const ms = Date.parse(`${date}T00:00:00Z`)
  if (Number.isNaN(ms)) throw new RangeError(`no date: ${date}`)
  return ms / dayMs
}

function joined(stretches: [number, number][]): Open {
  const open: [number, number][] = []
  for (const [from, to] of stretches.sort(([a], [b]) => a - b)) {
    const last = open.at(-1)
    if (last !== undefined && from <= last[1]) last[1] = Math.max(last[1], to)
    else open.push([from, to])
  }
  return open
}
