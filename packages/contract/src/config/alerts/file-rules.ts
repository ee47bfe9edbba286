import { catalogueOf, defaultTenantConfig, shippedRules, type WeeklyHours } from '@deskpulse/core'
import type { RuleContext } from './complete-common.ts'
import { makeRule } from './complete-rule.ts'
import type { RuleFault } from './rule-fault.ts'
import type { RuleInput } from './rule-input.ts'

/** The KPI of a threshold that a tenant may have: `answered_within_<n>s_of_due`. */
const thresholdKpi = /\banswered_within_([1-9]\d{0,4})s_of_due\b/

/** Whatever some tenant could have: which ones there are is known when the whole file is. */
export function anyTenant({ kpi = '', statistic = '' }: RuleInput, hours: WeeklyHours | null): RuleContext {
  const seconds = thresholdKpi.exec(`${kpi} ${statistic}`)?.[1]
  const own = seconds === undefined ? [] : [Number(seconds)]
  const catalogue = catalogueOf({ thresholdsSeconds: [...defaultTenantConfig.thresholdsSeconds, ...own] })
  return { catalogue, keeps: () => true, hours, endpoints: null }
}

/** All that is wrong with a rule of the file by itself. */
export function ruleFaults(input: RuleInput): readonly RuleFault[] {
  const made = makeRule(
    input,
    shippedRules.find(({ name }) => name === input.name),
    anyTenant(input, null),
  )
  return 'faults' in made ? made.faults : []
}
