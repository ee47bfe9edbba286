import type { Config, TenantSettings } from '@deskpulse/contract'
import { tenantName } from '@deskpulse/contract'

/** Which tenants are taken in. */
export type TenantDirectory = {
  /** Tenants that the configuration names. */
  readonly named: ReadonlyMap<string, TenantSettings>
  accepts(tenant: string): boolean
}

/** With `openTenants` every well-formed name is taken; else the named ones alone. */
export function tenantDirectory(config: Pick<Config, 'tenants' | 'openTenants'>): TenantDirectory {
  const named = new Map(Object.entries(config.tenants))
  const isOpen = config.openTenants
  return { named, accepts: (tenant) => named.has(tenant) || (isOpen && tenantName.safeParse(tenant).success) }
}
