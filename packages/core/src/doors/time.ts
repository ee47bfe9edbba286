/** Instants and durations, the clock of the log, calendars and periods. */

export type { BusinessCalendar, Workday } from '../time/business-hours.ts'
export { calendarOf } from '../time/calendar.ts'
export {
  dateAt,
  dayStartAt,
  isSameDay,
  type LocalTime,
  todayStart,
  zonedAt,
} from '../time/local-time.ts'
export { dueQueue } from '../time/due-queue.ts'
export {
  type ClockProblem,
  clockProblems,
  clockTime,
  clockToleranceMs,
  isAstray,
  judge,
  jumpStandsMs,
  latestPlausible,
  type LogClock,
  newLogClock,
  passTime,
} from '../time/log-clock.ts'
export { endsInZone } from '../time/period-starts.ts'
export {
  type ClosedKind,
  closedKinds,
  isClosedKind,
  parseBoundary,
  parseLabel,
  type Period,
  periodAt,
  periodKinds,
  type PeriodKind,
  periodsIn,
} from '../time/periods.ts'
export { isTrailing, trailingIn, type TrailingKind, trailingKinds } from '../time/trailing.ts'
export {
  type Brand,
  bucketStart,
  dayMs,
  type DurationMs,
  type EpochMs,
  hourMs,
  type Interval,
  minuteMs,
  secondMs,
  slotMs,
} from '../time/time.ts'
