import { DeskpulseError } from '@deskpulse/stream'
import type { NewRecord, PartitionId } from '@deskpulse/stream'
import kafkajs from 'kafkajs'
import type { Kafka, Message, Producer } from 'kafkajs'
import type { ClusterAccess } from './client/cluster.ts'
import { withRetry } from './client/retry.ts'

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
  const counts = new Map<string, number>()
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

  /** KafkaJS drops records for a partition that it does not know, and says that all went well. */
  async function requirePartition(topic: string, partition: PartitionId): Promise<void> {
    if (partition < (counts.get(topic) ?? 0)) return
    const count = await access.partitionCount(topic)
    counts.set(topic, count)
    if (!(partition >= 0 && partition < count))
      throw new DeskpulseError('LOG_TOPIC_UNKNOWN', `topic ${topic} has no partition ${partition}`)
  }

  async function send(topic: string, partition: PartitionId, records: readonly NewRecord[]): Promise<void> {
    await requirePartition(topic, partition)
    const sender = await connect()
    const messages = records.map((record) => toMessage(record, partition))
    const written = await sender.send({ topic, acks: allReplicas, compression: codecs[compression], messages })
    if (!written.some((answer) => answer.partition === partition))
      throw new DeskpulseError('LOG_UNAVAILABLE', `no answer for ${topic}/${partition}`)
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
