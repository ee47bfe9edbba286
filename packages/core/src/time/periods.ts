import { dateStart, localDateOf } from './calendar.ts'
import { type LocalTime, type ZonedInterval, zonedIn } from './local-time.ts'
import { offsetSpans, offsetText, repeatedLocalTimes } from './offsets.ts'
import type { TrailingKind } from './trailing.ts'
import { type DurationMs, type EpochMs, hourMs, type Interval, minuteMs } from './time.ts'

export const periodKinds = [
  '15m',
  '30m',
  'hour',
  'day',
  'week',
  'month',
  'quarter',
  'year',
] as const
export type PeriodKind = (typeof periodKinds)[number]

/** Kinds of periods that are closed for good, the shortest first. */
export const closedKinds = ['hour', 'day', 'week', 'month', 'quarter', 'year'] as const
export type ClosedKind = (typeof closedKinds)[number]
export const isClosedKind = (kind: Period['kind']): kind is ClosedKind =>
  closedKinds.some((one) => one === kind)

/** Kinds of periods that are made of whole days, the shortest first. */
export const wholeDayKinds = ['day', 'week', 'month', 'quarter', 'year'] as const

/** Local dates; both are inside. */
export type DatePeriod = { readonly start: string; readonly end: string }

/** One row of a report, half-open; the label is unique among the periods of its kind in its zone. */
export type Period = Interval & {
  readonly kind: PeriodKind | TrailingKind
  readonly label: string
}

type SubDayKind = '15m' | '30m' | 'hour'
export type WholeDayKind = (typeof wholeDayKinds)[number]

const sizeMs: Readonly<Record<SubDayKind, DurationMs>> = {
  '15m': 15 * minuteMs,
  '30m': 30 * minuteMs,
  hour: hourMs,
}

export const isSubDay = (kind: Period['kind']): kind is SubDayKind =>
  kind === '15m' || kind === '30m' || kind === 'hour'

/**
 * The periods that touch `range`, whole (widened outwards), in order, each once: together they tile. Hours are local hours; what a change of the
 * clocks repeats is a row of its own, what it skips has none. A period in which another span of local time begins is two. An empty range gives the
 * period that holds its start.
 */
export function* periodsIn(
  kind: PeriodKind,
  range: Interval,
  localTime: LocalTime,
): Generator<Period> {
  for (const zoned of zonedIn(localTime, range)) {
    const startMs = Math.max(range.startMs, zoned.startMs) as EpochMs
    const within = { startMs, endMs: Math.min(range.endMs, zoned.endMs) as EpochMs }
    const periods = isSubDay(kind)
      ? subDayPeriods(kind, within, zoned.timeZone)
      : wholeDayPeriods(kind, within, zoned.timeZone)
    for (const period of periods) yield cut(period, zoned)
  }
}

/** The part of a period that lies where its zone applies. What was cut off is said as in an interval: `2026-03/2026-03-15T10:15`, `2026-03-15T10:15/2026-03`. */
function cut(period: Period, { startMs, endMs, timeZone }: ZonedInterval): Period {
  const [isBegun, isEnded] = [period.startMs < startMs, period.endMs > endMs]
  if (!isBegun && !isEnded) return period
  const bounds = [
    isBegun ? localText(startMs, timeZone) : period.label,
    isEnded ? localText(endMs, timeZone) : period.label,
  ]
  return {
    kind: period.kind,
    startMs: Math.max(period.startMs, startMs) as EpochMs,
    endMs: Math.min(period.endMs, endMs) as EpochMs,
    label: bounds.join('/'),
  }
}

/** To the minute, without the zone: `2026-03-15T10:15`. */
export const localText = (atMs: EpochMs, timeZone: string): string =>
  Temporal.Instant.fromEpochMilliseconds(atMs)
    .toZonedDateTimeISO(timeZone)
    .toPlainDateTime()
    .toString()
    .slice(0, 16)

/** The period that holds `atMs`. */
export function periodAt(kind: PeriodKind, atMs: EpochMs, localTime: LocalTime): Period {
  const found = periodsIn(kind, { startMs: atMs, endMs: atMs }, localTime).next()
  if (found.done === true) throw new RangeError(`no period holds ${atMs}`)
  return found.value
}

function* subDayPeriods(kind: SubDayKind, range: Interval, timeZone: string): Generator<Period> {
  const firstDay = localDateOf(range.startMs, timeZone)
  const lastDay = localDateOf(Math.max(range.startMs, range.endMs - 1) as EpochMs, timeZone)
  for (
    let date = firstDay;
    Temporal.PlainDate.compare(date, lastDay) <= 0;
    date = date.add({ days: 1 })
  ) {
    const day = {
      startMs: dateStart(date, timeZone),
      endMs: dateStart(date.add({ days: 1 }), timeZone),
    }
    for (const period of partsOfDay(kind, day, timeZone))
      if (
        period.endMs > range.startMs &&
        (period.startMs < range.endMs || period.startMs <= range.startMs)
      )
        yield period
  }
}

function* partsOfDay(kind: SubDayKind, day: Interval, timeZone: string): Generator<Period> {
  const repeated = repeatedLocalTimes(day, timeZone)
  for (const { startMs, endMs, offsetMs } of offsetSpans(day, timeZone)) {
    for (let at: number = startMs; at < endMs;) {
      const local = at + offsetMs
      const next = Math.min((Math.floor(local / sizeMs[kind]) + 1) * sizeMs[kind] - offsetMs, endMs)
      const isRepeated = repeated.some((twice) => local >= twice.startMs && local < twice.endMs)
      const label =
        new Date(local).toISOString().slice(0, 16) + (isRepeated ? offsetText(offsetMs) : '')
      yield { kind, startMs: at as EpochMs, endMs: next as EpochMs, label }
      at = next
    }
  }
}

