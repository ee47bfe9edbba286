import {
  type AlertFacts,
  type AlertTransition,
  type ClockRule,
  clockSubject,
  installationTenant,
} from '@deskpulse/core/alerts'
import { type ClockProblem, type EpochMs, jumpStandsMs } from '@deskpulse/core/time'
import { fromJsonBytes, jsonBytes } from '@deskpulse/stream'

/** `number`: of the last alert. `seenMs`: since when something is wrong. `active`: the alert that fires, with what it says. */
export type ClockState = {
  readonly number: number
  readonly seenMs: EpochMs | null
  readonly active: {
    readonly rule: string
    readonly sinceMs: EpochMs
    readonly startedMs: EpochMs
    readonly facts: AlertFacts
  } | null
}

export type ClockDecision = {
  readonly state: ClockState
  readonly transitions: readonly AlertTransition[]
}

/** A new state begins its numbers at the second in which it is made: one that was lost must not number alerts as it did before. */
export const newClockState = (atMs: EpochMs): ClockState => ({
  number: Math.floor(atMs / 1_000),
  seenMs: null,
  active: null,
})

/**
 * Fires when something has been wrong with the clocks in the log for the rule's limit, of whatever kind, by the clock of who looks; is over when nothing is.
 * A clock not heard before is first judged after each long silence: that is told of only where it does not end. Never late: it is about now.
 * `problem`: the gravest one of all partitions, or `null`. `rule`: `null` = disabled: what fires is withdrawn.
 */
export function decideClock(
  state: ClockState,
  rule: ClockRule | null,
  problem: ClockProblem | null,
  nowMs: EpochMs,
): ClockDecision {
  const { active } = state
  const seenMs = problem === null ? null : earliest(state.seenMs, nowMs)
  if (active !== null && active.rule !== rule?.name)
    return resolved({ ...state, seenMs }, active, 'withdrawn', nowMs)
  if (active !== null && problem === null)
    return resolved({ ...state, seenMs }, active, 'over', nowMs)
  if (active !== null || rule === null || problem === null || seenMs === null)
    return { state: { ...state, seenMs }, transitions: [] }
  const limitMs =
    problem.kind === 'silence' ? Math.max(rule.limitMs, 2 * jumpStandsMs) : rule.limitMs
  return nowMs - seenMs < limitMs
    ? { state: { ...state, seenMs }, transitions: [] }
    : fired(state, rule, problem, seenMs, nowMs)
}

/** A clock that was put back, of all things, must not make it wait. */
const earliest = (seenMs: EpochMs | null, nowMs: EpochMs): EpochMs =>
  seenMs === null || seenMs > nowMs ? nowMs : seenMs

function fired(
  { number: before }: ClockState,
  rule: ClockRule,
  problem: ClockProblem,
  sinceMs: EpochMs,
  startedMs: EpochMs,
): ClockDecision {
  const { name, severity, labels, limitMs } = rule
  const number = before + 1
  const value = Math.abs(problem.byMs)
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
  const key = { tenant: installationTenant, rule: name, subject: clockSubject, number }
  const begun = {
    ...key,
    ...facts,
    sinceMs,
    startedMs,
    endedMs: null,
    end: null,
    detectedMs: startedMs,
    late: false,
  } as const
  const active = { rule: name, sinceMs, startedMs, facts }
  return {
    state: { number, seenMs: sinceMs, active },
    transitions: [{ ...begun, status: 'firing' }],
  }
}

function resolved(
  state: ClockState,
  { rule, sinceMs, startedMs, facts }: NonNullable<ClockState['active']>,
  end: 'over' | 'withdrawn',
  nowMs: EpochMs,
): ClockDecision {
  const endedMs = Math.max(startedMs, nowMs) as EpochMs
  const key = { tenant: installationTenant, rule, subject: clockSubject, number: state.number }
  const over = {
    ...key,
    ...facts,
    sinceMs,
    startedMs,
    endedMs,
    end,
    detectedMs: nowMs,
    late: false,
  } as const
  return { state: { ...state, active: null }, transitions: [{ ...over, status: 'resolved' }] }
}

export const encodeClock: (value: ClockState) => Uint8Array = jsonBytes
export const decodeClock: (bytes: Uint8Array) => ClockState = fromJsonBytes
