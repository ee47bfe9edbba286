import type { AlertRule, DeadlineRule, WindowedRule } from '@deskpulse/core'
import { hoursInputOf } from './hours.ts'
import type { RuleInput } from './rule-input.ts'

/** A complete rule with the members that people write: sent back, it is the same rule. Durations in milliseconds. */
export type RuleView = RuleInput &
  Required<Pick<RuleInput, 'kind' | 'enabled' | 'severity' | 'labels' | 'text'>>

export function ruleView(rule: AlertRule): RuleView {
  const { name, kind, enabled, severity, labels, text, hours, repeatMs, endpoints } = rule
  return {
    name,
    kind,
    enabled,
    severity,
    labels: { ...labels },
    text,
    hours: hours === null ? null : hoursInputOf(hours),
    repeat: repeatMs,
    endpoints: endpoints === null ? null : [...endpoints],
    ...(rule.kind === 'windowed' ? windowMembers(rule) : deadlineMembers(rule)),
  }
}

function windowMembers(rule: WindowedRule): Partial<RuleInput> {
  const {
    kpi,
    statistic,
    slice,
    window,
    comparison,
    threshold,
    recovery,
    minimumSample,
    forMs,
    keepFiringForMs,
    noData,
  } = rule
  const times = { for: forMs, keepFiringFor: keepFiringForMs }
  return {
    kpi,
    statistic,
    slice,
    window,
    comparison,
    threshold,
    recovery,
    minimumSample,
    ...times,
    noData,
  }
}

function deadlineMembers(rule: DeadlineRule): Partial<RuleInput> {
  const common = { subject: rule.subject, limit: rule.limitMs }
  switch (rule.subject) {
    case 'contact':
      return { ...common, waits: [...rule.waits], classes: [...rule.classes], slice: rule.slice }
    case 'agent':
      return { ...common, states: [...rule.states], slice: rule.slice }
    case 'source':
      return { ...common, sources: rule.sources === null ? null : [...rule.sources] }
    case 'dimension':
    case 'pipeline':
    case 'endpoint':
    case 'clock':
      return common
    case 'records':
      return { subject: rule.subject }
  }
}
