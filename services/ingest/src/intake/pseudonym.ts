import assert from 'node:assert/strict'
import { createHash, createHmac } from 'node:crypto'
import type { Config } from '@deskpulse/contract'
import type { CanonicalEvent } from '@deskpulse/core/events'

export type Key = Uint8Array | string

/** Keys that follow one another. `previous`: ascending, each in force before its `untilMs`; `null`: that one was removed, and hides nobody any more. */
type Keys<Of> = {
  readonly key: Of
  readonly previous: readonly { readonly key: Of | null; readonly untilMs: number }[]
}

/** The keys that hide a tenant's customers. */
export type CustomerKeys = Keys<Key>

/** The tenant's keys; `null` = its sources already send pseudonyms. */
export type KeysOf = (tenant: string) => CustomerKeys | null

/**
 * Keys as the configuration gives them. That each tenant has one, or needs none, is checked where the configuration is loaded: a start without a key is refused
 * by every service.
 */
export function keysOfConfig(config: Pick<Config, 'tenants' | 'openTenants'>): KeysOf {
  const tenants = Object.entries(config.tenants)
  const keyless = tenants
    .filter(([, tenant]) => tenant.pseudonymise === null && !tenant.customersArePseudonyms)
    .map(([name]) => name)
  assert.ok(
    keyless.length === 0 && !config.openTenants,
    `customer ids would be kept as they are, of: ${keyless.join(', ')}`,
  )
  const keys = new Map(
    tenants.map(([name, tenant]) => [
      name,
      tenant.customersArePseudonyms || tenant.pseudonymise === null
        ? null
        : withoutStaying(tenant.pseudonymise),
    ]),
  )
  return (tenant) => keys.get(tenant) ?? null
}

/** Without instants at which the key stays what it was: of a change that was taken back. */
export function withoutStaying({ key, previous }: CustomerKeys): CustomerKeys {
  const inTime = [...previous.map((one) => one.key), key]
  return { key, previous: previous.filter((one, at) => !isSame(one.key, inTime[at + 1] ?? null)) }
}

const isSame = (one: Key | null, other: Key | null): boolean =>
  one !== null && other !== null && Buffer.from(one).equals(Buffer.from(other))

const pseudonymBytes = 16
/** An HMAC costs more than all other work on an event, and customers come in runs. */
const rememberedMax = 50_000

/** 128 bits of the HMAC-SHA256 under the key, in base64url: 22 characters, equal for equal customers. */
function pseudonymOf(key: Key, customerId: string): string {
  return createHmac('sha256', key)
    .update(customerId, 'utf8')
    .digest()
    .subarray(0, pseudonymBytes)
    .toString('base64url')
}

/** What a pseudonym looks like: a customer id that does not is none, whatever its sender says. */
const pseudonymPattern = /^[\w-]{22}$/

export function hasPseudonym({ data: { customerId } }: CanonicalEvent): boolean {
  return typeof customerId === 'string' && pseudonymPattern.test(customerId)
}

/** Every customer of the log that may be this one: one of each key that is there. Where the sources send pseudonyms it is the id itself. */
export function pseudonymsOf(
  keysOf: KeysOf,
  tenant: string,
  customerId: string,
): readonly string[] {
  const keys = keysOf(tenant)
  if (keys === null) return [customerId]
  const all = [...keys.previous.map(({ key }) => key), keys.key]
  return all.flatMap((key) => (key === null ? [] : [pseudonymOf(key, customerId)]))
}

/** The key in force at an instant. */
export function keyAt<Of>({ key, previous }: Keys<Of>, timeMs: number): Of | null {
  const before = previous.find(({ untilMs }) => timeMs < untilMs)
  return before === undefined ? key : before.key
}

/** `[]`: that key was removed. The first is the event, the others are what follows from it for its customer's earlier pseudonyms. */
export type Pseudonymiser = (event: CanonicalEvent) => readonly CanonicalEvent[]

/** Replaces `customerId` by its pseudonym under the key of the event's own time, so that its repeat is hidden as it was. */
export function pseudonymiser(keysOf: KeysOf): Pseudonymiser {
  const remember = remembering()
  return (event) => {
    const { customerId } = event.data
    if (customerId === undefined) return [event]
    const keys = keysOf(event.tenant)
    if (keys === null) return [event]
    const key = keyAt(keys, event.timeMs)
    if (key === null) return []
    const hidden = (one: CanonicalEvent, under: Key): CanonicalEvent => ({
      ...one,
      data: { ...one.data, customerId: remember(under, customerId) },
    })
    if (!isOfContract(event)) return [hidden(event, key)]
    const ends = earlierEnds(event, keys).map(({ end, under }) => hidden(end, under))
    return [hidden(withOwnId(event, keys), key), ...ends]
  }
}

function remembering(): (key: Key, customerId: string) => string {
  /** By key, then by customer. Keys are few, and stay what they are. */
  const remembered = new Map<Key, Map<string, string>>()
  let count = 0
  return (key, customerId) => {
    if (count >= rememberedMax) {
      remembered.clear()
      count = 0
    }
    let ofKey = remembered.get(key)
    if (ofKey === undefined) remembered.set(key, (ofKey = new Map()))
    let pseudonym = ofKey.get(customerId)
    if (pseudonym === undefined) {
      pseudonym = pseudonymOf(key, customerId)
      ofKey.set(customerId, pseudonym)
      count += 1
    }
    return pseudonym
  }
}

const isOfContract = ({ type }: CanonicalEvent): boolean =>
  type === 'customer.started' || type === 'customer.left'

/**
 * A contract is its customer's pseudonym: one that began under a previous key would never end. So each previous key that is still there is told of it when the customer leaves, and when a contract begins, or is stated anew, that the customer goes on under another id.
 */
function earlierEnds(
  event: CanonicalEvent,
  { previous }: CustomerKeys,
): { readonly end: CanonicalEvent; readonly under: Key }[] {
  const data = event.type === 'customer.left' ? event.data : { goesOn: true }
  return previous.flatMap(({ key, untilMs }) =>
    key === null || event.timeMs < untilMs
      ? []
      : [
          {
            under: key,
            end: { ...event, type: 'customer.left', id: idAt(event.id, 'until', untilMs), data },
          },
        ],
  )
}

/**
 * What comes after a change has another id than what came before it: a contract that is stated anew under the id of its first telling would be refused, as that id stands
 * at another customer, and what ends the contract of before would be taken.
 */
function withOwnId(event: CanonicalEvent, { previous }: CustomerKeys): CanonicalEvent {
  const last = previous.findLast(({ untilMs }) => untilMs <= event.timeMs)
  return last === undefined ? event : { ...event, id: idAt(event.id, 'from', last.untilMs) }
}

const idMax = 256

/** `<id>:until-2026-03-01T00:00:00.000Z`, the same for each repeat; of an id that leaves no room for that, its SHA-256 stands before it. */
function idAt(id: string, word: 'from' | 'until', atMs: number): string {
  const suffix = `:${word}-${new Date(atMs).toISOString()}`
  const isShort = Array.from(id).length + suffix.length <= idMax
  return `${isShort ? id : createHash('sha256').update(id, 'utf8').digest('hex')}${suffix}`
}
