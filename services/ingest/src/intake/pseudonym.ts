import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import type { Config } from '@deskpulse/contract'
import type { CanonicalEvent } from '@deskpulse/core/events'

/** The tenant's key; `null` = its sources already send pseudonyms. */
export type KeyOf = (tenant: string) => Uint8Array | string | null

/**
 * Keys as the configuration gives them. That each tenant has one, or needs none, is checked where the configuration is loaded: a start without a key is refused
 * by every service.
 */
export function keysOfConfig(config: Pick<Config, 'tenants' | 'openTenants'>): KeyOf {
  const tenants = Object.entries(config.tenants)
  const keyless = tenants
    .filter(([, tenant]) => tenant.pseudonymKey === null && !tenant.customersArePseudonyms)
    .map(([name]) => name)
  assert.ok(
    keyless.length === 0 && !config.openTenants,
    `customer ids would be kept as they are, of: ${keyless.join(', ')}`,
  )
  const keys = new Map(
    tenants.map(([name, tenant]) => [
      name,
      tenant.customersArePseudonyms ? null : tenant.pseudonymKey,
    ]),
  )
  return (tenant) => keys.get(tenant) ?? null
}

const pseudonymBytes = 16
/** An HMAC costs more than all other work on an event, and customers come in runs. */
const rememberedMax = 50_000

function pseudonymOf(key: Uint8Array | string, customerId: string): string {
  return createHmac('sha256', key)
    .update(customerId, 'utf8')
    .digest()
    .subarray(0, pseudonymBytes)
    .toString('base64url')
}

/** Every pseudonym that the log may have of a customer; where sources send pseudonyms, what they send. */
export function pseudonymsOf(keyOf: KeyOf, tenant: string, customerId: string): readonly string[] {
  const key = keyOf(tenant)
  return [key === null ? customerId : pseudonymOf(key, customerId)]
}

/** What a pseudonym looks like: a customer id that does not is none, whatever its sender says. */
const pseudonymPattern = /^[\w-]{22}$/

export function hasPseudonym({ data: { customerId } }: CanonicalEvent): boolean {
  return typeof customerId === 'string' && pseudonymPattern.test(customerId)
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
    return {
      ...event,
      data: { ...event.data, customerId: remember(event.tenant, key, customerId) },
    }
  }
}
