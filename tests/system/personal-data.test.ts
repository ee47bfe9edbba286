import type { EventLog, LogRecord, Offset, PartitionId } from '@deskpulse/stream'
import { Redis } from 'ioredis'
import { expect, test } from 'vitest'
import {
  askedFor,
  canaries,
  canaryEvents,
  canaryHeaders,
  canaryPaths,
  canaryQuery,
  foundIn,
  kept,
  refusedCanaries,
} from '../support/canaries.ts'
import { deskpulse } from '../support/deskpulse.ts'
import { startInstallation } from '../support/installation.ts'
import { startWebhookReceiver } from '../support/webhook-receiver.ts'

const tenant = 'acme'
const headers = { 'content-type': 'application/x-ndjson', ...canaryHeaders }

/** Every record of a topic. */
async function recordsOf(log: EventLog, topic: string): Promise<readonly LogRecord[]> {
  const partitions = await log.partitionCount(topic)
  const all = Array.from({ length: partitions }, async (_, partition) => {
    const records: LogRecord[] = []
    for (let page; page === undefined || page.length > 0; records.push(...page)) {
      const next = ((records.at(-1)?.offset ?? -1) + 1) as Offset
      page = await log.read(topic, partition as PartitionId, next, 10_000)
    }
    return records
  })
  return (await Promise.all(all)).flat()
}

const bytesOf = ({ key, value, headers: own }: LogRecord): Buffer =>
  Buffer.concat([
    Buffer.from(key ?? []),
    Buffer.from(value ?? []),
    Buffer.from(JSON.stringify(own)),
  ])

/** Every key of a Redis, with all that it holds. */
async function heldBy(url: string): Promise<Buffer> {
  const redis = new Redis(url)
  try {
    const held = await Promise.all((await redis.keys('*')).map((key) => contentOf(redis, key)))
    return Buffer.concat(held.flat())
  } finally {
    redis.disconnect()
  }
}

async function contentOf(redis: Redis, key: string): Promise<readonly Buffer[]> {
  const type = await redis.type(key)
  if (type === 'string') return [Buffer.from(key), (await redis.getBuffer(key)) ?? Buffer.of()]
  const commands: Readonly<Record<string, readonly string[]>> = {
    hash: ['HGETALL', key],
    zset: ['ZRANGE', key, '0', '-1'],
    stream: ['XRANGE', key, '-', '+'],
    none: ['ECHO', ''], // It has gone meanwhile.
  }
  const [command, ...args] = commands[type] ?? []
  if (command === undefined) throw new Error(`${key} is a ${type}`)
  return [Buffer.from(key), ...flat(await redis.callBuffer(command, args))]
}

const flat = (reply: unknown): readonly Buffer[] =>
  Array.isArray(reply) ? reply.flatMap(flat) : [Buffer.from(reply as Buffer)]

test('on Kafka and Redis what is personal is in the raw topic and in dead letters alone', async () => {
  await using ended = new AsyncDisposableStack()
  const receiver = await startWebhookReceiver()
  ended.defer(() => receiver.stop())
  const endpoints = [{ name: 'floor', kind: 'webhook', url: receiver.url, secret: receiver.secret }]
  await using product = await startInstallation({
    ...{ partitions: 2, aggregators: 1, alerters: 1 },
    tenants: { [tenant]: { pseudonymise: { key: 'a secret of the tests' } } },
    alerts: { allowPrivateAddresses: true, endpoints },
  })
  const { ingest, api, alerters, aggregators, log, topics, redis } = product
  const [alerter] = alerters
  const services = { ingest, api, alerter: alerter!, aggregator: aggregators[0]! }

  const waitedMs = 60_000
  const events = canaryEvents(tenant, new Date(Date.now() - waitedMs))
  const lines = [
    ...events.map((event) => JSON.stringify(event)),
    ...refusedCanaries(tenant, new Date()),
  ]
  const answer = await fetch(`${ingest.url}/v1/tenants/${tenant}/events?${canaryQuery}`, {
    ...{ method: 'POST', headers, body: lines.join('\n') },
  })
  const told = await answer.text()
  expect(JSON.parse(told)).toMatchObject({ accepted: events.length })
  const raw = lines.map((line) => ({
    ...{ key: canaries[0]!, value: Buffer.from(line) },
    headers: canaryHeaders,
  }))
  for (const partition of [0, 1]) await log.append(topics.raw, partition as PartitionId, raw)
  for (const { url } of Object.values(services))
    for (const path of canaryPaths(tenant)) await fetch(new URL(path, url), { headers })
  await product.caughtUp(tenant)
  await receiver.until('the customer who waits is told of', (deliveries) =>
    deliveries.some(({ told: { data } }) => data.contactId === kept),
  )

  const seen: Record<string, Buffer> = {
    'what is refused': Buffer.from(told),
    'messages of alerts': Buffer.from(JSON.stringify(receiver.deliveries())),
    Redis: await heldBy(redis.url),
  }
  for (const path of askedFor(tenant)) {
    const response = await fetch(new URL(path, api.url))
    expect(`${path} ${response.status}`).toBe(`${path} 200`)
    seen[path] = Buffer.from(await response.arrayBuffer())
  }
  const alerts = await fetch(`${alerter!.url}/v1/tenants/${tenant}/alerts`)
  seen['alerts'] = Buffer.from(await alerts.arrayBuffer())
  for (const name of ['log', 'closed', 'alerts', 'access', 'audit'] as const)
    seen[topics[name]] = Buffer.concat((await recordsOf(log, topics[name])).map(bytesOf))
  for (const [name, one] of Object.entries(services)) {
    seen[`metrics of ${name}`] = Buffer.from(await (await fetch(`${one.url}/metrics`)).text())
    await one.end('SIGTERM')
    const process = one.process()
    seen[`output of ${name}`] = Buffer.from(process.out() + process.err())
  }

  const found = Object.entries(seen).filter(([, bytes]) => foundIn(bytes).length > 0)
  expect(found.map(([place, bytes]) => [place, foundIn(bytes)])).toEqual([])
  for (const place of ['messages of alerts', 'Redis', 'alerts', topics.log, topics.alerts])
    expect([place, ...foundIn(seen[place]!, [kept])]).toEqual([place, kept])

  const stored = Buffer.concat((await recordsOf(log, topics.raw)).map(bytesOf))
  expect(foundIn(stored)).toEqual(canaries)
  const letters = (command: string, ...args: readonly string[]) =>
    deskpulse('dead-letters', command, ...args, ...onKafka)
  const onKafka = ['--brokers', product.brokers, '--topic-prefix', product.topicPrefix]
  const listed = await letters('list', '--json', '--each')
  expect(foundIn(Buffer.from(listed))).toEqual([])
  const ids = listed
    .trimEnd()
    .split('\n')
    .map((line) => (JSON.parse(line) as { readonly id: string }).id)
  const shown = await Promise.all(ids.map((id) => letters('show', id)))
  expect(foundIn(Buffer.from(shown.join('')))).toEqual(canaries)
}, 180_000)
