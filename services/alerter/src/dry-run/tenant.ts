import { decodeConfigVersions } from '@deskpulse/contract'
import { configAt, type ConfigVersion, defaultVersion } from '@deskpulse/core/config'
import { type SliceIndex, sliceIndex } from '@deskpulse/core/measures'
import { configKey, runningKey, slicesKey } from '@deskpulse/core/state'
import type { EpochMs } from '@deskpulse/core/time'
import type { Offset, PartitionId, StateStore } from '@deskpulse/stream'

/** A tenant as the aggregator's store has it at one moment. */
export type TenantMoment = {
  readonly tenant: string
  readonly partition: PartitionId
  readonly versions: readonly ConfigVersion[]
  readonly slices: SliceIndex
  /** The record `running:<tenant>`. */
  readonly running: Uint8Array | null
  readonly logTimeMs: EpochMs
  /** Up to where the log is folded. */
  readonly offset: Offset
}

/** @throws DeskpulseError STORE_UNAVAILABLE */
export async function tenantMoment(
  store: Pick<StateStore, 'read'>,
  partition: PartitionId,
  tenant: string,
): Promise<TenantMoment> {
  const { values, logTimeMs, offset } = await store.read(partition, {
    keys: [configKey(tenant), slicesKey(tenant), runningKey(tenant)],
  })
  const [config = null, slices = null, running = null] = values
  const versions = config === null ? [defaultVersion] : decodeConfigVersions(config)
  return { tenant, partition, versions, slices: sliceIndex(slices), running, logTimeMs, offset }
}

export const configNow = ({ versions, logTimeMs }: TenantMoment): ConfigVersion['config'] =>
  configAt(versions, logTimeMs)
