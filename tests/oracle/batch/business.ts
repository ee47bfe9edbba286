import type { Clock, TenantConfig } from '@deskpulse/core/config'

const minuteMs = 60_000

type Calendar = TenantConfig['calendars'][string]
type Times = { readonly fromMinute: number; readonly toMinute: number }

function calendarOf(
  { calendars, calendar, queueCalendars }: TenantConfig,
  queue: string | null,
): Calendar | undefined {
  const name = (queue === null ? undefined : queueCalendars[queue]) ?? calendar
  return name === null ? undefined : calendars[name]
}

type Day = { readonly date: string; readonly dayOfWeek: number }
type Wall = { readonly today: Day; readonly yesterday: Day; readonly minute: number }

const dayOf = (date: Temporal.PlainDate): Day => ({
  date: date.toString(),
  dayOfWeek: date.dayOfWeek,
})

/** Of each zone, by minute: contacts of weeks walk over the same ones. */
const shown = new Map<string, Map<number, Wall>>()

/** What the clock on the wall shows. */
function wallAt(atMs: number, timeZone: string): Wall {
  const walls = shown.getOrInsertComputed(timeZone, () => new Map<number, Wall>())
  return walls.getOrInsertComputed(Math.floor(atMs / minuteMs), () => {
    const at = Temporal.Instant.fromEpochMilliseconds(atMs).toZonedDateTimeISO(timeZone)
    const date = at.toPlainDate()
    return {
      today: dayOf(date),
      yesterday: dayOf(date.subtract({ days: 1 })),
      minute: at.hour * 60 + at.minute,
    }
  })
}

function timesOf({ hours, workdays }: Calendar, { date, dayOfWeek }: Day): readonly Times[] {
  const own = workdays.filter((one) => one.date === date)
  return own.length > 0 ? own : hours.filter((one) => one.days.includes(dayOfWeek))
}

/** Whether the queue's calendar says that it is open in this minute; without one it always is. */
export function isOpen(config: TenantConfig, queue: string | null, atMs: number): boolean {
  const calendar = calendarOf(config, queue)
  if (calendar === undefined) return true
  const { today, yesterday, minute } = wallAt(atMs, config.timeZone)
  const { date } = today
  const isWorked = calendar.workdays.some((one) => one.date === date)
  if (!isWorked && calendar.holidays.some(({ from, to }) => from <= date && date <= to))
    return false
  const goesOver = ({ fromMinute, toMinute }: Times): boolean => toMinute <= fromMinute
  return (
    timesOf(calendar, today).some(
      (times) => times.fromMinute <= minute && (goesOver(times) || minute < times.toMinute),
    ) || timesOf(calendar, yesterday).some((times) => goesOver(times) && minute < times.toMinute)
  )
}

/** Whether a reply that begins now is in KPIs of response: in each minute that the clock on the wall shows of the window. */
export function isInWindow({ responseWindow, timeZone }: TenantConfig, atMs: number): boolean {
  if (responseWindow === null) return true
  const { fromMinute, toMinute } = responseWindow
  const length = (toMinute - fromMinute + 1_440) % 1_440 || 1_440
  return (wallAt(atMs, timeZone).minute - fromMinute + 1_440) % 1_440 < length
}

/** From minute to minute. */
function nextMinute(atMs: number): number {
  return (Math.floor(atMs / minuteMs) + 1) * minuteMs
}

/** How long it is from one instant to another on a clock. */
export function timeOn(
  clock: Clock,
  config: TenantConfig,
  queue: string | null,
  fromMs: number,
  toMs: number,
): number {
  if (clock === 'calendar') return toMs - fromMs
  let sum = 0
  for (let atMs = fromMs; atMs < toMs; atMs = nextMinute(atMs))
    if (isOpen(config, queue, atMs)) sum += Math.min(toMs, nextMinute(atMs)) - atMs
  return sum
}

/** The first instant at which so long has passed on a clock. */
export function instantOn(
  clock: Clock,
  config: TenantConfig,
  queue: string | null,
  sinceMs: number,
  ms: number,
): number {
  if (clock === 'calendar' || calendarOf(config, queue) === undefined) return sinceMs + ms
  let left = ms
  for (let atMs = sinceMs; ; atMs = nextMinute(atMs)) {
    if (!isOpen(config, queue, atMs)) continue
    const openMs = nextMinute(atMs) - atMs
    if (left <= openMs) return atMs + left
    left -= openMs
  }
}
