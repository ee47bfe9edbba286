import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { decodeAlertRecord } from '@deskpulse/contract'
import type { Offset, PartitionId } from '@deskpulse/stream'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { eventOf } from '../support/events.ts'
import { startInstallation, type Installation } from '../support/installation.ts'
import { command } from '../support/redis/command.ts'
import { shippedRulesOff } from '../support/shipped-rules.ts'
import { until } from '../support/until.ts'
import {
  startWebhookReceiver,
  type Delivery,
  type WebhookReceiver,
} from '../support/webhook-receiver.ts'

const tenant = 'acme'
const limitMs = 2_000
const partitions = 2
const minuteMs = 60_000

const rules = [
  { name: 'customer-waiting', limit: `${limitMs}ms` },
  { name: 'response-time', threshold: '1s', recovery: '1s', minimumSample: 1 }, // Whoever was told waited for longer.
  ...shippedRulesOff('customer-waiting', 'response-time'),
]

/** Whatever comes, when it came. */
async function startCounter() {
  const came: {
    readonly method: string
    readonly url: string
    readonly atMs: number
    readonly body: string
  }[] = []
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk: Buffer) => (body += chunk.toString()))
    request.on('end', () => {
      came.push({ method: request.method!, url: request.url!, atMs: Date.now(), body })
      response
        .writeHead(200, { 'content-type': 'application/json' })
        .end('{"errcode":0,"errmsg":"ok"}')
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    to: (path: string) => came.filter(({ url }) => url === path),
    async stop() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

describe('alerts after an outage and after a loss, on Kafka and Redis', () => {
  let at: Installation
  let receiver: WebhookReceiver
  let counter: Awaited<ReturnType<typeof startCounter>>
  beforeAll(async () => {
    receiver = await startWebhookReceiver()
    counter = await startCounter()
    at = await startInstallation({
      ...{
        tenants: { [tenant]: { customersArePseudonyms: true } },
        partitions,
        aggregators: 1,
        alerters: 1,
      },
      alerts: {
        allowPrivateAddresses: true,
        endpoints: [
          { name: 'floor', kind: 'webhook', url: receiver.url, secret: receiver.secret },
          { name: 'robot', kind: 'wecom', url: `${counter.url}/robot` },
          { name: 'outside', kind: 'heartbeat', url: `${counter.url}/ping` },
        ],
        rules,
      },
    })
    await at.caughtUp(tenant)
  })
  afterAll(async () => {
    await at?.[Symbol.asyncDispose]()
    await Promise.all([receiver?.stop(), counter?.stop()])
  })

  const ago = (ms: number) => ({ time: new Date(Date.now() - ms).toISOString() })
  const waits = (contactId: string, queue: string, sinceMs = 0) => [
    eventOf(
      tenant,
      'contact.opened',
      { contactId, channel: 'chat', queue, customerId: contactId },
      ago(sinceMs),
    ),
    eventOf(tenant, 'message.sent', { contactId, from: 'customer' }, ago(sinceMs)),
  ]
  const answered = (contactId: string, agoMs = 0) =>
    eventOf(tenant, 'message.sent', { contactId, from: 'agent', agentId: 'a-1' }, ago(agoMs))
  const closed = (contactId: string) => eventOf(tenant, 'contact.closed', { contactId })
  const inShort = ({ told: { type, data } }: Delivery): string =>
    `${type} ${data.contactId ?? data.rule}`

  async function listed(status: string) {
    const answer = await fetch(
      `${at.alerters[0]!.url}/v1/tenants/${tenant}/alerts?status=${status}&limit=100`,
    )
    type Row = {
      alertId: string
      contactId: string | null
      told: {
        why: string
        endpoints: { endpoint: string; status: string; deliveryId: string }[]
      } | null
    }
    return ((await answer.json()) as { rows: Row[] }).rows
  }

  /** How many notices the topic says are done with. */
  async function delivered(): Promise<number> {
    let notices = 0
    for (let partition = 0; partition < partitions; partition += 1) {
      for (const { value } of await at.log.read(
        at.topics.alerts,
        partition as PartitionId,
        0 as Offset,
        10_000,
      )) {
        const record = decodeAlertRecord(value!)
        if (record.kind === 'delivered') notices += record.notices.length
      }
    }
    return notices
  }

  test(
    'a Redis that lost everything pages nobody again for what is over; what fires is told once more, as it was',
    { timeout: 180_000 },
    async () => {
      const over = ['c-1', 'c-2', 'c-3', 'c-4', 'c-5']
      await at.client.send(
        tenant,
        [...over, 'c-open'].flatMap((contactId) => waits(contactId, 'billing')),
      )
      await receiver.until(
        'all fire',
        (all) => all.filter(({ told }) => told.type === 'alert.firing').length >= 6,
      )
      await at.client.send(
        tenant,
        over.flatMap((contactId) => [answered(contactId), closed(contactId)]),
      )
      const isTold = (all: readonly Delivery[]): boolean =>
        all.filter(({ told }) => told.type === 'alert.resolved').length === 5 &&
        all.some(({ told }) => told.data.rule === 'response-time')
      const before = [...(await receiver.until('five are over, and replies are slow', isTold))]
      await until(
        'the topic says what was delivered',
        delivered,
        (notices) => notices === 2 * before.length,
      )
      const robotBefore = counter.to('/robot').length

      expect(await command(at.redis.port, 'FLUSHALL')).toBe('+OK')
      const told = () => receiver.deliveries().slice(before.length)
      await until('what fires is told once more', told, (all) => all.length >= 2)
      await until(
        'all that is over is known to have been told',
        () => listed('resolved'),
        (rows) =>
          over.every((contactId) =>
            rows.some((row) => row.contactId === contactId && row.told?.why === 'told'),
          ),
      )
      await at.client.send(tenant, waits('c-new', 'billing'))
      await until('news is told', told, (all) =>
        all.some(({ told: { data } }) => data.contactId === 'c-new'),
      )

      expect(told().map(inShort).toSorted()).toEqual([
        'alert.firing c-new',
        'alert.firing c-open',
        'alert.firing response-time',
      ])
      for (const { id, told: again } of told().filter(
        ({ told: { data } }) => data.contactId !== 'c-new',
      )) {
        expect(before.filter((one) => one.id === id).map((one) => one.told.data.alertId)).toEqual([
          again.data.alertId,
        ])
      }
      const robots = counter.to('/robot').slice(robotBefore)
      expect(
        robots.filter(({ body }) => over.some((contactId) => body.includes(contactId))),
      ).toEqual([])
      await at.client.send(tenant, [
        answered('c-open'),
        answered('c-new'),
        closed('c-open'),
        closed('c-new'),
      ])
      await until(
        'both ends are told',
        told,
        (all) => all.filter(({ told: { type } }) => type === 'alert.resolved').length === 2,
      )
    },
  )

  test(
    'customers who still wait after an outage are told of in one message a queue, and each goes its way from then on',
    { timeout: 180_000 },
    async () => {
      const before = receiver.deliveries().length
      const told = (): readonly Delivery[] => receiver.deliveries().slice(before)
      await at.aggregators[0]!.end('SIGKILL')
      const late = 10 * minuteMs
      await at.client.send(tenant, [
        ...['a-1', 'a-2', 'a-3'].flatMap((contactId) => waits(contactId, 'refunds', late)),
        ...['b-1', 'b-2'].flatMap((contactId) => waits(contactId, 'sales', late)),
        ...waits('answered', 'refunds', late),
        answered('answered', late - minuteMs),
      ])
      await at.aggregators[0]!.start()
      await until(
        'two queues are told of',
        told,
        (all) => all.filter(({ told: { type } }) => type === 'alert.summary').length === 2,
      )
      await at.client.send(tenant, [answered('a-2'), closed('a-2')])
      await until('the end of one is told', told, (all) =>
        all.some(({ told: { type } }) => type === 'alert.resolved'),
      )

      const ofContacts = told().filter(({ told: { data } }) => data.rule === 'customer-waiting')
      const summaries = ofContacts
        .filter(({ told: { type } }) => type === 'alert.summary')
        .map(({ told: { data } }) => data)
      expect(summaries.map(({ slice, count }) => `${slice} ${count}`).toSorted()).toEqual([
        'queue=refunds 3',
        'queue=sales 2',
      ])
      const refunds = summaries.find(({ slice }) => slice === 'queue=refunds')!
      expect(refunds.text.en).toMatch(
        /^3 customers have been waiting in queue refunds, the first since \d{4}-/,
      )
      const firing = (await listed('firing')).filter(({ contactId }) => contactId?.startsWith('a-'))
      expect(refunds.alertIds?.length).toBe(3)
      expect(firing.map(({ alertId }) => refunds.alertIds?.includes(alertId))).toEqual([true, true])
      expect(
        new Set(
          firing.map(
            ({ told: one }) =>
              one?.endpoints.find(({ endpoint }) => endpoint === 'floor')?.deliveryId,
          ),
        ).size,
      ).toBe(1)
      const others = ofContacts.filter(({ told: { type } }) => type !== 'alert.summary')
      expect(others.map(inShort)).toEqual(['alert.resolved a-2'])
      expect(refunds.alertIds).toContain(others[0]!.told.data.alertId)
      const robots = () =>
        counter.to('/robot').filter(({ body }) => body.includes('位客户仍在等待'))
      await until('the robot is told of both', robots, (all) => all.length === 2)
    },
  )

  test(
    'a heartbeat goes out every minute, not while Redis is away, and again when it is back',
    { timeout: 240_000 },
    async () => {
      const pings = () => counter.to('/ping')
      await until('it was pinged', pings, (all) => all.length > 0)
      await at.redis.kill()
      const killedMs = Date.now()
      const isLong = (): boolean =>
        Date.now() - Math.max(killedMs, pings().at(-1)!.atMs) > minuteMs + 15_000
      await until('a minute without one is over', isLong, Boolean, { withinMs: 120_000 })
      expect(pings().filter(({ atMs }) => atMs > killedMs + 1_000)).toEqual([])
      await at.redis.start()
      await until('it is pinged again', pings, (all) => all.at(-1)!.atMs > killedMs + minuteMs, {
        withinMs: 60_000,
      })
      expect(pings().every(({ method }) => method === 'GET')).toBe(true)
    },
  )
})
