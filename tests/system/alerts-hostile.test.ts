import type { DeliveryListResponse, EndpointListResponse } from '@deskpulse/contract'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  answers,
  answersInTurn,
  hostile,
  openReceiver,
  selfSigned,
  type Receiver,
} from '../../services/alerter/src/testing/index.ts'
import { startEmbedded, type Embedded } from '../support/embedded.ts'
import { eventOf } from '../support/events.ts'
import { shippedRulesOff } from '../support/shipped-rules.ts'
import { until } from '../support/until.ts'
import { startWebhookReceiver, type WebhookReceiver } from '../support/webhook-receiver.ts'

const tenant = 'acme'
const customers = 60
const limitMs = 1_000
/** An attempt takes so long where the receiver is silent: one who is told behind it would be told later. */
const silentAttemptMs = 10_000
/** Above what the embedded product takes by itself; an answer that were kept whole would go far beyond it. */
const memoryBytesMax = 700 * 1024 * 1024

const buffersBytesMax = 16 * 1024 * 1024

let receivers: Readonly<Record<string, Receiver>>
/** Where a redirect leads: nobody must come. */
let elsewhere: Receiver
let healthy: WebhookReceiver
let product: Embedded

beforeAll(async () => {
  elsewhere = await openReceiver(answers(204))
  healthy = await startWebhookReceiver()
  const tls = selfSigned({ hosts: ['127.0.0.1'] })
  receivers = {
    silent: await openReceiver(hostile.silent),
    'slow-body': await openReceiver(hostile.slowBody),
    'five-hundred': await openReceiver(answers(500)),
    busy: await openReceiver(
      answersInTurn(
        Array<ReturnType<typeof answers>>(3).fill(answers(429, '', { 'retry-after': '1' })),
        answers(204),
      ),
    ),
    moved: await openReceiver(answers(301, '', { location: elsewhere.url })),
    gone: await openReceiver(answers(410)),
    'closes-mid-body': await openReceiver(hostile.closesInTheBody),
    endless: await openReceiver(hostile.endlessBody),
    'bad-tls': await openReceiver(answers(204), { tls }),
  }
  const endpoints = Object.entries(receivers).map(([name, { url }]) => ({
    name,
    kind: 'webhook',
    url,
  }))
  product = await startEmbedded({
    tenants: { [tenant]: { pseudonymise: { key: 'a secret of the tests' } } },
    alerts: {
      allowPrivateAddresses: true,
      endpoints: [
        ...endpoints,
        { name: 'healthy', kind: 'webhook', url: healthy.url, secret: healthy.secret },
      ],
      rules: [
        { name: 'customer-waiting', limit: `${limitMs}ms` },
        ...shippedRulesOff('customer-waiting'),
      ],
    },
  })
  await product.client.caughtUp(tenant)
})
afterAll(async () => {
  await product?.[Symbol.asyncDispose]()
  await Promise.all(
    [elsewhere, healthy && { close: healthy.stop }, ...Object.values(receivers ?? {})].map((one) =>
      one?.close(),
    ),
  )
})

async function read<Answer>(path: string): Promise<Answer> {
  const response = await fetch(new URL(path, product.service.url))
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`)
  return (await response.json()) as Answer
}

const endpointOf = async (name: string) =>
  (await read<EndpointListResponse>('/v1/alert-endpoints')).rows.find(
    (endpoint) => endpoint.name === name,
  )
const deliveriesOf = async (name: string) =>
  (await read<DeliveryListResponse>(`/v1/alert-endpoints/${name}/deliveries?limit=200`)).rows

test('receivers that are slow, broken, gone or endless harm neither each other nor one that is well; nothing is lost', async () => {
  const contacts = Array.from({ length: customers }, (_, n) => `c-${n}`)
  for (const contactId of contacts) {
    await product.client.send(tenant, [
      eventOf(tenant, 'contact.opened', {
        contactId,
        channel: 'chat',
        queue: 'billing',
        customerId: contactId,
      }),
      eventOf(tenant, 'message.sent', { contactId, from: 'customer' }),
    ])
  }
  const firing = () =>
    healthy.deliveries().filter(({ told }) => told.data.rule === 'customer-waiting')
  await healthy.until('the healthy one is told of all', () => firing().length === customers)
  const latest = Math.max(
    ...firing().map(({ atMs, told }) => atMs - Date.parse(told.data.startedAt)),
  )
  expect(latest).toBeLessThan(silentAttemptMs)

  // Gone for good: disabled, and that is an alert, told to the others.
  await healthy.until('the healthy one is told that one is disabled', (all) =>
    all.some(
      ({ told }) => told.data.rule === 'endpoint-disabled' && told.data.subject === 'endpoint/gone',
    ),
  )
  expect(await endpointOf('gone')).toMatchObject({ status: 'disabled' })
  expect(receivers['gone']!.requests.length).toBeGreaterThan(0)

  // Busy for a moment: all of it comes, each under one id.
  const busy = () => receivers['busy']!.requests
  const idsOf = () =>
    new Map(busy().map(({ headers, body }) => [alertIn(body), headers['webhook-id']]))
  await until('the busy one is told of all', idsOf, (ids) =>
    contacts.every((id) => ids.has(`contact/${id}`)),
  )
  const ids = new Map<string, Set<string | undefined>>()
  for (const { headers, body } of busy())
    ids.set(alertIn(body), (ids.get(alertIn(body)) ?? new Set()).add(headers['webhook-id']))
  expect([...ids.values()].map(({ size }) => size)).toEqual([...ids].map(() => 1))

  // The others keep what they owe, say why, and try again.
  const reasons = {
    silent: 'timed-out',
    'slow-body': 'timed-out',
    'five-hundred': 'status',
    moved: 'redirect',
    'closes-mid-body': 'answer-broken',
  }
  for (const [name, reason] of Object.entries({ ...reasons, 'bad-tls': 'tls-failed' })) {
    await until(
      `${name} has a failed attempt`,
      () => deliveriesOf(name),
      (rows) => JSON.stringify(rows).includes(`"${reason}"`),
    )
    expect((await endpointOf(name))?.waiting).toBeGreaterThan(0)
  }
  expect(elsewhere.requests).toEqual([])
  const { bytesWritten, connections } = receivers['endless']!
  expect(bytesWritten / connections).toBeLessThan(buffersBytesMax) // What the two kernels hold; an answer that was read on would be far more.
  const memory = (await product.service.scrape()).sum('process_resident_memory_bytes')
  expect(memory).toBeLessThan(memoryBytesMax)
})

function alertIn(body: string): string {
  return (JSON.parse(body) as { readonly data: { readonly subject: string } }).data.subject
}
