import { configEntry, decodeConfigVersions, encodeConfigEntry, entryKinds } from '@deskpulse/contract'
import { configKey } from '@deskpulse/core'
import { type FrameWriter, partitionOf, type StateStore } from '@deskpulse/stream'
import type { TenantDirectory } from '../intake/tenants.ts'

export type ProposalDeps = {
  readonly store: Pick<StateStore, 'read'>
  readonly writer: Pick<FrameWriter, 'append'>
  readonly partitions: number
  readonly tenants: TenantDirectory
}

/** The id of the version that the tenant has now; `null` = none yet. */
async function currentId({ store, partitions }: ProposalDeps, tenant: string): Promise<string | null> {
  const { values } = await store.read(partitionOf(tenant, partitions), { keys: [configKey(tenant)], open: [] })
  const bytes = values[0] ?? null
  return bytes === null ? null : (decodeConfigVersions(bytes).at(-1)?.id ?? null)
}

/**
 * Appends the configuration of each named tenant that differs from its current version, naming that as predecessor: the fold takes it only if it
 * still is. Proposing the same again is harmless. Returns the tenants that something was proposed for.
 */
export async function proposeConfig(deps: ProposalDeps): Promise<readonly string[]> {
  const proposed: string[] = []
  for (const [tenant, { config }] of deps.tenants.named) {
    const predecessor = await currentId(deps, tenant)
    const entry = configEntry(config, predecessor)
    if (entry.id === predecessor) continue
    await deps.writer.append(tenant, entryKinds.config, encodeConfigEntry(entry))
    proposed.push(tenant)
  }
  return proposed
}
