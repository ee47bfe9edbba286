import { randomUUID } from 'node:crypto'
import type { EventLog, LogBatch, Offset, PartitionId } from '@deskpulse/stream'
import { partitionOf } from '@deskpulse/stream'
import kafkajs from 'kafkajs'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { cuttingProxy } from '../../../tests/support/cutting-proxy.ts'
import { startKafka } from '../../../tests/support/kafka.ts'
import type { TestKafka } from '../../../tests/support/kafka.ts'
import { kafkaEventLog } from './event-log.ts'
import type { KafkaEventLogOptions } from './event-log.ts'

let kafka: TestKafka
const open: EventLog[] = []
beforeAll(async () => void (kafka = await startKafka()), 120_000)
afterEach(async () => void (await Promise.all(open.splice(0).map((log) => log.close()))))
afterAll(() => kafka.stop())

const partition = 0 as PartitionId
const first = 0 as Offset
const patience = { timeout: 40_000, interval: 20 }

function logWith(options: Partial<KafkaEventLogOptions> = {}): EventLog {
  const log = kafkaEventLog({
    brokers: kafka.brokers,
    clientId: 'faults',
    heartbeatIntervalMs: 100,
    sessionTimeoutMs: 6_000,
    ...options,
  })
  open.push(log)
  return log
}

async function topicOf(log: EventLog, partitions = 1): Promise<string> {
  const name = `faults-${randomUUID()}`
  await log.ensureTopics([
    { name, partitions, settings: { 'message.timestamp.type': 'LogAppendTime' } },
  ])
  return name
}

const record = (text: string) => ({ key: null, value: Buffer.from(text) })
const texts = ({ records }: Pick<LogBatch, 'records'>) =>
  records.map(({ value }) => Buffer.from(value ?? []).toString())
const goOn = ({ records }: LogBatch) => (Number(records.at(-1)?.offset) + 1) as Offset

test(
  'nothing acknowledged is lost when connections are cut after the append, with concurrent sends',
  { timeout: 60_000 },
  async () => {
    const proxy = await cuttingProxy(kafka.brokers[0] ?? '')
    const log = logWith({ socketFactory: proxy.socketFactory })
    const topic = await topicOf(log)
    await log.append(topic, partition, [record('warm')])
    proxy.cutAnswers({ every: 7 })
    const acknowledged: string[] = []
    await Promise.all(
      Array.from({ length: 6 }, async (_, caller) => {
        for (let n = 0; n < 30; n++) {
          const text = `${caller}/${n}`
          const appended = await log.append(topic, partition, [record(text)]).then(
            () => true,
            () => false,
          )
          if (appended) acknowledged.push(text)
        }
      }),
    )
    proxy.cutAnswers(null)
    const there = new Set(texts({ records: await logWith().read(topic, partition, first, 10_000) }))
    await log.close()
    await proxy.close()
    expect(acknowledged.filter((text) => !there.has(text))).toEqual([])
    expect(proxy.cuts()).toBeGreaterThan(5)
    expect(acknowledged.length).toBeGreaterThan(150)
  },
)

test(
  'a consumer goes on after the broker was killed and came back, and appends succeed again',
  { timeout: 120_000 },
  async (context) => {
    if (!kafka.restart) return context.skip('the broker is not ours to restart')
    const log = logWith()
    const topic = await topicOf(log)
    const seen = new Set<string>()
    const consumption = await log.consume({
      topic,
      group: randomUUID(),
      handle: async (batch) => {
        for (const text of texts(batch)) seen.add(text)
        return goOn(batch)
      },
    })
    await log.append(topic, partition, [record('before')])
    await expect.poll(() => seen.has('before'), patience).toBe(true)
    await kafka.restart()
    await expect
      .poll(
        () =>
          log.append(topic, partition, [record('after')]).then(
            () => true,
            () => false,
          ),
        patience,
      )
      .toBe(true)
    await expect.poll(() => [...seen], patience).toEqual(['before', 'after'])
    await consumption.stop()
  },
)

test('the time of a record is the broker’s, whatever the producer says', async () => {
  const log = logWith()
  const topic = await topicOf(log)
  const producer = new kafkajs.Kafka({ brokers: [...kafka.brokers], logLevel: 0 }).producer({
    createPartitioner: kafkajs.Partitioners.DefaultPartitioner,
  })
  await producer.connect()
  const before = Date.now()
  await producer.send({ topic, messages: [{ value: 'from 1970', timestamp: '1000' }] })
  await producer.disconnect()
  const [written] = await log.read(topic, partition, first, 1)
  expect(Math.abs(Number(written?.appendedAtMs) - before)).toBeLessThan(60_000)
})

test('a tenant’s partition is the one that KafkaJS and Java producers choose for its name as a key', async () => {
  const choose = kafkajs.Partitioners.DefaultPartitioner()
  const partitionMetadata = Array.from({ length: 12 }, (_, partitionId) => ({
    partitionId,
    partitionErrorCode: 0,
    leader: 1,
    replicas: [],
    isr: [],
  }))
  for (const tenant of ['acme', 'globex', '客服中心', 'a', '', 'tenant-with-a-longer-name']) {
    expect(partitionOf(tenant, 12)).toBe(
      choose({
        topic: 't',
        partitionMetadata,
        message: { key: tenant === '' ? Buffer.alloc(0) : tenant, value: '' },
      }),
    )
  }
})

test(
  'a handler that froze past its session has lost the partition: it hears so, and what it returns is ignored',
  { timeout: 60_000 },
  async () => {
    const sessionTimeoutMs = kafka.restart ? 1_000 : 6_000 // Our own brokers allow shorter ones.
    const log = logWith({ sessionTimeoutMs })
    const topic = await topicOf(log)
    const group = randomUUID()
    const entered = Promise.withResolvers<void>()
    const thaw = Promise.withResolvers<void>()
    const verdicts: boolean[] = []
    await log.consume({
      topic,
      group,
      handle: async (batch) => {
        entered.resolve()
        await thaw.promise
        verdicts.push(await batch.keepAlive())
        return 1_000_000 as Offset
      },
    })
    await log.append(topic, partition, [record('a')])
    await entered.promise
    const taken: string[] = []
    const other = logWith({ sessionTimeoutMs })
    await other.consume({
      topic,
      group,
      handle: async (batch) => {
        taken.push(...texts(batch))
        return goOn(batch)
      },
    })
    await expect.poll(() => taken, patience).toEqual(['a'])
    thaw.resolve()
    await expect.poll(() => verdicts, patience).toEqual([false])
  },
)

test('the client makes no timer with a negative time, and none that spins', async () => {
  const warnings: string[] = []
  const listen = ({ name }: Error) => warnings.push(name)
  process.on('warning', listen)
  const log = logWith()
  const topic = await topicOf(log)
  await log.append(topic, partition, [record('a')])
  const spinning = process
    .getActiveResourcesInfo()
    .filter((resource) => resource === 'Timeout').length
  await log.close()
  process.removeListener('warning', listen)
  expect(warnings).not.toContain('TimeoutNegativeWarning')
  // KafkaJS keeps one interval per connection for request timeouts; the pool has two connections per broker and client.
  expect(spinning).toBeLessThan(12)
})
