import type { AlertRule } from '@deskpulse/core/alerts'
import type { Fault } from '../fault.ts'

export type DeadlineSubject = Extract<AlertRule, { kind: 'deadline' }>['subject']
/** What a rule is about: the subject of a deadline, or a window's values. */
export type RuleTopic = DeadlineSubject | 'window'

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

/** What is wrong with one member of a rule. */
export type RuleFault = Fault & {
  readonly path: readonly (string | number)[]
  readonly got: string
  readonly code: 'bad-request' | 'unknown-kpi'
}

type Wanted = Pick<Fault, 'expected' | 'hint'>

export function fault(
  member: string,
  wanted: string | Wanted,
  got: string,
  code: RuleFault['code'] = 'bad-request',
): RuleFault {
  const expected = typeof wanted === 'string' ? { expected: wanted } : wanted
  return { path: [member], ...expected, got, code }
}

export const missing = (member: string, of: string): RuleFault =>
  fault(member, `what ${of} must say`, 'missing')
