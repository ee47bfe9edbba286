import type { AlertRule } from '@deskpulse/core'
import { didYouMean } from '../fault.ts'
import type { RuleInput } from './rule-input.ts'
import { fault, type Made, missing, type RuleFault } from './rule-fault.ts'

export type DeadlineSubject = Extract<AlertRule, { kind: 'deadline' }>['subject']
/** What a rule is about: the subject of a deadline, or a window's values. */
export type RuleTopic = DeadlineSubject | 'window'

type Member = keyof RuleInput

const common: readonly Member[] = [
  'name',
  'kind',
  'enabled',
  'severity',
  'labels',
  'text',
  'hours',
  'always',
  'repeat',
  'endpoints',
]
const deadline: readonly Member[] = [...common, 'subject', 'limit']

const membersOf: Readonly<Record<RuleTopic, ReadonlySet<string>>> = {
  contact: new Set([...deadline, 'waits', 'classes', 'slice']),
  agent: new Set([...deadline, 'states', 'slice']),
  source: new Set([...deadline, 'sources']),
  dimension: new Set(deadline),
  pipeline: new Set(deadline),
  endpoint: new Set(deadline),
  clock: new Set(deadline),
  records: new Set([...common, 'subject']),
  window: new Set<Member>([
    ...common,
    'kpi',
    'statistic',
    'slice',
    'window',
    'comparison',
    'threshold',
    'recovery',
    'minimumSample',
    'for',
    'keepFiringFor',
    'noData',
  ]),
}

export const topicName: Readonly<Record<RuleTopic, string>> = {
  contact: 'a deadline rule of contacts',
  agent: 'a deadline rule of agents',
  source: 'a deadline rule of sources',
  dimension: 'a deadline rule of dimensions',
  pipeline: 'a deadline rule of the pipeline',
  endpoint: 'a deadline rule of endpoints',
  clock: 'a deadline rule of the clock',
  records: 'a rule of lost records',
  window: 'a windowed rule',
}

const topicOfRule = (rule: AlertRule): RuleTopic =>
  rule.kind === 'windowed' ? 'window' : rule.subject

/** What the rule is about: as it was, when it changes another, else as it says. */
export function topicOf(
  input: RuleInput,
  existing: AlertRule | undefined,
  names: readonly string[],
): Made<RuleTopic> {
  if (existing !== undefined) return unchanged(input, existing)
  const { name, kind, subject } = input
  if (kind === undefined) return { faults: [kindless(name, names)] }
  if (kind === 'windowed') return { value: 'window' }
  if (subject === undefined) return { faults: [missing('subject', 'a deadline rule')] }
  if (subject === 'endpoint' || subject === 'clock' || subject === 'records')
    return {
      faults: [fault('subject', 'contact | agent | source | dimension | pipeline', subject)],
    }
  return { value: subject }
}

/** Without a kind a rule changes another one, whose name is probably misspelt if one is near. */
function kindless(name: string, names: readonly string[]): RuleFault {
  const near = didYouMean(name, names)
  if (near.hint === undefined) return missing('kind', 'a rule that changes no other')
  return fault(
    'name',
    { expected: 'the name of a rule to change, or a kind for a new one', ...near },
    name,
  )
}

function unchanged({ kind, subject }: RuleInput, existing: AlertRule): Made<RuleTopic> {
  const topic = topicOfRule(existing)
  const why = `as in the rule of this name that it changes`
  const faults: RuleFault[] = []
  if (kind !== undefined && kind !== existing.kind)
    faults.push(fault('kind', `${existing.kind}, ${why}`, kind))
  else if (subject !== undefined && topic !== 'window' && subject !== topic)
    faults.push(fault('subject', `${topic}, ${why}`, subject))
  return faults.length > 0 ? { faults } : { value: topic }
}

/** Members that rules of this kind do not have: a threshold of a deadline would be a threshold that nobody looks at. */
export function strangersOf(input: RuleInput, topic: RuleTopic): RuleFault[] {
  const given = Object.entries(input).filter(
    ([member, value]) => value !== undefined && !membersOf[topic].has(member),
  )
  return given.map(([member]) =>
    fault(member, `nothing: ${topicName[topic]} has no ${member}`, 'given'),
  )
}
