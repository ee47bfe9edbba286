import {
  type AlertFacts,
  type AlertTransition,
  decideWindow,
  isWithin,
  sampleOf,
  statisticUnit,
  unseenWindow,
  type WindowChange,
  type WindowState,
  windowSubject,
  windowTransition,
  withdrawWindow,
} from '@deskpulse/core/alerts'
import type { KpiValue } from '@deskpulse/core/kpis'
import type { EpochMs } from '@deskpulse/core/time'
import { bookLimits } from '../limits.ts'
import type { WindowAsk } from './questions.ts'
import { compacted, entryKey, type WindowEntry, type WindowsState } from './windows-state.ts'

export type WindowsLook = {
  readonly tenant: string
  readonly timeZone: string
  readonly asks: readonly WindowAsk[]
  /** Parallel to the questions that the asks name. */
  readonly values: readonly ReadonlyMap<string, KpiValue>[]
  /** Log time. */
  readonly nowMs: EpochMs
}

export type WindowsDecision = {
  readonly state: WindowsState
  readonly transitions: readonly AlertTransition[]
}

/** One evaluation of a tenant's rules on their slices. What nobody asks for any more is withdrawn. Up to where it was decided before nothing is. */
export function decideWindows(windows: WindowsState, look: WindowsLook): WindowsDecision {
  const { tenant, timeZone, asks, values, nowMs } = look
  if (windows.decidedMs !== null && nowMs <= windows.decidedMs)
    return { state: windows, transitions: [] }
  const entries: Record<string, WindowEntry> = {}
  const transitions: AlertTransition[] = []
  for (const { rule, kpi, slice, question } of asks) {
    const key = entryKey(rule.name, slice)
    const before = windows.entries[key]
    const state: WindowState = before?.state ?? { ...unseenWindow, number: windows.floor }
    const sample = sampleOf(rule, values[question]?.get(rule.kpi))
    const decision = decideWindow(state, rule, sample, nowMs, isWithin(rule.hours, nowMs, timeZone))
    const told = decision.changes.map((change) =>
      windowTransition(tenant, rule, slice, statisticUnit(kpi, rule.statistic), change, nowMs),
    )
    transitions.push(...told)
    const begun = told.findLast(({ status }) => status === 'firing')
    entries[key] = {
      rule: rule.name,
      slice,
      state: decision.state,
      facts: begun ? factsOf(begun) : factsKept(before, decision.state),
    }
  }
  for (const [key, entry] of Object.entries(windows.entries)) {
    if (entries[key] !== undefined) continue
    const { state, changes } = withdrawWindow(entry.state, nowMs)
    for (const change of changes) transitions.push(withdrawn(tenant, entry, change, nowMs))
    entries[key] = { ...entry, state, facts: null }
  }
  const decidedMs = transitions.length === 0 ? windows.decidedMs : nowMs
  return {
    state: compacted({ ...windows, entries, decidedMs }, bookLimits.windowsKeptMax),
    transitions,
  }
}

export function factsOf({
  kind,
  severity,
  slice,
  kpi,
  value,
  limit,
  unit,
  labels,
}: AlertTransition): AlertFacts {
  return { kind, severity, slice, kpi, value, limit, unit, labels }
}

const factsKept = (before: WindowEntry | undefined, { phase }: WindowState): AlertFacts | null =>
  phase === 'firing' || phase === 'recovering' ? (before?.facts ?? null) : null

/** The end of an alert whose rule is gone: it says what it said as it began. */
function withdrawn(
  tenant: string,
  { rule, slice, facts }: WindowEntry,
  change: WindowChange,
  nowMs: EpochMs,
): AlertTransition {
  if (facts === null) throw new TypeError(`rule ${rule} fires on ${slice} without a beginning`)
  return {
    tenant,
    rule,
    subject: windowSubject(slice),
    ...facts,
    ...change,
    detectedMs: nowMs,
    late: false,
  }
}
