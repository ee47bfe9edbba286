import { calendarOf, dateStart, localDateOf } from './calendar.ts'
import { dayMs, type EpochMs, type Interval } from './time.ts'

/** A zone that applies from an instant on: a whole quarter-hour, where every zone may begin an hour. */
export type LocalTimeSpan = { readonly fromMs: EpochMs; readonly timeZone: string }

/**
 * By what periods are reckoned: one zone for all time; or zones one after another, ascending, the first one from the beginning of time. Where another one begins,
 * every period is cut, also when the zone stays the same: what lies before and after it are two.
 */
export type LocalTime = string | readonly LocalTimeSpan[]

/** Of local time: where one zone applies. */
export type ZonedInterval = Interval & { readonly timeZone: string }

const beginning = Number.NEGATIVE_INFINITY as EpochMs
const end = Number.POSITIVE_INFINITY as EpochMs

function zonedInterval(spans: readonly LocalTimeSpan[], place: number): ZonedInterval {
  const { timeZone, fromMs } = spans[place]!
  return {
    timeZone,
    startMs: place === 0 ? beginning : fromMs,
    endMs: spans[place + 1]?.fromMs ?? end,
  }
}

function placeAt(spans: readonly LocalTimeSpan[], atMs: EpochMs): number {
  for (let place = spans.length - 1; place > 0; place -= 1)
    if (spans[place]!.fromMs <= atMs) return place
  return 0
}

/** The zone that applies at an instant, and where it does. */
export function zonedAt(localTime: LocalTime, atMs: EpochMs): ZonedInterval {
  if (typeof localTime === 'string') return { timeZone: localTime, startMs: beginning, endMs: end }
  return zonedInterval(localTime, placeAt(localTime, atMs))
}

/** Zones from the one at the start of an interval to the one at its end, in order. Of an empty one: that at its start. */
export function* zonedIn(
  localTime: LocalTime,
  { startMs, endMs }: Interval,
): Generator<ZonedInterval> {
  if (typeof localTime === 'string') return yield zonedAt(localTime, startMs)
  for (let place = placeAt(localTime, startMs); place < localTime.length; place += 1) {
    const zoned = zonedInterval(localTime, place)
    if (zoned.startMs >= endMs && zoned.startMs > startMs) return
    yield zoned
  }
}

/** First instant of the local day that holds `atMs`, or of the part of it that a cut has left. */
export function dayStartAt(localTime: LocalTime, atMs: EpochMs): EpochMs {
  const { timeZone, startMs } = zonedAt(localTime, atMs)
  return Math.max(calendarOf(timeZone).dayStart(atMs), startMs) as EpochMs
}

/** Whether one zone applies from an instant to a later one, both inside, whatever else was cut there. */
export function isOneZone(localTime: LocalTime, fromMs: EpochMs, toMs: EpochMs): boolean {
  const { timeZone } = zonedAt(localTime, fromMs)
  const range = { startMs: fromMs, endMs: (toMs + 1) as EpochMs }
  return zonedIn(localTime, range).every((zoned) => zoned.timeZone === timeZone)
}

/** Whether two instants are of one local day. */
export const isSameDay = (localTime: LocalTime, aMs: EpochMs, bMs: EpochMs): boolean =>
  todayStart(localTime, aMs) === todayStart(localTime, bMs)

/** Where the local day began that holds `atMs`, whatever was cut since; or the zone, where another one applied before. */
export function todayStart(localTime: LocalTime, atMs: EpochMs): EpochMs {
  const { timeZone, startMs } = zonedAt(localTime, atMs)
  const dayStartMs = calendarOf(timeZone).dayStart(atMs)
  if (startMs <= dayStartMs) return dayStartMs
  const before = zonedAt(localTime, (startMs - 1) as EpochMs)
  if (before.timeZone !== timeZone) return startMs
  return todayStart(localTime, (startMs - 1) as EpochMs)
}

/** The local date of an instant, as YYYY-MM-DD. */
export const dateAt = (localTime: LocalTime, atMs: EpochMs): string =>
  localDateOf(atMs, zonedAt(localTime, atMs).timeZone).toString()

/** First instant of a local date; of one that was skipped, the first instant after it. */
export function dateStartIn(localTime: LocalTime, date: string): EpochMs {
  const midnightMs = Date.parse(date)
  const around = {
    startMs: (midnightMs - dayMs) as EpochMs,
    endMs: (midnightMs + dayMs) as EpochMs,
  }
  for (const { timeZone, startMs, endMs } of zonedIn(localTime, around)) {
    const beginMs = Math.max(dateStart(Temporal.PlainDate.from(date), timeZone), startMs)
    if (beginMs < endMs) return beginMs as EpochMs
  }
  throw new RangeError(`no zone in which ${date} begins`)
}
