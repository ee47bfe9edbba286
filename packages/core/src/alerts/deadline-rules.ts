import type { AgentRule, AlertRule, ContactRule, DimensionRule, SourceRule } from './rule.ts'
import {
  agentRules,
  dimensionRules,
  sourceRules,
  type AgentRules,
  type DimensionRules,
  type SourceRules,
} from './watched-agent.ts'
import { contactRules, type ContactRules } from './watched-contact.ts'

/** The enabled rules that the folds decide, made ready to be asked for each subject. */
export type DeadlineRules = {
  readonly contacts: ContactRules
  readonly agents: AgentRules
  readonly sources: SourceRules
  readonly dimensions: DimensionRules
}

const compiled = new WeakMap<readonly AlertRule[], DeadlineRules>() // A memo, not state: once for each version of the rules.

/**
 * Rules of contacts, agents, sources and dimensions among `rules` (`effectiveRules`). The same array gives the same answer.
 * @throws RangeError when a rule's slice is no slice: rules are checked where they come in.
 */
export const deadlineRulesFor = (rules: readonly AlertRule[]): DeadlineRules =>
  compiled.getOrInsertComputed(rules, compile)

function compile(rules: readonly AlertRule[]): DeadlineRules {
  const contacts: ContactRule[] = []
  const agents: AgentRule[] = []
  const sources: SourceRule[] = []
  const dimensions: DimensionRule[] = []
  for (const rule of rules) {
    if (!rule.enabled || rule.kind !== 'deadline') continue
    if (rule.subject === 'contact') contacts.push(rule)
    else if (rule.subject === 'agent') agents.push(rule)
    else if (rule.subject === 'source') sources.push(rule)
    else if (rule.subject === 'dimension') dimensions.push(rule)
  }
  return {
    contacts: contactRules(contacts),
    agents: agentRules(agents),
    sources: sourceRules(sources),
    dimensions: dimensionRules(dimensions),
  }
}
