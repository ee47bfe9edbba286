import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { eventOf } from '../support/events.ts'
import { startInstallation, type Installation } from '../support/installation.ts'
import { command } from '../support/redis/command.ts'
import type { Service } from '../support/services.ts'
import { shippedRulesOff } from '../support/shipped-rules.ts'
import {
  startWebhookReceiver,
  type Delivery,
  type WebhookReceiver,
} from '../support/webhook-receiver.ts'

const tenants = ['north', 'south', 'east', 'west']
const limitMs = 2_000
const contactsPerTenant = 40

/** What happens to a customer: nobody is told of who is answered in time. Far enough from the limit that a slow machine does not blur it. */
const courses = [
  { name: 'in-time', answeredAfterMs: 200 },
  { name: 'late', answeredAfterMs: limitMs + 4_000 },
  { name: 'never', answeredAfterMs: null },
] as const

describe('alerts under faults: two aggregators, two alerters, Kafka and Redis', () => {
  let at: Installation
  let receiver: WebhookReceiver
  beforeAll(async () => {
    receiver = await startWebhookReceiver()
    at = await startInstallation({
      tenants: Object.fromEntries(
        tenants.map((tenant) => [tenant, { pseudonymise: { key: 'a secret of the tests' } }]),
      ),
      partitions: 4,
      aggregators: 2,
      alerters: 2,
      alerts: {
        allowPrivateAddresses: true,
        endpoints: [{ name: 'floor', kind: 'webhook', url: receiver.url, secret: receiver.secret }],
        rules: [
          { name: 'customer-waiting', limit: `${limitMs}ms` },
          ...shippedRulesOff('customer-waiting'),
        ],
      },
    })
    await Promise.all(tenants.map((tenant) => at.caughtUp(tenant)))
  })
  afterAll(async () => {
    await at?.[Symbol.asyncDispose]()
    await receiver?.stop()
  })

  const contactOf = (course: string, n: number): string => `${course}-${n}`

  /** Customers come over some twenty seconds; each is answered as its course says, whatever else happens. */
  async function play(tenant: string): Promise<void> {
    const replies: Promise<unknown>[] = []
    for (let n = 0; n < contactsPerTenant; n += 1) {
      for (const { name, answeredAfterMs } of courses) {
        const contactId = contactOf(name, n)
        const asks = [
          eventOf(tenant, 'contact.opened', {
            contactId,
            channel: 'chat',
            queue: `q-${n % 3}`,
            customerId: contactId,
          }),
          eventOf(tenant, 'message.sent', { contactId, from: 'customer' }),
        ]
        await at.client.send(tenant, asks)
        if (answeredAfterMs === null) continue
        const reply = async (): Promise<unknown> => {
          await pause(answeredAfterMs)
          return at.client.send(tenant, [
            eventOf(tenant, 'message.sent', { contactId, from: 'agent', agentId: 'a-1' }),
          ])
        }
        replies.push(reply())
      }
      await pause(400)
    }
    await Promise.all(replies)
  }

  async function killed(service: Service): Promise<void> {
    await service.end('SIGKILL')
    await service.start()
  }

  /** One fault after another while the customers come. */
  async function faults(): Promise<void> {
    const [aggregator, otherAggregator] = at.aggregators
    const [alerter, otherAlerter] = at.alerters
    await killed(alerter!)
    expect(await command(at.redis.port, 'SAVE')).toBe('+OK')
    await killed(aggregator!)
    await killed(otherAlerter!)
    await at.redis.kill() // Back to the snapshot: workers and alerters go on from there.
    await at.redis.start()
    otherAggregator!.process().signal('SIGSTOP')
    alerter!.process().signal('SIGSTOP')
    await killed(otherAlerter!)
    otherAggregator!.process().signal('SIGCONT')
    alerter!.process().signal('SIGCONT')
  }

  const of = (tenant: string, contactId: string): readonly Delivery[] =>
    receiver
      .deliveries()
      .filter(({ told }) => told.data.tenant === tenant && told.data.contactId === contactId)
  const lastType = (tenant: string, contactId: string): string | undefined =>
    of(tenant, contactId).at(-1)?.told.type

  test(
    'none is lost, none comes twice under different ids, and nobody is told of who was answered in time',
    { timeout: 300_000 },
    async () => {
      await Promise.all([...tenants.map(play), faults()])
      const each = tenants.flatMap((tenant) =>
        Array.from({ length: contactsPerTenant }, (_, n) => ({ tenant, n })),
      )
      await receiver.until(
        'all are told',
        () =>
          each.every(
            ({ tenant, n }) =>
              lastType(tenant, contactOf('late', n)) === 'alert.resolved' &&
              lastType(tenant, contactOf('never', n)) === 'alert.firing',
          ),
        120_000,
      )
      expect(receiver.refused()).toEqual([])
      const told = each.map(({ tenant, n }) => ({
        inTime: of(tenant, contactOf('in-time', n)).length,
        alerts: courses.map(
          ({ name }) =>
            new Set(of(tenant, contactOf(name, n)).map((delivery) => delivery.told.data.alertId))
              .size,
        ),
      }))
      expect(told.filter(({ inTime, alerts }) => inTime > 0 || alerts.join() !== '0,1,1')).toEqual(
        [],
      )
      const idsOf = new Map<string, Set<string>>()
      for (const { id, told: one } of receiver.deliveries()) {
        const state = `${one.data.alertId} ${one.type}`
        idsOf.set(state, (idsOf.get(state) ?? new Set()).add(id))
      }
      expect([...idsOf].filter(([, ids]) => ids.size > 1)).toEqual([])
    },
  )
})
