import type { Config, TenantSettings } from '@deskpulse/contract'
import { tenantName } from '@deskpulse/contract'
import { tenantsKey } from '@deskpulse/core/state'
import type { PartitionId, StateStore } from '@deskpulse/stream'
import type { OpenTenants } from './open-tenants.ts'

/** Which tenants are taken in. */
export type TenantDirectory = {
  /** Tenants that the configuration names. */
  readonly named: ReadonlyMap<string, TenantSettings>
  /** `full`: it would be a new one, and there are as many as there may be. */
  judge(tenant: string): 'accepted' | 'unknown' | 'full'
  accepts(tenant: string): boolean
  /** An event of a tenant that is accepted was taken in. `null`: it is known for good; else what it means is durable once this resolves. */
  admit(tenant: string): Promise<void> | null
}

/** `open`: with `openTenants`, where further well-formed names are taken. */
export function tenantDirectory(
  { tenants }: Pick<Config, 'tenants'>,
  open: OpenTenants | null,
): TenantDirectory {
  const named = new Map(Object.entries(tenants))

  function judge(tenant: string): 'accepted' | 'unknown' | 'full' {
    if (named.has(tenant) || open?.has(tenant)) return 'accepted'
    if (open === null || !tenantName.safeParse(tenant).success) return 'unknown'
    return open.isFull() ? 'full' : 'accepted'
  }

  return {
    named,
    judge,
    accepts: (tenant) => judge(tenant) === 'accepted',
    admit: (tenant) => (open === null || named.has(tenant) ? null : open.admit(tenant)),
  }
}

/** Tenants of which the folds have seen an entry. @throws the store's error. */
export async function seenTenants(
  store: Pick<StateStore, 'read'>,
  partitions: number,
): Promise<readonly string[]> {
  const all = Array.from({ length: partitions }, (_, partition) => partition as PartitionId)
  const answers = await Promise.all(
    all.map((partition) => store.read(partition, { keys: [tenantsKey] })),
  )
  return answers.flatMap(({ values }) =>
    values[0] ? (JSON.parse(Buffer.from(values[0]).toString('utf8')) as string[]) : [],
  )
}
