import type { Change } from '@deskpulse/runtime'
import type { KeyStore } from '../keys/key-store.ts'
import type { Holder } from './sessions.ts'

/** A session begins or ends: by the key or person whose it is, and of the tenant, where there is one alone. */
export function sessionChange({ find }: Pick<KeyStore, 'find'>, holder: Holder): Change {
  if (holder.kind === 'person') {
    const { id, name, tenants } = holder.principal
    const [tenant = null, ...others] = tenants === 'all' ? [] : tenants
    return { object: id, who: { id, name }, tenant: others.length > 0 ? null : tenant }
  }
  const { name = null, tenant = null } = find(holder.keyId) ?? {}
  return { object: holder.keyId, who: { id: holder.keyId, name }, tenant }
}
