import type { Resolution } from '../state/keys.ts'
import { type DurationMs, dayMs, type EpochMs, hourMs, minuteMs, slotMs } from '../time/time.ts'

/** How long after its end a bucket is read and written, in log time. A day is kept for good. */
export const retentionMs: Readonly<Record<Resolution, DurationMs>> = {
  minute: 2 * hourMs,
  slot: 8 * dayMs,
  day: Number.POSITIVE_INFINITY,
}

/** Size of the buckets that are aligned to UTC; days are wall-clock in the tenant's zone (time/calendar.ts). */
export const bucketMs = { minute: minuteMs, slot: slotMs } as const

/** Worker and reader judge alike: a bucket counts while its end + retention is later than log time. */
export function kept(bucketEndMs: EpochMs, resolution: Resolution, logTimeMs: EpochMs): boolean {
  return bucketEndMs + retentionMs[resolution] > logTimeMs
}
