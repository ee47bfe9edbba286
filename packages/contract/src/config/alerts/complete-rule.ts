import {
  type AlertRule,
  checkTemplate,
  shippedRules,
  type WeeklyHours,
} from '@deskpulse/core/alerts'
import type { TenantConfig } from '@deskpulse/core/config'
import { type Catalogue, catalogueOf } from '@deskpulse/core/kpis'
import { keepsSlice, type Slice } from '@deskpulse/core/measures'
import { minuteMs } from '@deskpulse/core/time'
import type { FieldError } from '../../api/problem.ts'
import { pointer } from '../../events/refusal.ts'
import { tellable } from '../endpoint.ts'
import { didYouMean, type Fault } from '../fault.ts'
import type { AlertsConfig } from './alerts-config.ts'
import { completeDeadline, deadlineView } from './deadline-rule.ts'
import { hoursInputOf, weeklyHoursOf } from '../hours.ts'
import { fault, missing, type RuleFault, type RuleTopic, topicName } from './rule-faults.ts'
import { commonMembers, type RuleInput, windowMembers } from './schema.ts'
import { completeWindowed, windowView } from './windowed-rule.ts'

/** What a rule is completed and checked against. */
export type RuleContext = {
  readonly catalogue: Catalogue
  /** Whether slices of these dimensions are kept. */
  readonly keeps: (slice: Slice) => boolean
  /** Hours of rules that say nothing of them; `null`: always. */
  readonly hours: WeeklyHours | null
  /** Names of the rules that a rule may change. */
  readonly names: readonly string[]
  /** Names of the endpoints that there are; `null`: they are checked elsewhere. */
  readonly endpoints: readonly string[] | null
}

/** What all rules have, but for the text. */
export type RuleCommon = Pick<
  AlertRule,
  'name' | 'enabled' | 'severity' | 'labels' | 'hours' | 'repeatMs' | 'endpoints' | 'escalation'
>

/** The rule, complete, or all that is wrong with it. */
export type Made =
  | { readonly rule: AlertRule; readonly faults: readonly [] }
  | { readonly rule: null; readonly faults: readonly RuleFault[] }

export function makeRule(
  input: RuleInput,
  existing: AlertRule | undefined,
  context: RuleContext,
): Made {
  const faults = [...commonFaults(input, context), ...textFaults(input)]
  const topic = topicOf(input, existing, context.names, faults)
  const strangers = topic === null ? [] : strangersOf(input, topic)
  faults.push(...strangers)
  if (topic === null || strangers.length > 0) return { rule: null, faults }
  const common = commonOf(input, existing, context)
  const rule =
    topic === 'window'
      ? completeWindowed(input, existing, common, context, faults)
      : completeDeadline(input, topic, existing, common, faults)
  return rule === null || faults.length > 0 ? { rule: null, faults } : { rule, faults: [] }
}

/** `errors`: all that is wrong, paths as JSON pointers. `unknown-kpi`: one of them names a KPI or a statistic that does not exist. */
export type CompletedRule =
  | { readonly ok: true; readonly rule: AlertRule }
  | {
      readonly ok: false
      readonly code: 'bad-request' | 'unknown-kpi'
      readonly errors: readonly FieldError[]
    }

/**
 * Completes a rule from what a person says of it. What is left out is that of `existing`, the rule of
 * the same name that it stands over (the installation's), else a default. Without `existing`, what
 * has no default must be said.
 * @param at where the rule stands in the request's body, as a JSON pointer
 */
export function completeRule(
  input: RuleInput,
  existing: AlertRule | undefined,
  context: RuleContext,
  at = '',
): CompletedRule {
  const { rule, faults } = makeRule(input, existing, context)
  if (rule !== null) return { ok: true, rule }
  const errors = faults.map(({ path, expected: wanted, hint, got }) => {
    const expected = hint === undefined ? wanted : `${wanted}: ${hint}`
    return { path: `${at}${pointer(path)}`, expected, got }
  })
  const isUnknown = faults.some(({ code }) => code === 'unknown-kpi')
  return { ok: false, code: isUnknown ? 'unknown-kpi' : 'bad-request', errors }
}

