import { setTimeout as pause } from 'node:timers/promises'
import type { DeskpulseError } from '@deskpulse/stream'
import { logError } from '../errors.ts'

/** What KafkaJS retries by itself. Stated in full, because it has other defaults where NODE_ENV is `test`. Some ten seconds in all. */
export const retry = {
  initialRetryTime: 100,
  factor: 0.2,
  multiplier: 2,
  maxRetryTime: 2_000,
  retries: 8,
} as const

const retriedWithinMs = 5_000
const pausesMs = [50, 100, 200, 400, 800] as const

/**
 * Tries again what failed soon. KafkaJS retries failed requests, but gives up at once on what it meets while it connects again ("Broker not connected").
 * @throws DeskpulseError: the last failure.
 */
export async function withRetry<Answer>(
  doing: string,
  act: () => Promise<Answer>,
): Promise<Answer> {
  const startedAt = Date.now()
  for (const pauseMs of pausesMs) {
    try {
      return await act()
    } catch (error) {
      const failure: DeskpulseError = logError(error, doing)
      if (failure.code !== 'LOG_UNAVAILABLE' || Date.now() - startedAt > retriedWithinMs)
        throw failure
    }
    await pause(pauseMs)
  }
  return act().catch((error: unknown) => {
    throw logError(error, doing)
  })
}
