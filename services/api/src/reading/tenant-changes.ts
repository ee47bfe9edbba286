import type { EpochMs } from '@deskpulse/core'

/** The last change of something of a tenant, as far as is known. */
export type TenantChange = {
  /** The same as long as nothing changed. */
  readonly number: number
  /** In log time, or earlier. */
  readonly atMs: EpochMs
}

export type TenantChanges = {
  /** `lost`: anything may have changed. */
  mark(keys: Iterable<string> | 'lost', atMs: EpochMs): void
  of(tenant: string): TenantChange
}

/** `m:<tenant>:…`, `cfg:<tenant>` and so on: what is of one tenant has its name there, which holds no colon. */
const tenantOf = (key: string): string | undefined => key.split(':', 2)[1]

export function tenantChanges(): TenantChanges {
  const byTenant = new Map<string, TenantChange>()
  let ofAll: TenantChange = { number: 0, atMs: 0 as EpochMs }
  let number = 0
  return {
    mark(keys, atMs) {
      const change = { number: (number += 1), atMs }
      if (keys === 'lost') {
        byTenant.clear()
        ofAll = change
        return
      }
      for (const key of keys) {
        const tenant = tenantOf(key)
        if (tenant !== undefined) byTenant.set(tenant, change)
      }
    },
    of: (tenant) => byTenant.get(tenant) ?? ofAll,
  }
}