/** What a rule of one tenant is completed against: endpoints that are never told of it are not there for it. */
export function ruleContextOf(
  tenant: string,
  config: TenantConfig,
  { endpoints, hours, rules }: Pick<AlertsConfig, 'endpoints' | 'hours' | 'rules'>,
): RuleContext {
  return {
    catalogue: catalogueOf(config),
    keeps: (slice) => keepsSlice(slice, config),
    hours,
    names: [...shippedRules, ...rules].map(({ name }) => name),
    endpoints: tellable(endpoints)
      .filter(({ tenants }) => tenants === null || tenants.includes(tenant))
      .map(({ name }) => name),
  }
}

/** What a rule that changes no other need not say. */
const newRule: Pick<
  AlertRule,
  'enabled' | 'severity' | 'labels' | 'repeatMs' | 'endpoints' | 'escalation'
> = {
  enabled: true,
  severity: 'warning',
  labels: {},
  repeatMs: 30 * minuteMs,
  endpoints: null,
  escalation: null,
}

function commonOf(
  input: RuleInput,
  existing: AlertRule | undefined,
  context: RuleContext,
): RuleCommon {
  const was = existing ?? newRule
  return {
    name: input.name,
    enabled: input.enabled ?? was.enabled,
    severity: input.severity ?? was.severity,
    labels: input.labels ?? was.labels,
    hours: hoursOf(input, existing, context),
    repeatMs: input.repeat === undefined ? was.repeatMs : input.repeat,
    endpoints: input.endpoints === undefined ? was.endpoints : input.endpoints,
    escalation: escalationOf(input, was),
  }
}

function escalationOf(
  { escalate }: RuleInput,
  was: Pick<AlertRule, 'escalation'>,
): AlertRule['escalation'] {
  if (escalate === undefined) return was.escalation
  return escalate === null
    ? null
    : { afterMs: escalate.after, endpoints: [...new Set(escalate.endpoints)] }
}

function hoursOf(
  { always, hours }: RuleInput,
  existing: AlertRule | undefined,
  context: RuleContext,
): WeeklyHours | null {
  if (always === true || hours === null) return null
  if (hours !== undefined) return weeklyHoursOf(hours)
  return always === undefined && existing !== undefined ? existing.hours : context.hours
}

function commonFaults(
  { always, hours, endpoints, escalate }: RuleInput,
  { endpoints: known }: RuleContext,
): RuleFault[] {
  const faults: RuleFault[] = []
  if (always === true && hours !== undefined && hours !== null)
    faults.push(fault('always', 'hours or always, not both', 'true'))
  for (const { path, name, ...wanted } of known === null
    ? []
    : strangeNames({ endpoints, escalate }, known))
    faults.push({ ...fault('endpoints', wanted, name), path })
  return faults
}

/** Who is told, as far as it can be read. */
type Named = {
  readonly endpoints?: readonly (string | undefined)[] | null | undefined
  readonly escalate?:
    { readonly endpoints?: readonly (string | undefined)[] | undefined } | null | undefined
}

/** Names of endpoints that there are not, and what should stand there. */
export function strangeNames(
  { endpoints, escalate }: Named,
  known: readonly string[],
): (Pick<Fault, 'expected' | 'hint'> & Pick<RuleFault, 'path'> & { readonly name: string })[] {
  const lists = [
    { path: ['endpoints'], names: endpoints ?? [] },
    { path: ['escalate', 'endpoints'], names: escalate?.endpoints ?? [] },
  ]
  return lists.flatMap(({ path, names }) =>
    names.flatMap((name, at) => {
      if (name === undefined || known.includes(name)) return []
      const expected = 'the name of an endpoint that is told of alerts'
      return [{ path: [...path, at], name, expected, ...didYouMean(name, known) }]
    }),
  )
}

