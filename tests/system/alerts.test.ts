import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Client } from '../support/client.ts'
import { startEmbedded } from '../support/embedded.ts'
import { eventOf } from '../support/events.ts'
import { startInstallation } from '../support/installation.ts'
import type { Service } from '../support/services.ts'
import { shippedRulesOff } from '../support/shipped-rules.ts'
import {
  startWebhookReceiver,
  type Delivery,
  type WebhookReceiver,
} from '../support/webhook-receiver.ts'

const tenant = 'acme'
const limitMs = 2_000

type Product = {
  readonly client: Client
  readonly alerter: Service
  [Symbol.asyncDispose](): Promise<void>
}

/** Nothing but a customer who waits fires: the other rules would only stand in the way of what is asserted. */
const rules = [
  { name: 'customer-waiting', limit: `${limitMs}ms`, waits: ['reply', 'queue'] },
  ...shippedRulesOff('customer-waiting'),
]

function alertsTo({ url, secret }: WebhookReceiver): object {
  return {
    allowPrivateAddresses: true,
    endpoints: [{ name: 'floor', kind: 'webhook', url, secret }],
    rules,
  }
}

const settings = { tenants: { [tenant]: { pseudonymise: { key: 'a secret of the tests' } } } }

const products: readonly {
  readonly name: string
  open(receiver: WebhookReceiver): Promise<Product>
}[] = [
  {
    name: 'the embedded product',
    async open(receiver) {
      const { service, client, ...rest } = await startEmbedded({
        ...settings,
        alerts: alertsTo(receiver),
      })
      return { client, alerter: service, [Symbol.asyncDispose]: () => rest[Symbol.asyncDispose]() }
    },
  },
  {
    name: 'Kafka and Redis',
    async open(receiver) {
      const sizes = { partitions: 3, aggregators: 1, alerters: 1 }
      const { client, alerters, ...rest } = await startInstallation({
        ...settings,
        ...sizes,
        alerts: alertsTo(receiver),
      })
      return {
        client,
        alerter: alerters[0]!,
        [Symbol.asyncDispose]: () => rest[Symbol.asyncDispose](),
      }
    },
  },
]

const opens = (contactId: string, change: object = {}) =>
  eventOf(
    tenant,
    'contact.opened',
    { contactId, channel: 'chat', queue: 'billing', customerId: contactId },
    change,
  )
const asks = (contactId: string, change: object = {}) =>
  eventOf(tenant, 'message.sent', { contactId, from: 'customer' }, change)
const replies = (contactId: string, change: object = {}) =>
  eventOf(tenant, 'message.sent', { contactId, from: 'agent', agentId: 'a-1' }, change)
const ago = (ms: number): object => ({ time: new Date(Date.now() - ms).toISOString() })

