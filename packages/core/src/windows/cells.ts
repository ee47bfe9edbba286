import { kept } from '../measures/retention.ts'
import type { Resolution } from '../state/keys.ts'
import type { LocalTime } from '../time/local-time.ts'
import { isSubDay, type Period, periodsIn } from '../time/periods.ts'
import { bucketStart, type EpochMs, type Interval, minuteMs, slotMs } from '../time/time.ts'
import { type LiveWindow, windowInterval } from './window.ts'

/** A stored bucket that is part of a window or period. */
export type Cell = Interval & { readonly resolution: Resolution }

function tiles(resolution: Resolution, sizeMs: number, { startMs, endMs }: Interval): Cell[] {
  const cells: Cell[] = []
  for (let at: number = bucketStart(startMs, sizeMs); at < endMs; at += sizeMs)
    cells.push({ resolution, startMs: at as EpochMs, endMs: (at + sizeMs) as EpochMs })
  return cells
}

/** The running minute and those before it, or the running day. */
export function windowCells(window: LiveWindow, asOfMs: EpochMs, localTime: LocalTime): Cell[] {
  const { startMs } = windowInterval(window, asOfMs, localTime)
  const interval = { startMs, endMs: (asOfMs + 1) as EpochMs } // asOf itself lies in the running minute, and in the running part of the day.
  return window === 'today' ? days(interval, localTime) : tiles('minute', minuteMs, interval)
}

/** Hours and parts of them are whole slots, everything longer is whole days. `null`: a slot that it needs is no longer kept. */
export function periodCells(
  period: Period,
  localTime: LocalTime,
  logTimeMs: EpochMs,
): readonly Cell[] | null {
  if (!isSubDay(period.kind)) return daysOnce(period, localTime)
  const cells = tiles('slot', slotMs, period)
  return cells.every((cell) => kept(cell.endMs, 'slot', logTimeMs)) ? cells : null
}

/** A memo, not state: many slices are read of one period. */
const known = new WeakMap<
  Period,
  { readonly localTime: LocalTime; readonly cells: readonly Cell[] }
>()

function daysOnce(period: Period, localTime: LocalTime): readonly Cell[] {
  const before = known.get(period)
  if (before?.localTime === localTime) return before.cells
  const cells = days(period, localTime)
  known.set(period, { localTime, cells })
  return cells
}

function days(interval: Interval, localTime: LocalTime): Cell[] {
  return [...periodsIn('day', interval, localTime)].map(({ startMs, endMs }) => ({
    resolution: 'day',
    startMs,
    endMs,
  }))
}
