import { type LocalTime, todayStart } from '../time/local-time.ts'
import { bucketStart, type EpochMs, type Interval, minuteMs } from '../time/time.ts'

/** A live window: the running minute and the n − 1 before it (n from 1 to 60), or the running local day. */
export type LiveWindow = { readonly minutes: number } | 'today'

export const windowMinutesMax = 60

/** `1m` … `60m` or `today`; `null` when it is neither. */
export function parseWindow(text: string): LiveWindow | null {
  if (text === 'today') return 'today'
  const digits = /^([1-9]\d?)m$/.exec(text)?.[1]
  const minutes = Number(digits)
  return digits !== undefined && minutes <= windowMinutesMax ? { minutes } : null
}

/** From the start of the window's first bucket up to `asOfMs`. */
export function windowInterval(
  window: LiveWindow,
  asOfMs: EpochMs,
  localTime: LocalTime,
): Interval {
  if (window === 'today') return { startMs: todayStart(localTime, asOfMs), endMs: asOfMs }
  const startMs = bucketStart(asOfMs, minuteMs) - (window.minutes - 1) * minuteMs
  return { startMs: startMs as EpochMs, endMs: asOfMs }
}
