import type { AlertListResponse, DeliveryListResponse } from '@deskpulse/contract'
import { describe, expect, test } from 'vitest'
import { startEmbedded } from '../support/embedded.ts'
import { eventOf } from '../support/events.ts'
import { until } from '../support/until.ts'
import { hasPython, installSchemathesis, schemathesis } from './schemathesis.ts'

/** No webhook is sent there: addresses of the machine itself are refused. The attempts stand in the list of deliveries all the same. */
const alerts = { endpoints: [{ name: 'floor', kind: 'webhook', url: 'http://127.0.0.1:9/' }] }

describe.skipIf(!(await hasPython()))('Schemathesis', () => {
  test(
    'finds no answer that the OpenAPI document does not describe, and none that is a defect',
    { timeout: 600_000 },
    async () => {
      await installSchemathesis()
      await using product = await startEmbedded({ tenants: { acme: {} }, alerts })
      const { url } = product.service
      const read = async <Body>(path: string): Promise<Body> =>
        (await (await fetch(`${url}${path}`)).json()) as Body
      const time = new Date(Date.now() - 60_000).toISOString()
      const opened = eventOf(
        'acme',
        'contact.opened',
        { contactId: 'c-1', channel: 'chat', queue: 'billing' },
        { time },
      )
      await product.client.send('acme', [
        opened,
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
        ALERT_ID: firing.rows[0]?.alertId ?? '',
        DELIVERY_ID: tried.rows[0]?.id ?? '',
      }
      const { passed, report } = await schemathesis(url, values)
      expect(passed, report).toBe(true)
      expect(product.service.process().err(), 'a line in the log').toBe('')
    },
  )
})
