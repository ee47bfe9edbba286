import {
  type AlertListResponse,
  type DeliveryListResponse,
  parseKey,
  scopes,
} from '@deskpulse/contract'
import { type Embedded, startEmbeddedWithKeys } from '../support/embedded.ts'
import { eventOf } from '../support/events.ts'
import type { WantedKey } from '../support/keys.ts'
import { until } from '../support/until.ts'

/** No webhook is sent there: addresses of the machine itself are refused. The attempts stand in the list of deliveries all the same. */
const alerts = { endpoints: [{ name: 'floor', kind: 'webhook', url: 'http://127.0.0.1:9/' }] }

const wanted = {
  client: { tenant: null, scopes },
  admin: { tenant: null, scopes: ['admin'] },
  tenant: { tenant: 'acme', scopes },
  'to be revoked': { tenant: null, scopes: ['read'] },
  'of acme to be revoked': { tenant: 'acme', scopes: ['read'] },
} as const satisfies Readonly<Record<string, WantedKey>>

export type FilledProduct = {
  readonly product: Embedded
  readonly keys: Readonly<Record<keyof typeof wanted, string>>
  /** For the variables of schemathesis.toml. */
  readonly values: Readonly<Record<string, string>>
}

const idOf = (key: string): string => parseKey(key)!.id

/** A product of the tenants acme and globex. Of acme it has a contact, an agent, an alert that fires, and a delivery. */
export async function startFilledProduct(
  mode: 'open' | 'keys',
  http: object = {},
): Promise<FilledProduct> {
  // Who asks thousands of times is not to be told to wait: that has tests of its own.
  const requestsPerMinute = { key: 1_000_000, address: 1_000_000 }
  const config = {
    auth: { mode },
    http: { requestsPerMinute, ...http },
    tenants: { acme: {}, globex: {} },
    alerts,
  }
  const { product, keys } = await startEmbeddedWithKeys(config, wanted)
  try {
    const read = async <Body>(path: string): Promise<Body> => {
      const headers = { authorization: `Bearer ${keys.client}` }
      return (await (await fetch(`${product.service.url}${path}`, { headers })).json()) as Body
    }
    const time = new Date(Date.now() - 60_000).toISOString()
    const contact = { contactId: 'c-1', channel: 'chat', queue: 'billing' }
    await product.client.send('acme', [
      eventOf('acme', 'contact.opened', contact, { time }),
      eventOf('acme', 'agent.state_changed', { agentId: 'a-1', state: 'available' }, { time }),
      eventOf('acme', 'message.sent', { contactId: 'c-1', from: 'customer' }, { time }),
    ])
    const firing = await until(
      'a customer has waited',
      () => read<AlertListResponse>('/v1/tenants/acme/alerts'),
      ({ rows }) => rows.length > 0,
    )
    const tried = await until(
      'somebody is told',
      () => read<DeliveryListResponse>('/v1/alert-endpoints/floor/deliveries'),
      ({ rows }) => rows.length > 0,
    )
    const values = {
      TENANT: 'acme',
      ALERT_ID: firing.rows[0]?.alertId ?? '',
      DELIVERY_ID: tried.rows[0]?.id ?? '',
      INSTALLATION_KEY_ID: idOf(keys['to be revoked']),
      TENANT_KEY_ID: idOf(keys['of acme to be revoked']),
    }
    return { product, keys, values }
  } catch (error) {
    await product[Symbol.asyncDispose]()
    throw error
  }
}