function* wholeDayPeriods(
  kind: WholeDayKind,
  range: Interval,
  timeZone: string,
): Generator<Period> {
  const { length, firstOf, label } = rules[kind]
  let date = firstOf(localDateOf(range.startMs, timeZone))
  for (let isFirst = true; ; isFirst = false) {
    const next = date.add(length)
    const [startMs, endMs] = [dateStart(date, timeZone), dateStart(next, timeZone)]
    if (startMs >= range.endMs && !isFirst) return
    if (endMs > startMs) yield { kind, startMs, endMs, label: label(date) } // A date that the zone skipped is no day.
    date = next
  }
}

type DateRule = {
  readonly length: Temporal.DurationLike
  readonly firstOf: (date: Temporal.PlainDate) => Temporal.PlainDate
  readonly label: (first: Temporal.PlainDate) => string
}

const rules: Readonly<Record<WholeDayKind, DateRule>> = {
  day: { length: { days: 1 }, firstOf: (date) => date, label: (first) => first.toString() },
  week: {
    length: { weeks: 1 },
    firstOf: (date) => date.subtract({ days: date.dayOfWeek - 1 }), // Monday is 1.
    label: (first) => `${first.yearOfWeek}-W${String(first.weekOfYear).padStart(2, '0')}`,
  },
  month: {
    length: { months: 1 },
    firstOf: (date) => date.with({ day: 1 }),
    label: (first) => first.toString().slice(0, -3),
  },
  quarter: {
    length: { months: 3 },
    firstOf: (date) => date.with({ month: 3 * Math.floor((date.month - 1) / 3) + 1, day: 1 }),
    label: (first) => `${first.year}-Q${(first.month + 2) / 3}`,
  },
  year: {
    length: { years: 1 },
    firstOf: (date) => date.with({ month: 1, day: 1 }),
    label: (first) => String(first.year),
  },
}

/** The kinds of periods of which one contains all of these dates: of a month, which is seldom made of weeks, the month, its quarter and its year. */
export function kindsAround({ start, end }: DatePeriod): WholeDayKind[] {
  const [first, last] = [Temporal.PlainDate.from(start), Temporal.PlainDate.from(end)]
  return wholeDayKinds.filter((kind) => {
    const { firstOf } = rules[kind]
    return firstOf(first).equals(firstOf(last))
  })
}

/**
 * The instant that `from` or `to` of a request names: a local date (`2026-03-01`: its first instant, in the zone that applies then) or an RFC 3339
 * instant with an offset. `null` when it is neither, or lies beyond the years 1900 to 2199.
 */
export function parseBoundary(text: string, localTime: LocalTime): EpochMs | null {
  if (!/^(19|20|21)\d\d-/.test(text)) return null
  try {
    const isDate = /^\d{4}-\d\d-\d\d$/.test(text)
    if (isDate) return firstOfDate(Temporal.PlainDate.from(text), localTime)
    return Temporal.Instant.from(text).epochMilliseconds as EpochMs
  } catch (error) {
    if (error instanceof RangeError) return null
    throw error
  }
}

/** Where zones change, a date may begin in the one before, in the next one, in both (then the first counts), or where the next one begins. */
function firstOfDate(date: Temporal.PlainDate, localTime: LocalTime): EpochMs {
  const range = { startMs: Number.NEGATIVE_INFINITY as EpochMs, endMs: Infinity as EpochMs }
  const zones = [...zonedIn(localTime, range)]
  const inZone = zones.find(({ endMs, timeZone }) => dateStart(date, timeZone) < endMs)!
  return Math.max(dateStart(date, inZone.timeZone), inZone.startMs) as EpochMs
}

/** A whole period of days by its label: its kind, and its first date. A date stands for any period that holds it: `kind` is `null`. */
export type LabelledPeriod = { readonly kind: WholeDayKind | null; readonly date: string }

/** Reads `2026-03-02`, `2026-W10`, `2026-03`, `2026-Q1` or `2026`; `null`: it is none of these, or lies beyond the years 1900 to 2199. */
export function parseLabel(text: string): LabelledPeriod | null {
  const [, year, date, week, month, quarter] =
    /^((?:19|20|21)\d\d)(?:-(?:(\d\d-\d\d)|W(\d\d)|(\d\d)|Q([1-4])))?$/.exec(text) ?? []
  if (year === undefined) return null
  if (week !== undefined) return weekOf(Number(year), Number(week))
  if (date !== undefined) return firstOfLabel(null, `${year}-${date}`)
  if (month !== undefined) return firstOfLabel('month', `${year}-${month}-01`)
  if (quarter === undefined) return firstOfLabel('year', `${year}-01-01`)
  const first = String(3 * Number(quarter) - 2).padStart(2, '0')
  return firstOfLabel('quarter', `${year}-${first}-01`)
}

function firstOfLabel(kind: WholeDayKind | null, date: string): LabelledPeriod | null {
  try {
    return { kind, date: Temporal.PlainDate.from(date, { overflow: 'reject' }).toString() }
  } catch (error) {
    if (error instanceof RangeError) return null
    throw error
  }
}

/** Week 1 holds the fourth of January. */
function weekOf(year: number, week: number): LabelledPeriod | null {
  const fourth = Temporal.PlainDate.from({ year, month: 1, day: 4 })
  const monday = fourth.subtract({ days: fourth.dayOfWeek - 1 }).add({ weeks: week - 1 })
  const isThere = monday.yearOfWeek === year && monday.weekOfYear === week
  return isThere ? { kind: 'week', date: monday.toString() } : null
}
