import {
  type AlertRule,
  isOfInstallation,
  mergeRules,
  shippedRules,
  type WeeklyHours,
} from '@deskpulse/core/alerts'
import type * as z from 'zod'
import type { EndpointConfig } from '../endpoint.ts'
import { makeRule } from './complete-rule.ts'
import { endpointConfigOf } from './endpoint-schema.ts'
import { anyTenant } from './alerts-faults.ts'
import { weeklyHoursOf } from '../hours.ts'
import type { alertsSchema } from './schema.ts'

export type AlertsConfig = {
  readonly allowPrivateAddresses: boolean
  /** Where people find the alert page, without a slash at the end; `null`: nobody has said. */
  readonly publicUrl: string | null
  /** Of rules that say nothing of their hours; `null`: always. */
  readonly hours: WeeklyHours | null
  readonly endpoints: readonly EndpointConfig[]
  /** Those that the file names, complete: with what it leaves out. */
  readonly rules: readonly AlertRule[]
}

/** An alert of the installation has no time zone to have hours in. */
function withHours(rule: AlertRule, hours: WeeklyHours | null): AlertRule {
  return isOfInstallation(rule) ? rule : { ...rule, hours }
}

function shippedAt(hours: WeeklyHours | null): readonly AlertRule[] {
  return hours === null ? shippedRules : shippedRules.map((rule) => withHours(rule, hours))
}

/** What the installation says: the shipped rules, changed and added to by its file. The `base` of every tenant's rules. */
export function baseRules({
  alerts,
}: {
  readonly alerts: Pick<AlertsConfig, 'hours' | 'rules'>
}): readonly AlertRule[] {
  return mergeRules(shippedAt(alerts.hours), alerts.rules)
}

/** The block as the services use it; its rules were checked by the schema. */
export function alertsConfigOf(block: z.output<typeof alertsSchema>): AlertsConfig {
  const hours = block.hours === undefined ? null : weeklyHoursOf(block.hours)
  const shipped = shippedAt(hours)
  const rules = block.rules.flatMap((input) => {
    const existing = shipped.find(({ name }) => name === input.name)
    return makeRule(input, existing, anyTenant(input, hours)).rule ?? []
  })
  return {
    allowPrivateAddresses: block.allowPrivateAddresses,
    publicUrl: block.publicUrl?.replace(/\/+$/u, '') ?? null,
    hours,
    endpoints: block.endpoints.map(endpointConfigOf),
    rules,
  }
}
