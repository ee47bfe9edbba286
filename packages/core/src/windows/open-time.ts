import type { OpenRead } from '../kpis/kpi.ts'
import { agentTime } from '../families/agent-time.ts'
import { type MergedMeasures, mergeCount } from '../measures/merged.ts'
import { bucketStart, type EpochMs, type Interval, slotMs } from '../time/time.ts'

/** Kinds of open intervals whose time belongs to a measure, in the order in which a plan asks for them. */
export const openTimeKinds = [
  'agent-class.handling',
  'agent-class.available',
  'agent-class.not_ready',
] as const
/** Of one slice, so many agents' time that goes on is read, longest first. */
export const openTimeMembersMax = 100_000

/** Where the time of each counts. */
export const openTimeMeasures = {
  'agent-class.handling': agentTime.measures.agentHandling,
  'agent-class.available': agentTime.measures.agentAvailable,
  'agent-class.not_ready': agentTime.measures.agentNotReady,
} as const

/**
 * The part of a window that open intervals cover and no measure holds yet. What is going on is contributed up to the last quarter-hour boundary
 * at or before log time; the rest, `[max(since, boundary), asOf)`, is the reader's to add.
 */
export function openTimeMs(open: OpenRead, window: Interval, asOfMs: EpochMs): number {
  const fromMs = Math.max(bucketStart(asOfMs, slotMs), window.startMs)
  const toMs = Math.min(asOfMs, window.endMs)
  let total = 0
  for (const { sinceMs } of open.oldest) total += Math.max(0, toMs - Math.max(sinceMs, fromMs))
  return total
}

/** Adds the open part of each kind to the measures of the agent family. */
export function mergeOpenTime(
  into: MergedMeasures,
  openOf: (kind: (typeof openTimeKinds)[number]) => OpenRead,
  window: Interval,
  asOfMs: EpochMs,
): void {
  for (const kind of openTimeKinds)
    mergeCount(into, openTimeMeasures[kind], openTimeMs(openOf(kind), window, asOfMs))
}
