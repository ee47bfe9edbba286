import {
  type AlertRule,
  type AlertText,
  type DeadlineRule,
  shippedRules,
} from '@deskpulse/core/alerts'
import { parseSlice } from '@deskpulse/core/measures'
import type { RuleCommon } from './complete-rule.ts'
import { type DeadlineSubject, fault, missing, type RuleFault, topicName } from './rule-faults.ts'
import type { RuleInput } from './schema.ts'

type Of<Subject extends DeadlineSubject> = Extract<DeadlineRule, { subject: Subject }>

function before<Subject extends DeadlineSubject>(
  existing: AlertRule | undefined,
  subject: Subject,
): Of<Subject> | undefined {
  const isOfSubject = existing?.kind === 'deadline' && existing.subject === subject
  return isOfSubject ? (existing as Of<Subject>) : undefined
}

/** Each once: a rule that were listed twice under a class would fire twice. */
const once = <Word>(words: readonly Word[]): readonly Word[] => [...new Set(words)]

const allWaits = ['reply', 'queue'] as const
const mostClasses = ['live', 'voice'] as const

/**
 * Completes a deadline rule from what is said, over the rule that it changes.
 * @param faults all that is wrong with the rule is added; if anything is, nobody may use the result
 */
export function completeDeadline(
  input: RuleInput,
  subject: DeadlineSubject,
  existing: AlertRule | undefined,
  common: RuleCommon,
  faults: RuleFault[],
): DeadlineRule {
  const limitMs = input.limit ?? before(existing, subject)?.limitMs
  const text = { ...deadlineText(subject), ...existing?.text, ...input.text }
  const base = { ...common, text, kind: 'deadline', limitMs: limitMs ?? 0 } as const
  if (limitMs === undefined) faults.push(missing('limit', topicName[subject]))

  const warnAtOf = (was: { readonly warnAt: number | null } | undefined): number | null =>
    input.warnAt === undefined ? (was?.warnAt ?? null) : input.warnAt

  switch (subject) {
    case 'contact': {
      const was = before(existing, subject)
      const slice = subjectSlice(input.slice ?? was?.slice ?? 'all', subject, faults)
      const waits = once(input.waits ?? was?.waits ?? allWaits)
      const classes = once(input.classes ?? was?.classes ?? mostClasses)
      return { ...base, subject, warnAt: warnAtOf(was), waits, classes, slice }
    }
    case 'agent': {
      const was = before(existing, subject)
      const states = input.states ?? was?.states
      if (states === undefined) faults.push(missing('states', topicName.agent))
      const slice = subjectSlice(input.slice ?? was?.slice ?? 'all', subject, faults)
      return { ...base, subject, warnAt: warnAtOf(was), states: once(states ?? []), slice }
    }
    case 'source': {
      const was = before(existing, subject)
      const inForce = was?.sources ?? null
      const sources = input.sources === undefined ? inForce : input.sources
      const warnAt = warnAtOf(was)
      return { ...base, subject, warnAt, sources: sources === null ? null : once(sources) }
    }
    case 'dimension':
    case 'pipeline':
    case 'endpoint':
    case 'clock':
    case 'records':
      return { ...base, subject }
  }
}

/** Canonical text of a slice that a contact or an agent must be in. */
function subjectSlice(text: string, subject: 'contact' | 'agent', faults: RuleFault[]): string {
  const parsed = parseSlice(text)
  if (!parsed.ok) {
    faults.push(fault('slice', parsed.expected, text))
    return text
  }
  const isForeign =
    subject === 'agent' &&
    parsed.slice.some(({ dimension }) => dimension !== 'agent' && dimension !== 'queue')
  if (isForeign) faults.push(fault('slice', 'all, or dimensions of agents: agent, queue', text))
  return parsed.text
}

const agentText: AlertText = {
  en: 'Agent {agent} has been in state {state} for {value} (limit {limit}), since {since}.',
  zh: '坐席 {agent} 处于{state}状态已 {value}（时限 {limit}），自 {since} 起。',
}

/** The words of a deadline rule that has none of its own: those of the shipped rule of its subject. */
function deadlineText(subject: DeadlineSubject): AlertText {
  const shipped = shippedRules.find((rule) => rule.kind === 'deadline' && rule.subject === subject)
  return shipped?.text ?? agentText
}

/** Members of a deadline rule, as people write them. */
export function deadlineView(rule: DeadlineRule): Partial<RuleInput> {
  const common = { subject: rule.subject, limit: rule.limitMs }
  switch (rule.subject) {
    case 'contact':
      return {
        ...common,
        warnAt: rule.warnAt,
        waits: [...rule.waits],
        classes: [...rule.classes],
        slice: rule.slice,
      }
    case 'agent':
      return { ...common, warnAt: rule.warnAt, states: [...rule.states], slice: rule.slice }
    case 'source':
      return {
        ...common,
        warnAt: rule.warnAt,
        sources: rule.sources === null ? null : [...rule.sources],
      }
    case 'dimension':
    case 'pipeline':
    case 'endpoint':
    case 'clock':
      return common
    case 'records':
      return { subject: rule.subject }
  }
}
