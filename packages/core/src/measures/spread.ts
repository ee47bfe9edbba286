import { bucketStart, type EpochMs, minuteMs } from '../time/time.ts'

/**
 * Gives out, minute by minute, a whole amount that is spread evenly over [fromMs, toMs). Each minute has what falls before its end less what fell before its
 * start, rounded down, so that all of them together are the amount.
 */
export function spreadOverMinutes(
  amount: number,
  fromMs: EpochMs,
  toMs: EpochMs,
  give: (startMs: EpochMs, amount: number) => void,
): void {
  let given = 0
  for (let startMs = fromMs; startMs < toMs;) {
    const endMs = Math.min(toMs, bucketStart(startMs, minuteMs) + minuteMs) as EpochMs
    const byThen = Math.floor((amount * (endMs - fromMs)) / (toMs - fromMs))
    give(startMs, byThen - given)
    given = byThen
    startMs = endMs
  }
}
