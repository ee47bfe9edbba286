import { catalogueOf, defaultTenantConfig, shippedRules, type WeeklyHours } from '@deskpulse/core'
import type { Fault } from '../fault.ts'
import type { IsSure, Readable } from '../readable.ts'
import { secondsOfThresholdKpi } from '../threshold-kpi.ts'
import type { RuleContext } from './complete-common.ts'
import { makeRule } from './complete-rule.ts'
import { faultsOf } from './rule-fault.ts'
import type { RuleInput } from './rule-input.ts'

const shippedNames = shippedRules.map(({ name }) => name)

/** Whatever some tenant could have: which ones there are is known when the whole file is. */
export function anyTenant(
  { kpi = '', statistic = '' }: RuleInput,
  hours: WeeklyHours | null,
): RuleContext {
  const own = secondsOfThresholdKpi(`${kpi} ${statistic}`)
  const thresholdsSeconds = [
    ...defaultTenantConfig.thresholdsSeconds,
    ...(own === null ? [] : [own]),
  ]
  return {
    catalogue: catalogueOf({ thresholdsSeconds }),
    keeps: () => true,
    hours,
    names: shippedNames,
    endpoints: null,
  }
}

/** What of a rule can be read, as a rule of its own. */
export function readableRule(rule: Readable<RuleInput>, isSure: IsSure): RuleInput {
  const members = Object.entries(rule).map(([member, value]) => {
    return [
      member,
      Array.isArray(value) ? (value as unknown[]).filter((one) => one !== undefined) : value,
    ]
  })
  const { name = '', hours, ...others } = Object.fromEntries(members) as Partial<RuleInput>
  return { name, ...others, ...(isSure('hours') && { hours }) } // Half a stretch of hours is none.
}

/** What a rule that lacks a member may have said elsewhere. */
const saidElsewhere: Readonly<Record<string, string>> = { kind: 'name', kpi: 'statistic' }

/** All that is wrong with a rule of the file by itself. */
export function ruleFaults(rule: Readable<RuleInput>, isSure: IsSure): readonly Fault[] {
  const input = readableRule(rule, isSure)
  const existing = shippedRules.find(({ name }) => name === input.name)
  return faultsOf(makeRule(input, existing, anyTenant(input, null))).flatMap(
    ({ got, ...fault }) => {
      const elsewhere = saidElsewhere[String(fault.path[0])]
      return got !== 'missing' || elsewhere === undefined || isSure(elsewhere) ? [fault] : []
    },
  )
}