describe.each(products)('a customer who waits, in $name', ({ open }) => {
  let product: Product
  let receiver: WebhookReceiver
  let holds: (delivery: Delivery) => boolean = () => false
  beforeAll(async () => {
    receiver = await startWebhookReceiver((delivery) => holds(delivery))
    product = await open(receiver)
    await product.client.caughtUp(tenant)
  })
  afterAll(async () => {
    await product?.[Symbol.asyncDispose]()
    await receiver?.stop()
  })

  const typesOf = (contactId: string): readonly string[] =>
    receiver.of(`contact/${contactId}`).map(({ told }) => told.type)

  /** A customer who is certainly told of, sent behind what shall not be told: once it came, the others would have. */
  async function behind(contactId: string): Promise<void> {
    await product.client.send(tenant, [opens(contactId), asks(contactId)])
    await receiver.until(`${contactId} is told of`, () => typesOf(contactId).length > 0)
    await product.client.send(tenant, [replies(contactId)])
    await receiver.until(`${contactId} is resolved`, () => typesOf(contactId).length === 2)
  }

  test('is told of once the deadline is over, signed; the answer resolves it; a later wait fires anew', async () => {
    const [opening, question] = [opens('c-1'), asks('c-1')]
    await product.client.send(tenant, [opening, question])
    await receiver.until('c-1 is told of', () => typesOf('c-1').length > 0)
    const sinceMs = Date.parse(String(question['time']))
    const [firing] = receiver.of('contact/c-1')
    expect(firing!.told).toMatchObject({
      type: 'alert.firing',
      data: {
        tenant,
        rule: 'customer-waiting',
        kind: 'deadline',
        slice: 'queue=billing',
        subject: 'contact/c-1',
        contactId: 'c-1',
        retracted: false,
        since: new Date(sinceMs).toISOString(),
        startedAt: new Date(sinceMs + limitMs).toISOString(),
        endedAt: null,
        value: limitMs,
        limit: limitMs,
        unit: 'ms',
      },
    })
    expect(firing!.atMs).toBeGreaterThanOrEqual(sinceMs + limitMs)

    const reply = replies('c-1')
    await product.client.send(tenant, [reply])
    await receiver.until('c-1 is resolved', () => typesOf('c-1').length === 2)
    const resolved = receiver.of('contact/c-1')[1]!
    expect(resolved.told).toMatchObject({
      type: 'alert.resolved',
      data: { alertId: firing!.told.data.alertId, retracted: false, endedAt: reply['time'] },
    })
    expect(resolved.id).not.toBe(firing!.id)

    await product.client.send(tenant, [asks('c-1')])
    await receiver.until('c-1 is told of again', () => typesOf('c-1').length === 3)
    const again = receiver.of('contact/c-1')[2]!
    expect(again.told.type).toBe('alert.firing')
    expect(again.told.data.alertId).not.toBe(firing!.told.data.alertId)
    await product.client.send(tenant, [replies('c-1')])
    await receiver.until('c-1 is resolved again', () => typesOf('c-1').length === 4)
  })

  test('and is answered before the deadline is never told of', async () => {
    await product.client.send(tenant, [opens('c-2'), asks('c-2')])
    await product.client.send(tenant, [replies('c-2')])
    await behind('c-3')
    expect(typesOf('c-2')).toEqual([])
  })

  test('in events of the day before, not yet given up as lost, pages nobody, and is listed as late', async () => {
    const ageMs = 20 * 3_600_000
    await product.client.send(tenant, [opens('c-4', ago(ageMs)), asks('c-4', ago(ageMs - 1))])
    await product.client.caughtUp(tenant)
    await product.client.send(tenant, [replies('c-4', ago(ageMs - 600_000))])
    await behind('c-5')
    expect(typesOf('c-4')).toEqual([])
    const answer = await fetch(
      new URL(`/v1/tenants/${tenant}/alerts?status=resolved`, product.alerter.url),
    )
    const { rows } = (await answer.json()) as {
      rows: { subject: string; late: boolean; status: string }[]
    }
    expect(rows.filter(({ subject }) => subject === 'contact/c-4')).toMatchObject([
      { late: true, status: 'resolved' },
    ])
  })

  test('is told of again under the same id when the process is killed between the request and its record', async () => {
    holds = ({ told }) => told.data.subject === 'contact/c-6'
    await product.client.send(tenant, [opens('c-6'), asks('c-6')])
    await receiver.until('the request came', () => typesOf('c-6').length === 1)
    await product.alerter.end('SIGKILL')
    holds = () => false
    await product.alerter.start()
    await receiver.until('the request came again', () => typesOf('c-6').length === 2)
    await product.client.send(tenant, [replies('c-6')])
    await receiver.until('c-6 is resolved', () => typesOf('c-6').length === 3)
    expect(typesOf('c-6')).toEqual(['alert.firing', 'alert.firing', 'alert.resolved'])
    const [first, repeat, resolved] = receiver.of('contact/c-6').map(({ id }) => id)
    expect(repeat).toBe(first)
    expect(resolved).not.toBe(first)
  })

  test('is on the page of the alerts; an address that is none is a problem with its code', async () => {
    const page = await fetch(new URL(`/alerts?tenant=${tenant}`, product.alerter.url))
    expect([page.status, page.headers.get('content-type')]).toEqual([
      200,
      'text/html; charset=utf-8',
    ])
    const nothing = await fetch(new URL('/nothing', product.alerter.url))
    expect([nothing.status, ((await nothing.json()) as { code: string }).code]).toEqual([
      404,
      'not-found',
    ])
  })

  test('nothing that came was unsigned or malformed', () => {
    expect(receiver.refused()).toEqual([])
  })
})
