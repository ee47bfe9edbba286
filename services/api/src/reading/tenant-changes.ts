import { backlogKey, openKey } from '@deskpulse/core/state'
import type { EpochMs } from '@deskpulse/core/time'
import type { Changed } from '@deskpulse/stream'

/** The last change of something of a tenant, as far as is known. */
export type TenantChange = {
  /** The same as long as nothing changed. */
  readonly number: number
  /** In log time, or earlier. */
  readonly atMs: EpochMs
  /** When something of what goes on in it last began or ended; `null`: nobody knows. */
  readonly openedMs: EpochMs | null
}

export type TenantChanges = {
  /** `lost`: anything may have changed. */
  mark(changed: Changed | 'lost', atMs: EpochMs): void
  of(tenant: string): TenantChange
}

/** `m:<tenant>:…`, `cfg:<tenant>` and so on: what is of one tenant has its name there, which holds no colon. */
const tenantOf = (key: string): string | undefined => key.split(':', 2)[1]

const isOpen = (key: string): boolean =>
  key.startsWith(openKey('')) || key.startsWith(backlogKey(''))

export function tenantChanges(): TenantChanges {
  const byTenant = new Map<string, TenantChange>()
  let ofAll: TenantChange = { number: 0, atMs: 0 as EpochMs, openedMs: null }
  let number = 0
  return {
    mark(changed, atMs) {
      number += 1
      if (changed === 'lost') {
        byTenant.clear()
        ofAll = { number, atMs, openedMs: null }
        return
      }
      for (const key of changed.keys()) {
        const tenant = tenantOf(key)
        if (tenant === undefined) continue
        const { openedMs } = byTenant.get(tenant) ?? ofAll
        byTenant.set(tenant, { number, atMs, openedMs: isOpen(key) ? atMs : openedMs })
      }
    },
    of: (tenant) => byTenant.get(tenant) ?? ofAll,
  }
}
