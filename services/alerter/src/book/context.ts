import { decodeConfigVersions, decodeRuleVersions } from '@deskpulse/contract'
import {
  type AlertRule,
  type ClockRule,
  effectiveRules,
  installationTenant,
  type PipelineRule,
  type RuleVersion,
  withWarnings,
} from '@deskpulse/core/alerts'
import {
  alwaysInForce,
  type TenantHistory,
  historyOf,
  type TenantConfig,
} from '@deskpulse/core/config'
import { type Catalogue, catalogueOf } from '@deskpulse/core/kpis'
import { configKey, rulesKey } from '@deskpulse/core/state'
import { type EpochMs, secondMs } from '@deskpulse/core/time'
import { type PartitionId, type Position, type StateStore, storeIsAway } from '@deskpulse/stream'
import { decodedOnce } from './decoded-once.ts'

/** What the aggregator's state says of a tenant, as far as alerts ask. */
export type TenantContext = {
  /** As they are watched: warnings are among them. */
  readonly rules: readonly AlertRule[]
  /** In force now. */
  readonly config: TenantConfig
  readonly history: TenantHistory
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
  /**
   * Of these tenants, all of one moment. While the store is away: as they were last read, and behind, so that it is told that nothing can be seen.
   * @throws DeskpulseError STORE_UNAVAILABLE in the first `awayMaxMs` of that
   */
  read(tenants: readonly string[], nowMs: EpochMs): Promise<ReadonlyMap<string, TenantContext>>
  /** What the file alone says. */
  unread(tenant: string): TenantContext
}

/** A store that fails over is waited for. */
const awayMaxMs = 10 * secondMs

export function contextsOf({ store, partition, configOf, baseRules }: ContextOptions): Contexts {
  const rulesIn = decodedOnce(decodeRuleVersions)
  const historyIn = decodedOnce((bytes) => historyOf(decodeConfigVersions(bytes)))

  /** As last read. Holds one a tenant. */
  const last = new Map<string, TenantContext>()
  let awaySinceMs: EpochMs | null = null

  function remembered(tenants: readonly string[]): ReadonlyMap<string, TenantContext> {
    return new Map(
      tenants.map((tenant) => [
        tenant,
        { ...(last.get(tenant) ?? unread(tenant)), isBehind: true },
      ]),
    )
  }

  return {
    async read(tenants, nowMs) {
      const keys = tenants.flatMap((tenant) => [rulesKey(tenant), configKey(tenant)])
      const read = await store.read(partition, { keys }).catch((error: unknown) => {
        if (!storeIsAway(error)) throw error
        awaySinceMs = awaySinceMs === null || awaySinceMs > nowMs ? nowMs : awaySinceMs
        if (nowMs - awaySinceMs < awayMaxMs) throw error
        return null
      })
      if (read === null) return remembered(tenants)
      awaySinceMs = null
      const { values, ...position } = read
      const isBehind: IsBehind = (limitMs) => nowMs - knownUpTo(position) > limitMs
      const contexts = tenants.map((tenant, index): [string, TenantContext] => {
        const [rules, configs] = [values[2 * index], values[2 * index + 1]]
        const history = configs ? historyIn(tenant, configs) : alwaysInForce(configOf(tenant))
        const inForce = { history, config: history.configAt(position.logTimeMs) }
        return [tenant, contextOf(tenant, rules ? rulesIn(tenant, rules) : [], inForce, isBehind)]
      })
      for (const [tenant, context] of contexts) last.set(tenant, context)
      return new Map(contexts)
    },
    unread,
  }

  function unread(tenant: string): TenantContext {
    const config = configOf(tenant)
    return contextOf(tenant, [], { config, history: alwaysInForce(config) }, () => false)
  }

  function contextOf(
    tenant: string,
    versions: readonly RuleVersion[],
    inForce: Pick<TenantContext, 'config' | 'history'>,
    isBehind: IsBehind,
  ): TenantContext {
    const rules = withWarnings(versions.length === 0 ? baseRules : effectiveRules(versions))
    const pipeline = tenant === installationTenant ? undefined : rules.find(isPipelineRule)
    return {
      rules,
      ...inForce,
      catalogue: catalogueOf(inForce.config),
      isBehind: pipeline !== undefined && isBehind(pipeline.limitMs),
    }
  }
}

/** Whether the values are further behind than so many ms. */
type IsBehind = (limitMs: number) => boolean

export const isClockRule = (rule: AlertRule): rule is ClockRule =>
  rule.enabled && rule.kind === 'deadline' && rule.subject === 'clock'

export const isPipelineRule = (rule: AlertRule): rule is PipelineRule =>
  rule.enabled && rule.kind === 'deadline' && rule.subject === 'pipeline'

/** Up to when the values of a partition say everything. */
export const knownUpTo = ({
  logTimeMs,
  watermarkMs,
}: Pick<Position, 'logTimeMs' | 'watermarkMs'>): EpochMs =>
  Math.min(logTimeMs, watermarkMs) as EpochMs
