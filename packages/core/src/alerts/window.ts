import type { KpiUnit } from '../kpis/kpi.ts'
import type { EpochMs } from '../time/time.ts'
import type { WindowedRule } from './rule.ts'
import type { Sample } from './sample.ts'
import type { AlertEnd, AlertTransition } from './transition.ts'

/** Breaches that lie further apart than this, with no evaluation between them, are not known to be one: `for` begins anew. */
export const evaluationGapMaxMs = 60_000

/**
 * What is remembered of one rule on one slice; plain JSON. `number`: how many alerts it ever began. `asks`: what was asked when the breach began; `null`:
 * nobody knows, what is asked next.
 * `sinceMs`: the first evaluation of the breach; `seenMs`: the last one while pending; `startedMs` and `value`: the one at which it fired.
 */
export type WindowState = { readonly number: number } & (
  | { readonly phase: 'ok' }
  | {
      readonly phase: 'pending'
      readonly asks: string
      readonly sinceMs: EpochMs
      readonly seenMs: EpochMs
    }
  | ({ readonly phase: 'firing' } & Fired)
  | ({ readonly phase: 'recovering'; readonly recoveredMs: EpochMs } & Fired)
)
type Fired = {
  readonly asks: string | null
  readonly sinceMs: EpochMs
  readonly startedMs: EpochMs
  readonly value: number | null
}
export const unseenWindow: WindowState = { number: 0, phase: 'ok' }

type Active = Extract<WindowState, { startedMs: EpochMs }>

/** The parts of a transition that the evaluation decides. It is never late. */
export type WindowChange = {
  readonly number: number
  readonly status: 'firing' | 'resolved'
  readonly sinceMs: EpochMs
  readonly startedMs: EpochMs
  readonly endedMs: EpochMs | null
  readonly end: Extract<AlertEnd, 'over' | 'withdrawn'> | null
  /** At this evaluation; of a withdrawn one, which nobody evaluates any more, at its beginning. `null`: there was no data. */
  readonly value: number | null
}

/** Up to two changes, in order: an alert whose rule now asks for something else ends, and another may begin at once. */
export type WindowDecision = {
  readonly state: WindowState
  readonly changes: readonly WindowChange[]
}

/**
 * One evaluation at log time `nowMs`. The same again at the same time changes nothing more. Exactly at the threshold is not beyond it; exactly at the
 * recovery is recovered; between the two nothing new begins or ends. Fires when every evaluation of the last `forMs` was a breach. Outside the
 * rule's hours nobody asks: what fires is withdrawn, and a breach begins anew with the next hours. A threshold holds from the next evaluation on.
 */
export function decideWindow(
  state: WindowState,
  rule: WindowedRule,
  sample: Sample,
  nowMs: EpochMs,
  withinHours: boolean,
): WindowDecision {
  if (!withinHours) return withdrawWindow(state, nowMs)
  const look = { rule, asks: asksOf(rule), value: sample.value, nowMs }
  const known = state.phase !== 'ok' && state.asks === null ? { ...state, asks: look.asks } : state
  const before =
    known.phase === 'ok' || known.asks === look.asks
      ? { state: known, changes: [] }
      : withdrawWindow(known, nowMs)
  const after = evaluate(before.state, look)
  return { state: after.state, changes: [...before.changes, ...after.changes] }
}

/** The rule is gone, disabled or outside its hours: what fires ends `withdrawn`. The count of alerts stays. */
export function withdrawWindow(state: WindowState, nowMs: EpochMs): WindowDecision {
  switch (state.phase) {
    case 'ok':
      return { state, changes: [] }
    case 'pending':
      return calm(state)
    case 'firing':
    case 'recovering':
      return resolve(state, 'withdrawn', state.value, nowMs)
  }
}

/** What the value stands for: alerts about something else are other alerts. Threshold, recovery and times are not part of it. */
function asksOf({ kpi, statistic, window, comparison }: WindowedRule): string {
  return `${kpi}.${statistic} ${comparison} in ${window}`
}

