import {
  type AlertFacts,
  type AlertTransition,
  isWithin,
  type PipelineRule,
  pipelineSubject,
} from '@deskpulse/core/alerts'
import type { EpochMs } from '@deskpulse/core/time'

/** `number`: of the last alert. `facts`: what it says while it fires: the rule may be gone when it ends. */
export type PipelineState = {
  readonly number: number
  readonly active: {
    readonly rule: string
    readonly sinceMs: EpochMs
    readonly startedMs: EpochMs
    readonly facts: AlertFacts
  } | null
}

export type PipelineLook = {
  readonly tenant: string
  readonly timeZone: string
  /** Up to when the tenant's values say everything, as last read. */
  readonly knownUpToMs: EpochMs
  /** They could be read just now. */
  readonly isReadable: boolean
  /** They are behind because a jump of the clocks is judged. */
  readonly isJudged: boolean
  /** The wall clock: log time stands still when the pipeline does. */
  readonly nowMs: EpochMs
}

export type PipelineDecision = {
  readonly state: PipelineState
  readonly transitions: readonly AlertTransition[]
}

/**
 * Fires when the values are more than the rule's limit behind the clock, or could not be read for so long, within the rule's hours; is over when they
 * are read and within the limit. Never late: it is about now. `rule`: `null` = the tenant has none: what fires is withdrawn.
 */
export function decidePipeline(
  state: PipelineState,
  rule: PipelineRule | null,
  look: PipelineLook,
): PipelineDecision {
  const { active } = state
  if (active !== null && active.rule !== rule?.name)
    return resolved(state, active, 'withdrawn', look)
  if (rule === null) return { state, transitions: [] }
  const isStalled = look.nowMs - look.knownUpToMs > rule.limitMs
  if (active !== null)
    return isStalled || !look.isReadable
      ? { state, transitions: [] }
      : resolved(state, active, 'over', look)
  return isStalled && !look.isJudged && isWithin(rule.hours, look.nowMs, look.timeZone)
    ? fired(state, rule, look)
    : { state, transitions: [] }
}

function fired(
  { number: before }: PipelineState,
  rule: PipelineRule,
  { tenant, knownUpToMs, nowMs }: PipelineLook,
): PipelineDecision {
  const { name, severity, labels, limitMs } = rule
  const [number, sinceMs, startedMs] = [before + 1, knownUpToMs, (knownUpToMs + limitMs) as EpochMs]
  const value = nowMs - knownUpToMs
  const facts: AlertFacts = {
    kind: 'deadline',
    severity,
    slice: 'all',
    kpi: null,
    value,
    limit: limitMs,
    unit: 'ms',
    labels,
  }
  const key = { tenant, rule: name, subject: pipelineSubject, number }
  const begun = {
    ...key,
    ...facts,
    sinceMs,
    startedMs,
    endedMs: null,
    end: null,
    detectedMs: nowMs,
    late: false,
  } as const
  return {
    state: { number, active: { rule: name, sinceMs, startedMs, facts } },
    transitions: [{ ...begun, status: 'firing' }],
  }
}

function resolved(
  { number }: PipelineState,
  { rule, sinceMs, startedMs, facts }: NonNullable<PipelineState['active']>,
  end: 'over' | 'withdrawn',
  { tenant, nowMs }: PipelineLook,
): PipelineDecision {
  const endedMs = Math.max(startedMs, nowMs) as EpochMs
  const key = { tenant, rule, subject: pipelineSubject, number }
  const over = {
    ...key,
    ...facts,
    value: endedMs - sinceMs,
    sinceMs,
    startedMs,
    endedMs,
    end,
    detectedMs: nowMs,
    late: false,
  } as const
  return { state: { number, active: null }, transitions: [{ ...over, status: 'resolved' }] }
}
