import type { DurationMs } from '@deskpulse/core'
import { retryLimits } from './limits.ts'

/**
 * How long to wait after the `failures`th failure in a row (from 1): doubling from a second up to five minutes, half of it by chance, so that what failed
 * together does not come back together. A receiver's own wish (`afterMs`) is respected when it is longer, up to an hour.
 * @param random in [0, 1)
 */
export function retryDelay(failures: number, random: number, afterMs: DurationMs = 0): DurationMs {
  const { firstMs, maxMs, askedMaxMs } = retryLimits
  const fullMs = Math.min(maxMs, firstMs * 2 ** (failures - 1))
  const ownMs = Math.ceil((fullMs / 2) * (1 + random))
  return Math.max(ownMs, Math.min(afterMs, askedMaxMs))
}
