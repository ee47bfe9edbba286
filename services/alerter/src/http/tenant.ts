import {
  baseRules,
  decodeClockProblem,
  decodeConfigVersions,
  decodeRuleVersions,
} from '@deskpulse/contract'
import {
  type AlertRule,
  effectiveRules,
  installationTenant,
  type RuleVersion,
} from '@deskpulse/core/alerts'
import { configAt, defaultTenantConfig, type TenantConfig } from '@deskpulse/core/config'
import { configKey, logClockKey, rulesKey } from '@deskpulse/core/state'
import { type ClockProblem, clockToleranceMs, type EpochMs } from '@deskpulse/core/time'
import { refuse } from '@deskpulse/runtime'
import { type PartitionId, partitionOf } from '@deskpulse/stream'
import type { AlerterHttpDeps } from './deps.ts'

/** A tenant as the aggregator's store has it. */
export type Tenant = {
  readonly name: string
  readonly partition: PartitionId
  readonly config: TenantConfig
  /** Oldest first; none: what the installation says is in force. */
  readonly versions: readonly RuleVersion[]
  readonly rules: readonly AlertRule[]
  readonly asOfMs: EpochMs
  readonly watermarkMs: EpochMs
  /** What is wrong with the clocks in the log of its partition. */
  readonly clock: ClockProblem | null
}

/** @throws Refused 404 of a tenant that neither the configuration names nor the log has seen. @throws DeskpulseError STORE_UNAVAILABLE */
export async function readTenant(
  { store, config, partitions }: AlerterHttpDeps,
  name: string,
): Promise<Tenant> {
  const partition = partitionOf(name, partitions)
  const { values, logTimeMs, watermarkMs } = await store.read(partition, {
    keys: [configKey(name), rulesKey(name), logClockKey],
  })
  const [configs, stored, clock] = values
  const named = Object.hasOwn(config.tenants, name) ? config.tenants[name]?.config : undefined
  const known = configs
    ? configAt(decodeConfigVersions(configs), logTimeMs)
    : (named ?? installationOf(name))
  if (known === null) refuse('unknown-tenant', 'there is no such tenant')
  const versions = stored ? decodeRuleVersions(stored) : []
  const rules = versions.length === 0 ? baseRules(config) : effectiveRules(versions)
  const position = {
    asOfMs: logTimeMs,
    watermarkMs,
    clock: clock ? decodeClockProblem(clock) : null,
  }
  return { name, partition, config: known, versions, rules, ...position }
}

const installationOf = (name: string): TenantConfig | null =>
  name === installationTenant ? defaultTenantConfig : null

const staleAfterMs = 10_000
/** As everywhere: the input is known only up to more than 10 s before now, or log time has not come yet. The installation has no input. */
export const isStale = ({ name, watermarkMs, asOfMs }: Tenant, nowMs: number): boolean =>
  name !== installationTenant &&
  (nowMs - watermarkMs > staleAfterMs || asOfMs - nowMs > clockToleranceMs)
