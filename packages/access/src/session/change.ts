import type { Change } from '@deskpulse/runtime'
import type { KeyStore } from '../keys/key-store.ts'

/** A session begins or ends: by the key that it began with, and of its tenant. */
export function sessionChange({ find }: Pick<KeyStore, 'find'>, id: string): Change {
  const { name = null, tenant = null } = find(id) ?? {}
  return { object: id, who: { id, name }, tenant }
}
