import { createHmac } from 'node:crypto'
import type { Config } from '@deskpulse/contract'
import type { KeyOf } from '@deskpulse/ingest'

/**
 * The key under which a tenant's customer ids are hidden: the configuration's, none when its sources already send pseudonyms, else one made from
 * the installation's own secret; so every tenant has a different one, and nobody needs to configure any.
 */
export function customerKeys(config: Pick<Config, 'tenants'>, secret: Uint8Array): KeyOf {
  const made = new Map<string, Uint8Array>()
  return (tenant) => {
    const settings = config.tenants[tenant]
    if (settings?.customersArePseudonyms) return null
    if (settings?.pseudonymKey) return settings.pseudonymKey
    let key = made.get(tenant)
    if (key === undefined) {
      key = createHmac('sha256', secret).update(`customers/${tenant}`).digest()
      made.set(tenant, key)
    }
    return key
  }
}
