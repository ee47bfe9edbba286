import { decodeConfigVersions, decodeRuleVersions } from '@deskpulse/contract'
import {
  type AlertRule,
  type Catalogue,
  catalogueOf,
  configAt,
  configKey,
  effectiveRules,
  type EpochMs,
  installationTenant,
  type PipelineRule,
  rulesKey,
  type RuleVersion,
  type TenantConfig,
} from '@deskpulse/core'
import type { PartitionId, Position, StateStore } from '@deskpulse/stream'
import { decodedOnce } from './decoded-once.ts'

/** What the aggregator's state says of a tenant, as far as alerts ask. */
export type TenantContext = {
  readonly rules: readonly AlertRule[]
  readonly config: TenantConfig
  readonly catalogue: Catalogue
  /** The values are further behind than the tenant's pipeline rule allows, whether or not its alert fires already. */
  readonly isBehind: boolean
}

export type ContextOptions = {
  /** The aggregator's. */
  readonly store: Pick<StateStore, 'read'>
  readonly partition: PartitionId
  /** Of tenants that the file names: until the log has their configuration. */
  readonly configOf: (tenant: string) => TenantConfig
  /** In force until the log has a tenant's rules, and for the installation's own alerts. */
  readonly baseRules: readonly AlertRule[]
}

export type Contexts = {
  /** Of these tenants, all of one moment. @throws DeskpulseError STORE_UNAVAILABLE */
  read(tenants: readonly string[], nowMs: EpochMs): Promise<ReadonlyMap<string, TenantContext>>
  /** What the file alone says. */
  unread(tenant: string): TenantContext
}

export function contextsOf({ store, partition, configOf, baseRules }: ContextOptions): Contexts {
  const rulesIn = decodedOnce(decodeRuleVersions)
  const configIn = decodedOnce(decodeConfigVersions)

  return {
    async read(tenants, nowMs) {
      const keys = tenants.flatMap((tenant) => [rulesKey(tenant), configKey(tenant)])
      const { values, ...position } = await store.read(partition, { keys, open: [] })
      const isBehind: IsBehind = (limitMs) => position.logTimeMs > 0 && nowMs - knownUpTo(position) > limitMs
      const contexts = tenants.map((tenant, index): [string, TenantContext] => {
        const [rules, configs] = [values[2 * index], values[2 * index + 1]]
        const config = configs ? configAt(configIn(tenant, configs), position.logTimeMs) : configOf(tenant)
        return [tenant, contextOf(tenant, rules ? rulesIn(tenant, rules) : [], config, isBehind)]
      })
      return new Map(contexts)
    },
    unread: (tenant) => contextOf(tenant, [], configOf(tenant), () => false),
  }

  function contextOf(tenant: string, versions: readonly RuleVersion[], config: TenantConfig, isBehind: IsBehind): TenantContext {
    const rules = versions.length === 0 ? baseRules : effectiveRules(versions)
    const pipeline = tenant === installationTenant ? undefined : rules.find(isPipelineRule)
    return { rules, config, catalogue: catalogueOf(config), isBehind: pipeline !== undefined && isBehind(pipeline.limitMs) }
  }
}

/** Whether the values are further behind than so many ms. */
type IsBehind = (limitMs: number) => boolean

export const isPipelineRule = (rule: AlertRule): rule is PipelineRule =>
  rule.enabled && rule.kind === 'deadline' && rule.subject === 'pipeline'

/** Up to when the values of a partition say everything. */
export const knownUpTo = ({ logTimeMs, watermarkMs }: Pick<Position, 'logTimeMs' | 'watermarkMs'>): EpochMs =>
  Math.min(logTimeMs, watermarkMs) as EpochMs
