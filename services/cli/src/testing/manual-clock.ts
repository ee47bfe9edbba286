import type { Clock } from '../clock.ts'

/** A clock on which sleeping passes the time at once; `slept` tells for how long, in order. */
export function manualClock(startMs = 0): Clock & { readonly slept: readonly number[] } {
  let nowMs = startMs
  const slept: number[] = []
  return {
    slept,
    nowMs: () => nowMs,
    sleep: async (durationMs) => {
      slept.push(durationMs)
      nowMs += Math.max(0, durationMs)
    },
  }
}