type Look = {
  readonly rule: WindowedRule
  readonly asks: string
  readonly value: number | null
  readonly nowMs: EpochMs
}
type Finding = 'breach' | 'between' | 'recovered' | 'unknown'

function judge({ rule: { comparison, threshold, recovery, noData }, value }: Look): Finding {
  if (value === null)
    return noData === 'fire' ? 'breach' : noData === 'ok' ? 'recovered' : 'unknown'
  if (comparison === 'above' ? value > threshold : value < threshold) return 'breach'
  return (comparison === 'above' ? value <= recovery : value >= recovery) ? 'recovered' : 'between'
}

function evaluate(state: WindowState, look: Look): WindowDecision {
  const finding = judge(look)
  switch (state.phase) {
    case 'ok':
      return finding === 'breach' ? breach(state, look.nowMs, look) : { state, changes: [] }
    case 'pending': {
      const wasWatched = look.nowMs - state.seenMs <= evaluationGapMaxMs
      if (finding === 'breach') return breach(state, wasWatched ? state.sinceMs : look.nowMs, look)
      return finding === 'unknown' && wasWatched
        ? { state: { ...state, seenMs: look.nowMs }, changes: [] }
        : calm(state)
    }
    case 'firing':
      return finding === 'recovered' ? recover(state, look.nowMs, look) : { state, changes: [] }
    case 'recovering': {
      if (finding === 'unknown') return { state, changes: [] }
      if (finding === 'recovered') return recover(state, state.recoveredMs, look)
      const { recoveredMs: _, ...active } = state
      return { state: { ...active, phase: 'firing' }, changes: [] }
    }
  }
}

const calm = ({ number }: WindowState): WindowDecision => ({
  state: { number, phase: 'ok' },
  changes: [],
})

/** A breach that began at `sinceMs` is seen (again): it waits, or fires. */
function breach(
  { number }: WindowState,
  sinceMs: EpochMs,
  { rule, asks, value, nowMs }: Look,
): WindowDecision {
  if (nowMs - sinceMs < rule.forMs)
    return { state: { number, phase: 'pending', asks, sinceMs, seenMs: nowMs }, changes: [] }
  const fired = { number: number + 1, sinceMs, startedMs: nowMs, value }
  return {
    state: { ...fired, phase: 'firing', asks },
    changes: [{ ...fired, status: 'firing', endedMs: null, end: null }],
  }
}

/** Recovered since `recoveredMs`: it goes on for a while, or is over. */
function recover(
  active: Active,
  recoveredMs: EpochMs,
  { rule, value, nowMs }: Look,
): WindowDecision {
  if (nowMs - recoveredMs >= rule.keepFiringForMs) return resolve(active, 'over', value, nowMs)
  return { state: { ...active, phase: 'recovering', recoveredMs }, changes: [] }
}

function resolve(
  { number, sinceMs, startedMs }: Active,
  end: 'over' | 'withdrawn',
  value: number | null,
  nowMs: EpochMs,
): WindowDecision {
  const endedMs = Math.max(startedMs, nowMs) as EpochMs // Log time of a store that was put back may be earlier.
  return {
    state: { number, phase: 'ok' },
    changes: [{ number, status: 'resolved', sinceMs, startedMs, endedMs, end, value }],
  }
}

/** `slice/queue=billing`: the subject of a windowed alert. `slice` is canonical text. */
export const windowSubject = (slice: string): string => `slice/${slice}`

/** A change as the transition that the topic holds. `slice`: canonical text; `unit`: of the rule's statistic. */
export function windowTransition(
  tenant: string,
  rule: WindowedRule,
  slice: string,
  unit: KpiUnit,
  change: WindowChange,
  nowMs: EpochMs,
): AlertTransition {
  const { name, severity, kpi, threshold, labels } = rule
  const facts = { kind: 'windowed', severity, slice, kpi, limit: threshold, unit, labels } as const
  return {
    tenant,
    rule: name,
    subject: windowSubject(slice),
    ...facts,
    ...change,
    detectedMs: nowMs,
    late: false,
  }
}
