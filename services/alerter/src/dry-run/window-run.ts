import {
  decideWindow,
  isWithin,
  type Sample,
  unseenWindow,
  type WindowChange,
  type WindowedRule,
  type WindowState,
  windowSubject,
} from '@deskpulse/core/alerts'
import type { EpochMs } from '@deskpulse/core/time'
import type { DryRunAlert } from './result.ts'

/** What the rule sees of one slice at one log time. */
export type Tick = { readonly atMs: EpochMs; readonly sample: Sample }

/** The alerts of a windowed rule on one slice, stepped through `ticks`, which ascend. Ticks further apart than `evaluationGapMaxMs` begin `for` anew. */
export function windowRun(
  rule: WindowedRule,
  slice: string,
  ticks: Iterable<Tick>,
  timeZone: string,
): readonly DryRunAlert[] {
  const alerts = new Map<number, DryRunAlert>()
  let state: WindowState = unseenWindow

  function note({ number, sinceMs, startedMs, endedMs, end, value }: WindowChange): void {
    const began = alerts.get(number)?.value ?? value // What was worth an alert.
    alerts.set(number, {
      subject: windowSubject(slice),
      slice,
      sinceMs,
      startedMs,
      endedMs,
      end,
      value: began,
      late: false,
    })
  }

  for (const { atMs, sample } of ticks) {
    const decision = decideWindow(state, rule, sample, atMs, isWithin(rule.hours, atMs, timeZone))
    state = decision.state
    for (const change of decision.changes) note(change)
  }
  return [...alerts.values()]
}
