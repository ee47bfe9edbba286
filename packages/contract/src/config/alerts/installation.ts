import {
  catalogueOf,
  defaultTenantConfig,
  keepsSlice,
  parseRuleSlice,
  shippedRules,
  type Slice,
  type TenantConfig,
  type WindowedRule,
} from '@deskpulse/core'
import { didYouMean, type Fault, under } from '../fault.ts'
import { type IsSure, type Readable, sureBelow } from '../readable.ts'
import { makeRule } from './complete-rule.ts'
import { anyTenant, readableRule } from './file-rules.ts'
import type { RuleInput } from './rule-input.ts'

export type Installation = {
  /** As far as their KPIs and slices can be read; `null`: they cannot, of one tenant or of all. */
  readonly tenants: ReadonlyMap<string, TenantConfig | null> | null
  /** Tenants that the file does not name: they have the defaults. */
  readonly isOpen: boolean
  /** Tenants that there are, though the file does not name them. */
  readonly tenantsBeside: readonly string[]
}

/** What windowed rules ask for and no tenant has: a KPI, a slice. */
export function unansweredFaults(
  rules: readonly (Readable<RuleInput> | undefined)[],
  { tenants, isOpen }: Installation,
  isSure: IsSure,
): Fault[] {
  const named = tenants === null ? [null] : [...tenants.values()]
  const configs = named.flatMap((config) => config ?? [])
  if (configs.length < named.length) return [] // Nobody knows what that tenant has.
  if (isOpen || named.length === 0) configs.push(defaultTenantConfig)
  return rules.flatMap((rule, at) => {
    if (rule === undefined) return []
    const input = readableRule(rule, sureBelow(isSure, at))
    const existing = shippedRules.find(({ name }) => name === input.name)
    const made = makeRule(input, existing, anyTenant(input, null))
    if (!('value' in made) || !made.value.enabled || made.value.kind !== 'windowed') return []
    return under([at], unanswered(made.value, input.kpi !== undefined, configs))
  })
}

function unanswered(
  rule: WindowedRule,
  saysKpi: boolean,
  configs: readonly TenantConfig[],
): Fault[] {
  const slice = sliceOf(rule)
  const faults: Fault[] = []
  if (!configs.some((config) => catalogueOf(config).byId(rule.kpi) !== undefined)) {
    const known = configs.flatMap((config) => catalogueOf(config).kpis.map(({ id }) => id))
    const path = [saysKpi ? 'kpi' : 'statistic']
    faults.push({
      path,
      expected: 'a KPI of some tenant',
      ...didYouMean(rule.kpi, known),
      code: 'unknown-kpi',
    })
  }
  if (!configs.some((config) => keepsSlice(slice, config)))
    faults.push({ path: ['slice'], expected: 'a slice that some tenant keeps' })
  return faults
}

function sliceOf({ slice }: WindowedRule): Slice {
  const parsed = parseRuleSlice(slice)
  if (parsed?.kind === 'one') return parsed.slice
  return parsed === null ? [] : [{ dimension: parsed.dimension, value: '*' }]
}

/** Tenants that an endpoint names and that there are not. */
export function strangeTenants(
  names: readonly (string | undefined)[],
  { tenants, tenantsBeside }: Installation,
): Fault[] {
  if (tenants === null) return []
  const known = [...tenants.keys(), ...tenantsBeside]
  return names.flatMap((name, at) => {
    if (name === undefined || known.includes(name)) return []
    return [
      {
        path: [at],
        expected: 'the name of a tenant',
        hint: 'name it under tenants',
        ...didYouMean(name, known),
      },
    ]
  })
}
