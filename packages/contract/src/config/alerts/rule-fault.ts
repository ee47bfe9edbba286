/** What is wrong with one member of a rule. `unknown-kpi`: it names a KPI, or a statistic of one, that does not exist. */
export type RuleFault = {
  readonly path: readonly (string | number)[]
  readonly expected: string
  readonly got: string
  readonly code: 'bad-request' | 'unknown-kpi'
}

/** A part of a rule, or all that is wrong with it. */
export type Made<Value> = { readonly value: Value } | { readonly faults: readonly RuleFault[] }

export const faultsOf = (made: Made<unknown>): readonly RuleFault[] => ('faults' in made ? made.faults : [])

export function fault(member: string, expected: string, got: string, code: RuleFault['code'] = 'bad-request'): RuleFault {
  return { path: [member], expected, got, code }
}

export const missing = (member: string, of: string): RuleFault => fault(member, `what ${of} must say`, 'missing')
