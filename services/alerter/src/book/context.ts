import { decodeConfigVersions, decodeRuleVersions } from '@deskpulse/contract'
import {
  type AlertRule,
  type ClockRule,
  effectiveRules,
  installationTenant,
  type PipelineRule,
  type RuleVersion,
} from '@deskpulse/core/alerts'
import { configAt, localTimeOf, type TenantConfig } from '@deskpulse/core/config'
import { type Catalogue, catalogueOf } from '@deskpulse/core/kpis'
import { configKey, rulesKey } from '@deskpulse/core/state'
import { type EpochMs, type LocalTime, secondMs } from '@deskpulse/core/time'
import { type PartitionId, type Position, type StateStore, storeIsAway } from '@deskpulse/stream'
import { decodedOnce } from './decoded-once.ts'

/** What the aggregator's state says of a tenant, as far as alerts ask. */
export type TenantContext = {
  readonly rules: readonly AlertRule[]
  readonly config: TenantConfig
  /** By what its days are reckoned. */
  readonly localTime: LocalTime
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
  const configIn = decodedOnce(decodeConfigVersions)

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
        const versions = configs ? configIn(tenant, configs) : null
        const configured =
          versions === null
            ? unstored(tenant)
            : {
                config: configAt(versions, position.logTimeMs),
                localTime: localTimeOf(versions),
              }
        const stored = rules ? rulesIn(tenant, rules) : []
        return [tenant, contextOf(tenant, stored, configured, isBehind)]
      })
      for (const [tenant, context] of contexts) last.set(tenant, context)
      return new Map(contexts)
    },
    unread,
  }

  function unread(tenant: string): TenantContext {
    return contextOf(tenant, [], unstored(tenant), () => false)
  }

  function unstored(tenant: string): Configured {
    const config = configOf(tenant)
    return { config, localTime: config.timeZone }
  }

  function contextOf(
    tenant: string,
    versions: readonly RuleVersion[],
    { config, localTime }: Configured,
    isBehind: IsBehind,
  ): TenantContext {
    const rules = versions.length === 0 ? baseRules : effectiveRules(versions)
    const pipeline = tenant === installationTenant ? undefined : rules.find(isPipelineRule)
    return {
      rules,
      config,
      localTime,
      catalogue: catalogueOf(config),
      isBehind: pipeline !== undefined && isBehind(pipeline.limitMs),
    }
  }
}

type Configured = Pick<TenantContext, 'config' | 'localTime'>

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
