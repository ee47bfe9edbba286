import type { Fault } from '../fault.ts'

/** What is wrong with one member of a rule. */
export type RuleFault = Fault & {
  readonly path: readonly (string | number)[]
  readonly got: string
  readonly code: 'bad-request' | 'unknown-kpi'
}

/** A part of a rule, or all that is wrong with it. */
export type Made<Value> = { readonly value: Value } | { readonly faults: readonly RuleFault[] }

export const faultsOf = (made: Made<unknown>): readonly RuleFault[] =>
  'faults' in made ? made.faults : []

type Wanted = Pick<Fault, 'expected' | 'hint'>

export function fault(
  member: string,
  wanted: string | Wanted,
  got: string,
  code: RuleFault['code'] = 'bad-request',
): RuleFault {
  return {
    path: [member],
    ...(typeof wanted === 'string' ? { expected: wanted } : wanted),
    got,
    code,
  }
}

export const missing = (member: string, of: string): RuleFault =>
  fault(member, `what ${of} must say`, 'missing')