function textFaults({ text = {} }: RuleInput): RuleFault[] {
  return (['en', 'zh'] as const).flatMap((language) => {
    const wrong = checkTemplate(text[language] ?? '')
    if (wrong === null) return []
    const { got, expected } = wrong
    const strange = fault(language, `instead of ${got} ${expected}`, got)
    return [{ ...strange, path: ['text', language] }]
  })
}

/** What the rule is about: as it was, when it changes another, else as it says. `null`: that cannot be said. */
function topicOf(
  input: RuleInput,
  existing: AlertRule | undefined,
  names: readonly string[],
  faults: RuleFault[],
): RuleTopic | null {
  if (existing !== undefined) return unchanged(input, existing, faults)
  const { name, kind, subject } = input
  if (kind === 'windowed') return 'window'
  const isOwn = subject === 'endpoint' || subject === 'clock' || subject === 'records'
  if (kind !== undefined && subject !== undefined && !isOwn) return subject
  if (kind === undefined) faults.push(kindless(name, names))
  else if (subject === undefined) faults.push(missing('subject', 'a deadline rule'))
  else faults.push(fault('subject', 'contact | agent | source | dimension | pipeline', subject))
  return null
}

/** Without a kind a rule changes another one, whose name is probably misspelt if one is near. */
function kindless(name: string, names: readonly string[]): RuleFault {
  const near = didYouMean(name, names)
  if (near.hint === undefined) return missing('kind', 'a rule that changes no other')
  const expected = 'the name of a rule to change, or a kind for a new one'
  return fault('name', { expected, ...near }, name)
}

function unchanged(
  { kind, subject }: RuleInput,
  existing: AlertRule,
  faults: RuleFault[],
): RuleTopic | null {
  const topic = existing.kind === 'windowed' ? 'window' : existing.subject
  const why = `as in the rule of this name that it changes`
  const isOther = topic !== 'window' && subject !== undefined && subject !== topic
  if (kind !== undefined && kind !== existing.kind)
    faults.push(fault('kind', `${existing.kind}, ${why}`, kind))
  else if (isOther) faults.push(fault('subject', `${topic}, ${why}`, subject))
  else return topic
  return null
}

const common = Object.keys(commonMembers)

/** Members of the rules of each topic beside the common ones. */
const membersOf: Readonly<Record<RuleTopic, readonly string[]>> = {
  contact: ['subject', 'limit', 'warnAt', 'waits', 'classes', 'slice'],
  agent: ['subject', 'limit', 'warnAt', 'states', 'slice'],
  source: ['subject', 'limit', 'warnAt', 'sources'],
  dimension: ['subject', 'limit'],
  pipeline: ['subject', 'limit'],
  endpoint: ['subject', 'limit'],
  clock: ['subject', 'limit'],
  records: ['subject'],
  window: Object.keys(windowMembers),
}

/** Members that rules of this topic do not have: nobody would look at the threshold of a deadline. */
function strangersOf(input: RuleInput, topic: RuleTopic): RuleFault[] {
  return Object.entries(input).flatMap(([member, value]) => {
    const isKnown = common.includes(member) || membersOf[topic].includes(member)
    if (value === undefined || isKnown) return []
    return [fault(member, `nothing: ${topicName[topic]} has no ${member}`, 'given')]
  })
}

/** A complete rule with the members that people write: sent back, it is the same rule. Durations in milliseconds. */
export type RuleView = RuleInput &
  Required<Pick<RuleInput, 'kind' | 'enabled' | 'severity' | 'labels' | 'text'>>

export function ruleView(rule: AlertRule): RuleView {
  const { name, kind, enabled, severity, labels, text, hours, repeatMs, endpoints } = rule
  const { escalation } = rule
  return {
    ...{ name, kind, enabled, severity, labels: { ...labels }, text },
    hours: hours === null ? null : hoursInputOf(hours),
    repeat: repeatMs,
    endpoints: endpoints === null ? null : [...endpoints],
    escalate:
      escalation === null
        ? null
        : { after: escalation.afterMs, endpoints: [...escalation.endpoints] },
    ...(rule.kind === 'windowed' ? windowView(rule) : deadlineView(rule)),
  }
}
