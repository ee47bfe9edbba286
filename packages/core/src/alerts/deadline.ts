import type { DurationMs, EpochMs, Interval } from '../time/time.ts'
import { nextWithin } from '../time/weekly-hours.ts'
import {
  lateAfterMs,
  type AgentRule,
  type ContactRule,
  type DimensionRule,
  type SourceRule,
} from './rule.ts'

/** Something that goes on, or did: an owed reply, a wait in a queue, an agent's state, a source's silence, a dimension nearly full. `[sinceMs, endedMs)`. */
export type Span = {
  readonly sinceMs: EpochMs
  readonly endedMs: EpochMs | null
  /** When it has gone on for so long, where it does not run on calendar time. */
  readonly after?: (ms: DurationMs) => EpochMs
}

/** An alert that fires. `sinceMs` ≤ `startedMs`: what it is about went on when it started. */
export type ActiveAlert = {
  readonly number: number
  readonly sinceMs: EpochMs
  /** The deadline that passed, moved to the rule's next hours where it fell outside them. */
  readonly startedMs: EpochMs
  readonly late: boolean
}

/** What the fold remembers of a subject's alerts; plain data. `counts`: how many alerts each rule ever began on it. */
export type WatchState = {
  readonly active: Readonly<Record<string, ActiveAlert>>
  readonly counts: Readonly<Record<string, number>>
}
export const unwatched: WatchState = { active: {}, counts: {} }

export type FoldedRule = ContactRule | AgentRule | SourceRule | DimensionRule
/** A rule that applies to the subject as it stands, with the spans that it looks at. */
export type Applied = {
  readonly rule: FoldedRule
  /** What goes on now; `null`: nothing that this rule looks at. */
  readonly current: Span | null
  /** What ended lately, oldest first; none overlaps another, or the current one. */
  readonly past: readonly Span[]
}

export type DeadlineChange = {
  readonly rule: string
  readonly active: ActiveAlert
  readonly status: 'firing' | 'resolved'
  readonly endedMs: EpochMs | null
  readonly end: 'over' | 'retracted' | 'withdrawn' | null
}

export type DeadlineDecision = {
  readonly state: WatchState
  readonly changes: readonly DeadlineChange[]
  /** Log time at which something changes by time alone; `null`: never. */
  readonly nextMs: EpochMs | null
}

/**
 * What time it is by the clocks, where log time is ahead of them, and what log time last leapt over: a deadline that passed by such a leap, or only for a
 * log time that is ahead, is not late.
 */
export type DeadlineClock = { readonly atMs: EpochMs; readonly skipped: Interval | null }

/**
 * What becomes of a subject's alerts at log time `nowMs`. A span's deadline is its beginning + the rule's limit (on its clock), moved to the start of the rule's next
 * hours (in the tenant's zone) where it falls outside them: hours gate the beginning of an alert, nothing else. An alert is about the span that went on
 * when it started; there is at most one.
 *
 * - *Fires*: nothing of this rule is active, and the current span's deadline has come (inclusive). `startedMs` is that deadline, however late it is found;
 *   more than `lateAfterMs` after it, by the clock, the alert is `late`, for good.
 * - *Goes on*: its span goes on, beyond its own deadline. Late events may have moved the span's beginning: `sinceMs` follows it, `startedMs` stays.
 * - *Over*: its span ended after its own deadline; `endedMs` is that end.
 * - *Retracted*: no span went on at `startedMs` that was, or is by now, beyond its own deadline: the answer had come in time, or the wait began later than
 *   it seemed. `endedMs` = `startedMs`: it never was.
 * - *Withdrawn*, at `nowMs`: the rule is not among those that apply; or it changed, and the same span is no longer beyond its deadline.
 * - *Fires anew*: an alert that ended makes room, in the same decision, for a current span that is beyond its deadline, with the next number.
 *
 * The same input again changes nothing; without new input nothing changes before `nextMs`, and at `nextMs` something fires. The state that nothing
 * changed is returned itself.
 */
