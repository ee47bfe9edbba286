import { setTimeout as pause } from 'node:timers/promises'
import type { Client } from '../../support/client.ts'
import { startEmbedded } from '../../support/embedded.ts'
import { eventOf } from '../../support/events.ts'
import { startInstallation } from '../../support/installation.ts'
import { shippedRulesOff } from '../../support/shipped-rules.ts'
import { startWebhookReceiver, type WebhookReceiver } from '../../support/webhook-receiver.ts'

export type AlertLoad = { readonly contacts: number; readonly rules: number; readonly runs: number }

/** What the receiver saw of one run: ms from the deadline (or the answer) until the webhook came. */
export type AlertRun = {
  readonly firingMs: readonly number[]
  readonly resolvedMs: readonly number[]
}
export type AlertResult = AlertLoad & {
  readonly embedded: readonly AlertRun[]
  readonly onKafka: readonly AlertRun[]
}

const tenant = 'bench'
/** Longer than the arrivals last: all of them wait at the same time before the first is told of. */
const limitMs = 12_000
const arrivalsMs = 10_000
const arrivalsPerStep = 10

/** Every rule is looked at for every contact; each contact is in the queue of one of them. */
function alertsTo({ url, secret }: WebhookReceiver, rules: number): object {
  return {
    allowPrivateAddresses: true,
    endpoints: [{ name: 'floor', kind: 'webhook', url, secret }],
    rules: [
      ...shippedRulesOff(),
      ...Array.from({ length: rules }, (_, n) => ({
        name: `waiting-${n}`,
        kind: 'deadline',
        subject: 'contact',
        slice: `queue=q-${n}`,
        limit: `${limitMs}ms`,
        severity: 'warning',
        text: { en: '{contact} waits', zh: '{contact} 正在等待' },
      })),
    ],
  }
}

/** The answers follow in the same order and at the same pace, once everybody was told of. */
async function run(
  client: Client,
  receiver: WebhookReceiver,
  name: string,
  { contacts, rules }: AlertLoad,
): Promise<AlertRun> {
  const before = receiver.deliveries().length
  const ids = Array.from({ length: contacts }, (_, n) => `${name}-${n}`)
  const stepMs = (arrivalsMs * arrivalsPerStep) / contacts
  const paced = async (eventsOf: (id: string, n: number) => object[]): Promise<void> => {
    const startedMs = performance.now()
    for (let from = 0; from < contacts; from += arrivalsPerStep) {
      await pause(Math.max(0, startedMs + (from / arrivalsPerStep) * stepMs - performance.now()))
      await client.send(
        tenant,
        ids.slice(from, from + arrivalsPerStep).flatMap((id, index) => eventsOf(id, from + index)),
      )
    }
  }
  await paced((contactId, n) => [
    eventOf(tenant, 'contact.opened', {
      contactId,
      channel: 'chat',
      queue: `q-${n % rules}`,
      customerId: contactId,
    }),
    eventOf(tenant, 'message.sent', { contactId, from: 'customer' }),
  ])
  const told = (type: string) =>
    receiver
      .deliveries()
      .slice(before)
      .filter((delivery) => delivery.told.type === type)
  await receiver.until(
    'everybody is told of',
    () => told('alert.firing').length >= contacts,
    120_000,
  )
  await paced((contactId) => [
    eventOf(tenant, 'message.sent', { contactId, from: 'agent', agentId: 'a-1' }),
  ])
  await receiver.until(
    'everybody is resolved',
    () => told('alert.resolved').length >= contacts,
    120_000,
  )
  return {
    firingMs: told('alert.firing').map(
      ({ atMs, told: { data } }) => atMs - Date.parse(data.startedAt),
    ),
    resolvedMs: told('alert.resolved').map(
      ({ atMs, told: { data } }) => atMs - Date.parse(data.endedAt ?? ''),
    ),
  }
}

/** The round before the first is not counted. */
async function rounds(
  client: Client,
  receiver: WebhookReceiver,
  load: AlertLoad,
): Promise<readonly AlertRun[]> {
  const all: AlertRun[] = []
  await client.caughtUp(tenant)
  for (let round = 0; round <= load.runs; round += 1)
    all.push(await run(client, receiver, `round-${round}`, load))
  return all.slice(1)
}

type Product = { readonly client: Client; [Symbol.asyncDispose](): Promise<void> }

async function measured(
  open: () => Promise<Product>,
  receiver: WebhookReceiver,
  load: AlertLoad,
): Promise<readonly AlertRun[]> {
  await using product = await open()
  return await rounds(product.client, receiver, load)
}

/**
 * Customers who wait all at once under many rules, and a receiver of webhooks: how long after the deadline each is told of. With a simulated clock this would
 * measure nothing: everything runs in real time, in real processes.
 */
export async function runAlerts(load: AlertLoad): Promise<AlertResult> {
  const settings = { tenants: { [tenant]: { pseudonymise: { key: 'a secret of the bench' } } } }
  const receiver = await startWebhookReceiver()
  try {
    const alerts = alertsTo(receiver, load.rules)
    const sizes = { partitions: 4, aggregators: 1, alerters: 1 }
    const embedded = await measured(() => startEmbedded({ ...settings, alerts }), receiver, load)
    const onKafka = await measured(
      () => startInstallation({ ...settings, alerts, ...sizes }),
      receiver,
      load,
    )
    return { ...load, embedded, onKafka }
  } finally {
    await receiver.stop()
  }
}
