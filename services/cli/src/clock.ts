import { setTimeout as wait } from 'node:timers/promises'

/** Wall-clock time as a port: a test brings its own. */
export type Clock = {
  nowMs(): number
  /** Resolves after `durationMs` (at once if ≤ 0), or as soon as `signal` aborts; never rejects. */
  sleep(durationMs: number, signal: AbortSignal): Promise<void>
}

export const systemClock: Clock = {
  nowMs: () => Date.now(),
  sleep: async (durationMs, signal) => {
    if (durationMs <= 0 || signal.aborted) return
    await wait(durationMs, undefined, { signal }).catch((error: unknown) => {
      if (!signal.aborted) throw error
    })
  },
}
