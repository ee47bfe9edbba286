import {
  baseRules,
  canonicalJson,
  type Config,
  formatTime,
  type RuleListResponse,
  ruleView,
} from '@deskpulse/contract'
import type { AlertRule } from '@deskpulse/core/alerts'
import type { AlerterHttpDeps } from '../deps.ts'
import { readTenant, type Tenant } from '../tenant.ts'

export type RuleRow = RuleListResponse['rows'][number]

/** Rules in force, disabled ones too, and the last versions, the newest first. */
export async function ruleList(deps: AlerterHttpDeps, name: string): Promise<RuleListResponse> {
  const tenant = await readTenant(deps, name)
  const { versions, rules } = tenant
  return {
    version: versions.at(-1)?.id ?? null,
    rows: rules.map((rule) => ruleRow(rule, tenant, deps.config)),
    versions: versions
      .toReversed()
      .map(({ id, fromMs, origin, author }) => ({ id, from: formatTime(fromMs), origin, author })),
  }
}

export function ruleRow(
  rule: AlertRule,
  { versions }: Pick<Tenant, 'versions'>,
  config: Pick<Config, 'alerts'>,
): RuleRow {
  const isOwn = versions.at(-1)?.own.some(({ name }) => name === rule.name) === true
  return {
    rule: ruleView(rule),
    origin: isOwn ? 'api' : isAsShipped(rule, config) ? 'shipped' : 'file',
  }
}

/** As Deskpulse brings it, with no more than the hours that the file gives to every rule. */
function isAsShipped(rule: AlertRule, { alerts }: Pick<Config, 'alerts'>): boolean {
  const shipped = baseRules({ alerts: { hours: alerts.hours, rules: [] } }).find(
    ({ name }) => name === rule.name,
  )
  return shipped !== undefined && canonicalJson(shipped) === canonicalJson(rule)
}