export function decideDeadlines(
  state: WatchState,
  applied: readonly Applied[],
  nowMs: EpochMs,
  timeZone: string,
  clock: DeadlineClock = { atMs: nowMs, skipped: null },
): DeadlineDecision {
  const active = new Map(Object.entries(state.active))
  const counts = new Map(Object.entries(state.counts))
  const changes: DeadlineChange[] = []
  let adopted = false
  let nextMs = Infinity

  for (const [rule, alert] of active) {
    if (!applied.some((one) => one.rule.name === rule))
      changes.push(ended(rule, alert, 'withdrawn', nowMs))
  }
  for (const one of applied) {
    const alert = active.get(one.rule.name)
    if (alert === undefined) continue
    const now = goesOn(alert, one, nowMs, timeZone)
    if (now.kind === 'ended') changes.push(now.change)
    else if (now.sinceMs !== alert.sinceMs) {
      adopted = true
      active.set(one.rule.name, { ...alert, sinceMs: now.sinceMs })
    }
  }
  for (const { rule } of changes) active.delete(rule)
  for (const { rule, current } of applied) {
    if (current === null || active.has(rule.name)) continue
    const startedMs = deadlineOf(current, rule, timeZone)
    if (startedMs > nowMs) nextMs = Math.min(nextMs, startedMs)
    else {
      const number = (counts.get(rule.name) ?? 0) + 1
      const begun: ActiveAlert = {
        number,
        sinceMs: current.sinceMs,
        startedMs,
        late: isLate(startedMs, clock),
      }
      changes.push({ rule: rule.name, active: begun, status: 'firing', endedMs: null, end: null })
      active.set(rule.name, begun)
      counts.set(rule.name, number)
    }
  }

  const unchanged = changes.length === 0 && !adopted
  return {
    state: unchanged
      ? state
      : { active: Object.fromEntries(active), counts: Object.fromEntries(counts) },
    changes,
    nextMs: nextMs === Infinity ? null : (nextMs as EpochMs),
  }
}

/** The alert that a rule has on this subject, if one fires. A rule may have the name of what every object has: `constructor`. */
export function activeAlertOf({ active }: WatchState, rule: string): ActiveAlert | undefined {
  return Object.hasOwn(active, rule) ? active[rule] : undefined
}

type Standing =
  | { readonly kind: 'on'; readonly sinceMs: EpochMs }
  | { readonly kind: 'ended'; readonly change: DeadlineChange }

function goesOn(
  alert: ActiveAlert,
  { rule, current, past }: Applied,
  nowMs: EpochMs,
  timeZone: string,
): Standing {
  const end = (
    how: 'over' | 'retracted' | 'withdrawn',
    endedMs: EpochMs,
    sinceMs = alert.sinceMs,
  ): Standing => ({
    kind: 'ended',
    change: ended(rule.name, { ...alert, sinceMs }, how, endedMs),
  })
  if (current !== null && current.sinceMs <= alert.startedMs) {
    if (deadlineOf(current, rule, timeZone) <= nowMs)
      return { kind: 'on', sinceMs: current.sinceMs }
    // It fired for this very span, so it is the rule that asks for more now.
    return current.sinceMs === alert.sinceMs
      ? end('withdrawn', nowMs)
      : end('retracted', alert.startedMs)
  }
  const own = past.findLast(
    ({ sinceMs, endedMs }) =>
      sinceMs <= alert.startedMs && endedMs !== null && endedMs > alert.startedMs,
  )
  if (own === undefined || own.endedMs === null || own.endedMs <= deadlineOf(own, rule, timeZone))
    return end('retracted', alert.startedMs)
  return end('over', own.endedMs, own.sinceMs)
}

function isLate(startedMs: EpochMs, { atMs, skipped }: DeadlineClock): boolean {
  const wasLeaptOver = skipped !== null && startedMs > skipped.startMs && startedMs < skipped.endMs
  return atMs - (wasLeaptOver ? skipped.endMs : startedMs) > lateAfterMs
}

function ended(
  rule: string,
  active: ActiveAlert,
  end: 'over' | 'retracted' | 'withdrawn',
  endedMs: EpochMs,
): DeadlineChange {
  return { rule, active, status: 'resolved', endedMs, end }
}

/** `Infinity`: the rule has no hours to fire in. */
function deadlineOf(span: Span, rule: FoldedRule, timeZone: string): EpochMs {
  const passedMs = span.after?.(rule.limitMs) ?? ((span.sinceMs + rule.limitMs) as EpochMs)
  return nextWithin(rule.hours, passedMs, timeZone) ?? (Infinity as EpochMs)
}
