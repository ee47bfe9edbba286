import type { OpenRead } from '../kpis/kpi.ts'
import { agentTime } from '../families/agent-time.ts'
import type { Measure } from '../measures/measure.ts'
import { type MergedMeasures, mergeCount } from '../measures/merged.ts'
import { type AgentRow, isAgentRow, type CountedRow } from '../open/entry.ts'
import { bucketStart, type EpochMs, type Interval, slotMs } from '../time/time.ts'

/** Kinds of open intervals whose time belongs to measures, in the order in which a plan asks for them. */
export const openTimeKinds = [
  'agent-class.handling',
  'agent-class.available',
  'agent-class.not_ready',
] as const
type OpenTimeKind = (typeof openTimeKinds)[number]

/** A measure in which time that goes on counts. `times`: how often, of an agent who stands like this; `null`: nobody said how. */
type OpenTime = { readonly measure: Measure; readonly times: (agent: AgentRow | null) => number }

const { measures } = agentTime
const once = (measure: Measure): OpenTime => ({ measure, times: () => 1 })
const capacity: OpenTime = {
  measure: measures.agentCapacity,
  times: (agent) => agent?.capacity ?? 0,
}

/** Where the time of each counts. */
const openTimes: Readonly<Record<OpenTimeKind, readonly OpenTime[]>> = {
  'agent-class.handling': [
    once(measures.agentHandling),
    { measure: measures.agentEngaged, times: (agent) => agent?.contacts ?? 0 },
    {
      measure: measures.agentEngagedOfCapacity,
      times: (agent) => (agent === null || agent.capacity === null ? 0 : agent.contacts),
    },
    capacity,
  ],
  'agent-class.available': [once(measures.agentAvailable), capacity],
  'agent-class.not_ready': [once(measures.agentNotReady), capacity],
}

type Member = { readonly sinceMs: EpochMs; readonly row?: CountedRow }

/**
 * What each that goes on adds to each measure within a window, as no row holds it yet. Rows say what goes on up to the last quarter-hour boundary at or before
 * log time; the rest, `[max(since, boundary), asOf)`, is the reader's to add.
 */
export function openTime<Of extends Member>(
  kind: OpenTimeKind,
  members: readonly Of[],
  window: Interval,
  asOfMs: EpochMs,
  add: (measure: Measure, ms: number, member: Of, fromMs: EpochMs) => void,
): void {
  const startMs = Math.max(bucketStart(asOfMs, slotMs), window.startMs)
  const toMs = Math.min(asOfMs, window.endMs)
  for (const member of members) {
    const { sinceMs, row } = member
    const fromMs = Math.max(sinceMs, startMs) as EpochMs
    if (fromMs >= toMs) continue
    const agent = row !== undefined && isAgentRow(row) ? row : null
    for (const { measure, times } of openTimes[kind])
      add(measure, (toMs - fromMs) * times(agent), member, fromMs)
  }
}

/** Adds the open part of each kind to the measures of the agent family. */
export function mergeOpenTime(
  into: MergedMeasures,
  openOf: (kind: OpenTimeKind) => OpenRead,
  window: Interval,
  asOfMs: EpochMs,
): void {
  for (const kind of openTimeKinds)
    openTime(kind, openOf(kind).oldest, window, asOfMs, (measure, ms) =>
      mergeCount(into, measure, ms),
    )
}
