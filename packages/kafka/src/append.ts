import { DeskpulseError } from '@deskpulse/stream'
import type { NewRecord, PartitionId } from '@deskpulse/stream'
import kafkajs from 'kafkajs'
import type { Kafka, Message, Producer } from 'kafkajs'
import type { ClusterAccess } from './client/cluster.ts'
import { withRetry } from './client/retry.ts'
import { logError } from './errors.ts'

export type Compression = 'none' | 'gzip' | 'zstd'

export type Appender = {
  append(topic: string, partition: PartitionId, records: readonly NewRecord[]): Promise<void>
  close(): Promise<void>
}

const allReplicas = -1

/**
 * Not idempotent on purpose: on a failed request KafkaJS takes the sequence number back before its retry, so that a concurrent send reuses it, is
 * taken for a duplicate and is acknowledged without being written. Repeats are what timelines remove; loss is what they cannot.
 */
export function kafkaAppender(kafka: Kafka, access: ClusterAccess, compression: Compression): Appender {
  const producer = kafka.producer({
    idempotent: false,
    allowAutoTopicCreation: false,
    createPartitioner: kafkajs.Partitioners.DefaultPartitioner,
  })
  const leaders = new Map<string, readonly number[]>()
  let connected: Promise<Producer> | null = null

  function connect(): Promise<Producer> {
    connected ??= producer.connect().then(
      () => producer,
      (error: unknown) => {
        connected = null
        throw error
      },
    )
    return connected
  }

  /** Who led the partition when it was last asked for. KafkaJS drops records for a partition that it does not know, and says that all went well. */
  async function leaderOf(topic: string, partition: PartitionId): Promise<number> {
    const known = leaders.get(topic)?.[partition]
    if (known !== undefined) return known
    const all = await access.leaders(topic)
    leaders.set(topic, all)
    const leader = all[partition]
    if (leader === undefined) throw new DeskpulseError('LOG_TOPIC_UNKNOWN', `topic ${topic} has no partition ${partition}`)
    return leader
  }

  async function produce(appends: readonly Append[]): Promise<void> {
    const sender = await connect()
    const written = await sender.sendBatch({ acks: allReplicas, compression: codecs[compression], topicMessages: byTopic(appends) })
    for (const { topic, partition } of appends) {
      if (!written.some((answer) => answer.topicName === topic && answer.partition === partition))
        throw new DeskpulseError('LOG_UNAVAILABLE', `no answer for ${topic}/${partition}`)
    }
  }

  /** What a broker does not take for one partition's sake says nothing of the others. */
  async function produceEach(appends: readonly Append[]): Promise<readonly PromiseSettledResult<void>[]> {
    const [together] = await Promise.allSettled([produce(appends)])
    const isShared =
      together.status === 'fulfilled' || appends.length === 1 || logError(together.reason, 'append').code === 'LOG_UNAVAILABLE'
    return isShared ? appends.map(() => together) : Promise.allSettled(appends.map((one) => produce([one])))
  }

  const turn = appendsOfTurn(produceEach)

  async function send(topic: string, partition: PartitionId, records: readonly NewRecord[]): Promise<void> {
    const leader = await leaderOf(topic, partition)
    try {
      await turn.add(leader, { topic, partition, messages: records.map((record) => toMessage(record, partition)) })
    } catch (error) {
      leaders.delete(topic) // Another broker may lead now.
      throw error
    }
  }

  return {
    async append(topic, partition, records) {
      if (records.length === 0) return
      await withRetry(`append of ${records.length} records to ${topic}/${partition}`, () => send(topic, partition, records))
    },
    async close() {
      if (connected) await producer.disconnect()
    },
  }
}

/** Of one partition. */
type Append = { readonly topic: string; readonly partition: PartitionId; readonly messages: readonly Message[] }

type Waiting = { readonly append: Append; readonly done: PromiseWithResolvers<void> }

/**
 * Appends of one turn of the event loop to partitions of one leader are one request: each costs client and broker more than some kilobytes more in it.
 * Those of other leaders do not wait for it.
 */
function appendsOfTurn(produce: (appends: readonly Append[]) => Promise<readonly PromiseSettledResult<void>[]>) {
  const waiting = new Map<number, Waiting[]>()

  async function pass(leader: number): Promise<void> {
    const all = waiting.get(leader) ?? []
    waiting.delete(leader)
    const results = await produce(all.map(({ append }) => append))
    for (const [index, { done }] of all.entries()) {
      const result = results[index]!
      if (result.status === 'fulfilled') done.resolve()
      else done.reject(result.reason)
    }
  }

  return {
    add(leader: number, append: Append): Promise<void> {
      const done = Promise.withResolvers<void>()
      const others = waiting.get(leader)
      if (others !== undefined) others.push({ append, done })
      else {
        waiting.set(leader, [{ append, done }])
        setImmediate(() => void pass(leader))
      }
      return done.promise
    },
  }
}

function byTopic(appends: readonly Append[]): { topic: string; messages: Message[] }[] {
  const topics = new Map<string, Message[]>()
  for (const { topic, messages } of appends) topics.set(topic, [...(topics.get(topic) ?? []), ...messages])
  return [...topics].map(([topic, messages]) => ({ topic, messages }))
}

const codecs = {
  none: kafkajs.CompressionTypes.None,
  gzip: kafkajs.CompressionTypes.GZIP,
  zstd: kafkajs.CompressionTypes.ZSTD,
} as const satisfies Record<Compression, unknown>

function toMessage({ key, value, headers }: NewRecord, partition: PartitionId): Message {
  return { partition, key: toBuffer(key), value: toBuffer(value), ...(headers ? { headers: { ...headers } } : {}) }
}

/** A view, not a copy. */
function toBuffer(bytes: Uint8Array | string | null): Buffer | null {
  if (bytes === null) return null
  return typeof bytes === 'string' ? Buffer.from(bytes, 'utf8') : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
