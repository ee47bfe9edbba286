import { createHmac } from 'node:crypto'
import type { Config } from '@deskpulse/contract'
import { type CustomerKeys, type KeysOf, withoutStaying } from '@deskpulse/ingest'
import type { CustomerSecrets } from './customer-secrets.ts'

const keyOfTenant = (secret: Uint8Array, tenant: string): Uint8Array =>
  createHmac('sha256', secret).update(`customers/${tenant}`).digest()

/**
 * The keys under which a tenant's customer ids are hidden: the configuration's, none when its sources already send pseudonyms, else made from
 * the installation's own secrets, one each; so every tenant has different ones, and nobody needs to configure any.
 */
export function customerKeys(
  config: Pick<Config, 'tenants'>,
  { key, previous }: CustomerSecrets,
): KeysOf {
  const made = new Map<string, CustomerKeys>()
  return (tenant) => {
    const settings = config.tenants[tenant]
    if (settings?.customersArePseudonyms) return null
    let keys = made.get(tenant)
    if (keys === undefined) {
      keys = withoutStaying(
        settings?.pseudonymise ?? {
          key: keyOfTenant(key, tenant),
          previous: previous.map((one) => ({
            untilMs: one.untilMs,
            key: one.key === null ? null : keyOfTenant(one.key, tenant),
          })),
        },
      )
      made.set(tenant, keys)
    }
    return keys
  }
}
