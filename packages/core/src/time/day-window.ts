import { offsetSpanAt } from './offsets.ts'
import { dayMs, minuteMs, type EpochMs } from './time.ts'

/** A stretch of every local day, half-open, in minutes since midnight. `toMinute` ≤ `fromMinute` reaches into the next day; 1440 is midnight at the day's end. */
export type DayWindow = { readonly fromMinute: number; readonly toMinute: number }

/** Whether the zone's clock shows a time within the window at `atMs`; `null`: always. */
export function isInDayWindow(window: DayWindow | null, atMs: EpochMs, timeZone: string): boolean {
  if (window === null) return true
  const { fromMinute, toMinute } = window
  const localMs = atMs + offsetSpanAt(atMs, timeZone).offsetMs
  const minute = (localMs - Math.floor(localMs / dayMs) * dayMs) / minuteMs
  return fromMinute < toMinute
    ? fromMinute <= minute && minute < toMinute
    : minute < toMinute || fromMinute <= minute
}
