import {
  catalogueOf,
  defaultTenantConfig,
  keepsSlice,
  parseRuleSlice,
  type Slice,
  type TenantConfig,
  type WindowedRule,
} from '@deskpulse/core'
import type * as z from 'zod'
import { nearest } from '../nearest.ts'
import { tenantConfigOf, type TenantInput } from '../tenant.ts'
import { alertsConfigOf } from './alerts-config.ts'
import { fault, type RuleFault } from './rule-fault.ts'
import type { alertsSchema } from './schema.ts'

type Installation = {
  readonly tenants: Readonly<Record<string, TenantInput | null>>
  readonly openTenants: boolean
  readonly alerts: z.output<typeof alertsSchema>
}

/** What the block `alerts` says and the tenants cannot answer: a KPI or a slice that none of them has, a tenant that there is not. */
export function installationFaults(file: Installation): readonly RuleFault[] {
  const named = Object.values(file.tenants).map((tenant) => tenantConfigOf(tenant ?? {}))
  const configs = file.openTenants || named.length === 0 ? [...named, defaultTenantConfig] : named
  const rules = alertsConfigOf(file.alerts).rules.flatMap((rule, at) => {
    const faults = rule.enabled && rule.kind === 'windowed' ? unanswered(rule, file.alerts.rules[at]?.kpi !== undefined, configs) : []
    return faults.map((one) => ({ ...one, path: ['rules', at, ...one.path] }))
  })
  return [...rules, ...strangeTenants(file)]
}

function unanswered(rule: WindowedRule, saysKpi: boolean, configs: readonly TenantConfig[]): RuleFault[] {
  const slice = sliceOf(rule)
  const faults: RuleFault[] = []
  if (!configs.some((config) => catalogueOf(config).byId(rule.kpi) !== undefined)) {
    const near = nearest(
      rule.kpi,
      configs.flatMap((config) => catalogueOf(config).kpis.map(({ id }) => id)),
    )
    const member = saysKpi ? 'kpi' : 'statistic'
    faults.push(fault(member, `a KPI of some tenant${near === null ? '' : `: did you mean ${near}?`}`, rule.kpi, 'unknown-kpi'))
  }
  if (!configs.some((config) => keepsSlice(slice, config))) faults.push(fault('slice', 'a slice that some tenant keeps', rule.slice))
  return faults
}

function sliceOf({ slice }: WindowedRule): Slice {
  const parsed = parseRuleSlice(slice)
  if (parsed?.kind === 'one') return parsed.slice
  return parsed === null ? [] : [{ dimension: parsed.dimension, value: '*' }]
}

function strangeTenants({ tenants, openTenants, alerts }: Installation): RuleFault[] {
  if (openTenants) return []
  return alerts.endpoints.flatMap((endpoint, at) =>
    (endpoint.tenants ?? []).flatMap((name, index) => {
      if (Object.hasOwn(tenants, name)) return []
      return [{ ...fault('tenants', 'the name of a tenant', name), path: ['endpoints', at, 'tenants', index] }]
    }),
  )
}
