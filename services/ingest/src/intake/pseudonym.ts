import { createHmac } from 'node:crypto'
import type { Config } from '@deskpulse/contract'
import type { CanonicalEvent } from '@deskpulse/core'
import { DeskpulseError } from '@deskpulse/stream'

/** The tenant's key; `null` = its sources already send pseudonyms. */
export type KeyOf = (tenant: string) => Uint8Array | string | null

/**
 * Keys as the configuration gives them.
 * @throws DeskpulseError PSEUDONYM_KEY_MISSING that lists the tenants that have neither a key nor `customersArePseudonyms`; also
 * when tenants that the file does not name are taken, since they have no key.
 */
export function keysOfConfig(config: Pick<Config, 'tenants' | 'openTenants'>): KeyOf {
  const keyless = Object.entries(config.tenants).filter(([, tenant]) => tenant.pseudonymKey === null && !tenant.customersArePseudonyms)
  if (keyless.length > 0) {
    const names = keyless.map(([name]) => name).join(', ')
    throw new DeskpulseError('PSEUDONYM_KEY_MISSING', `tenants without pseudonymise.key or customersArePseudonyms: ${names}`)
  }
  if (config.openTenants) throw new DeskpulseError('PSEUDONYM_KEY_MISSING', 'openTenants: tenants that the file does not name have no key')
  const keys = new Map(
    Object.entries(config.tenants).map(([name, tenant]) => [name, tenant.customersArePseudonyms ? null : tenant.pseudonymKey]),
  )
  return (tenant) => keys.get(tenant) ?? null
}

const pseudonymBytes = 16
/** An HMAC costs more than all other work on an event, and customers come in runs. */
const rememberedMax = 50_000

function pseudonymOf(key: Uint8Array | string, customerId: string): string {
  return createHmac('sha256', key).update(customerId, 'utf8').digest().subarray(0, pseudonymBytes).toString('base64url')
}

/** Replaces `customerId` by 128 bits of its HMAC-SHA256 under the tenant's key, in base64url: 22 characters, equal for equal customers. */
export function pseudonymiser(keyOf: KeyOf): (event: CanonicalEvent) => CanonicalEvent {
  const remembered = new Map<string, string>()

  function remember(tenant: string, key: Uint8Array | string, customerId: string): string {
    const place = `${tenant}\n${customerId}`
    let pseudonym = remembered.get(place)
    if (pseudonym === undefined) {
      pseudonym = pseudonymOf(key, customerId)
      if (remembered.size >= rememberedMax) remembered.clear()
      remembered.set(place, pseudonym)
    }
    return pseudonym
  }

  return (event) => {
    const { customerId } = event.data
    if (customerId === undefined) return event
    const key = keyOf(event.tenant)
    if (key === null) return event
    return { ...event, data: { ...event.data, customerId: remember(event.tenant, key, customerId) } }
  }
}
