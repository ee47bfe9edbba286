import { tellable } from '../endpoint.ts'
import {
  type AlertRule,
  catalogueOf,
  keepsSlice,
  shippedRules,
  type TenantConfig,
} from '@deskpulse/core'
import type { FieldError } from '../../api/problem.ts'
import { pointer } from '../../events/refusal.ts'
import type { AlertsConfig } from './alerts-config.ts'
import { commonFaults, commonOf, type RuleContext } from './complete-common.ts'
import { completeDeadline } from './complete-deadline.ts'
import { completeWindowed } from './complete-windowed.ts'
import { faultsOf, type Made } from './rule-fault.ts'
import type { RuleInput } from './rule-input.ts'
import { strangersOf, topicOf } from './rule-members.ts'
import { textFaults } from './rule-text.ts'

/** The rule, complete, or all that is wrong with it. */
export function makeRule(
  input: RuleInput,
  existing: AlertRule | undefined,
  context: RuleContext,
): Made<AlertRule> {
  const topic = topicOf(input, existing, context.names)
  const faults = [...commonFaults(input, context), ...textFaults(input), ...faultsOf(topic)]
  if ('faults' in topic) return { faults }
  const strangers = strangersOf(input, topic.value)
  if (strangers.length > 0) return { faults: [...faults, ...strangers] }
  const common = commonOf(input, existing, context)
  const made =
    topic.value === 'window'
      ? completeWindowed(input, existing, common, context)
      : completeDeadline(input, topic.value, existing, common)
  return faults.length > 0 ? { faults: [...faults, ...faultsOf(made)] } : made
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
 * A rule out of what a person says of it. What is left out is that of `existing`, the rule of the same name that it stands over (the installation's),
 * else a default; without `existing`, what has no default must be said.
 * @param at where the rule stands in the request's body, as a JSON pointer.
 */
export function completeRule(
  input: RuleInput,
  existing: AlertRule | undefined,
  context: RuleContext,
  at = '',
): CompletedRule {
  const made = makeRule(input, existing, context)
  if ('value' in made) return { ok: true, rule: made.value }
  const errors = made.faults.map(({ path, expected, hint, got }) => {
    return {
      path: `${at}${pointer(path)}`,
      expected: hint === undefined ? expected : `${expected}: ${hint}`,
      got,
    }
  })
  return {
    ok: false,
    code: made.faults.some(({ code }) => code === 'unknown-kpi') ? 'unknown-kpi' : 'bad-request',
    errors,
  }
}

/** What a rule of one tenant is completed against. */
export function ruleContextOf(
  config: TenantConfig,
  { endpoints, hours, rules }: Pick<AlertsConfig, 'endpoints' | 'hours' | 'rules'>,
): RuleContext {
  return {
    catalogue: catalogueOf(config),
    keeps: (slice) => keepsSlice(slice, config),
    hours,
    names: [...shippedRules, ...rules].map(({ name }) => name),
    endpoints: tellable(endpoints).map(({ name }) => name),
  }
}
