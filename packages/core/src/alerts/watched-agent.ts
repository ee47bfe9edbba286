import type { AgentState } from '../events/types.ts'
import type { Slice } from '../slices/slice.ts'
import type { EpochMs } from '../time/time.ts'
import { activeAlertOf, type Applied, type Span, type WatchState } from './deadline.ts'
import type { AgentRule, DimensionRule, SourceRule } from './rule.ts'
import { isIn, sliceOf } from './watched-contact.ts'

/** An agent as it stands. `state: null`: nothing is known of it. `sinceMs`: since when it is in that state. */
export type WatchedAgent = {
  readonly agentId: string
  readonly queues: readonly string[]
  readonly state: AgentState | null
  readonly sinceMs: EpochMs | null
}

/** A source of live events, and when the last one happened (or came): its silence began then. */
export type WatchedSource = { readonly source: string; readonly lastMs: EpochMs }

export type AgentRules = {
  /** The rules that apply to the agent as it stands, each with its state. A rule's alert ends with the state, wherever the agent is by then. */
  applied(agent: WatchedAgent, state: WatchState): readonly Applied[]
}

/** @throws RangeError when a rule's slice is no slice: rules are checked where they come in. */
export function agentRules(rules: readonly AgentRule[]): AgentRules {
  const byState = new Map<AgentState, { readonly rule: AgentRule; readonly slice: Slice }[]>()
  const byName = new Map<string, AgentRule>()
  for (const rule of rules) {
    const one = { rule, slice: sliceOf(rule) }
    byName.set(rule.name, rule)
    for (const state of rule.states) byState.set(state, [...(byState.get(state) ?? []), one])
  }

  return {
    applied({ agentId, queues, state, sinceMs }, watch) {
      const found: Applied[] = []
      const dimensions = { agent: agentId, queue: queues }
      for (const { rule, slice } of (state === null ? undefined : byState.get(state)) ?? []) {
        if (sinceMs !== null && isIn(slice, dimensions))
          found.push(appliedOf(rule, sinceMs, { sinceMs, endedMs: null }, watch))
      }
      for (const name of Object.keys(watch.active)) {
        const rule = byName.get(name)
        // Nothing that the rule looks at goes on: the alert ends as the state did, also of an agent that has left its queues.
        if (rule !== undefined && (state === null || !rule.states.includes(state)))
          found.push(appliedOf(rule, sinceMs, null, watch))
      }
      return found
    },
  }
}

export type SourceRules = { applied(source: WatchedSource, state: WatchState): readonly Applied[] }

export function sourceRules(rules: readonly SourceRule[]): SourceRules {
  return {
    applied({ source, lastMs }, watch) {
      const watching = rules.filter(({ sources }) => sources === null || sources.includes(source))
      return watching.map((rule) =>
        appliedOf(rule, lastMs, { sinceMs: lastMs, endedMs: null }, watch),
      )
    },
  }
}

/** A dimension, and since when it is nearly full; `null`: it is not, as of `nowMs`. */
export type WatchedDimension = { readonly sinceMs: EpochMs | null; readonly nowMs: EpochMs }

export type DimensionRules = {
  applied(dimension: WatchedDimension, state: WatchState): readonly Applied[]
}

export function dimensionRules(rules: readonly DimensionRule[]): DimensionRules {
  return {
    applied({ sinceMs, nowMs }, watch) {
      return rules.map((rule) =>
        appliedOf(
          rule,
          sinceMs ?? nowMs,
          sinceMs === null ? null : { sinceMs, endedMs: null },
          watch,
        ),
      )
    },
  }
}

/** States follow one another without a gap, as silences do: the one that an active alert is about ended when the present one began. */
function appliedOf(
  rule: AgentRule | SourceRule | DimensionRule,
  presentMs: EpochMs | null,
  current: Span | null,
  watch: WatchState,
): Applied {
  const alert = activeAlertOf(watch, rule.name)
  const ended = alert !== undefined && presentMs !== null && alert.sinceMs < presentMs
  return { rule, current, past: ended ? [{ sinceMs: alert.sinceMs, endedMs: presentMs }] : [] }
}
