import { randomUUID } from 'node:crypto'
import kafkajs, { type Message } from 'kafkajs'
import { kafkaEventLog } from '@deskpulse/kafka'
import { redisStateStore } from '@deskpulse/redis'
import { topicNames, topicSpecs, type LogRecord, type TopicSpec } from '@deskpulse/stream'
import type { TestKafka } from '../support/kafka.ts'
import type { OwnRedis } from '../support/redis.ts'
import { command } from '../support/redis/command.ts'
import type { Installation } from './installation.ts'

/** Kafka and Redis. Its topics have names of their own; Redis is its alone. */
export async function clusterInstallation(
  { brokers }: Pick<TestKafka, 'brokers'>,
  { url, port }: Pick<OwnRedis, 'url' | 'port'>,
  partitions: number,
): Promise<Installation> {
  const name = `differential-${randomUUID().slice(0, 8)}`
  const topics = topicNames(name)
  const specs = topicSpecs(topics, { logPartitions: partitions, rawPartitions: 1 })
  const openLog = () => kafkaEventLog({ brokers, clientId: name, compression: 'none' })
  const setUp = openLog()
  const own = specs.map((spec) => (spec.name === topics.log ? timed(spec) : spec))
  await setUp.ensureTopics(own)
  await setUp.close()

  return {
    name: 'Kafka and Redis',
    topics,
    append: (records) => produce(brokers, topics.log, records),
    async open() {
      const store = await redisStateStore({
        ...{ url, partitions, namespace: name },
        commandTimeoutMs: 60_000, // No speed is asserted.
      })
      return { log: openLog(), store }
    },
    async [Symbol.asyncDispose]() {
      const kafka = new kafkajs.Kafka({ brokers: [...brokers], logLevel: kafkajs.logLevel.NOTHING })
      const admin = kafka.admin()
      await admin.connect()
      await admin.deleteTopics({ topics: own.map((spec) => spec.name) })
      await admin.disconnect()
      await command(port, 'FLUSHALL')
    },
  }
}

/** In production the broker says when a record was appended. Here days pass in a moment, so that the records have to say it; all that reads them sees no difference. */
function timed(spec: TopicSpec): TopicSpec {
  const anyTime = String(2n ** 63n - 1n)
  const settings = {
    'message.timestamp.type': 'CreateTime',
    'message.timestamp.before.max.ms': anyTime,
    'message.timestamp.after.max.ms': anyTime,
  }
  return { ...spec, settings: { ...spec.settings, ...settings } }
}

/** The adapter's `append` names no instants: they are the broker's to say. */
async function produce(
  brokers: readonly string[],
  topic: string,
  records: readonly (readonly LogRecord[])[],
): Promise<void> {
  const kafka = new kafkajs.Kafka({ brokers: [...brokers], logLevel: kafkajs.logLevel.NOTHING })
  const producer = kafka.producer({
    createPartitioner: kafkajs.Partitioners.DefaultPartitioner,
    allowAutoTopicCreation: false,
    idempotent: true, // What is sent again for one partition's sake is not there twice in the others.
    maxInFlightRequests: 1,
  })
  const messages = records.flatMap((own, partition) =>
    own.map(({ appendedAtMs, value }): Message => ({
      partition,
      key: null,
      value: value === null ? null : Buffer.from(value),
      timestamp: String(appendedAtMs),
    })),
  )
  await producer.connect()
  await producer.send({ topic, acks: -1, messages })
  await producer.disconnect()
}
