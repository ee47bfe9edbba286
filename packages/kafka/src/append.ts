import { DeskpulseError } from '@deskpulse/stream'
import type { NewRecord, PartitionId } from '@deskpulse/stream'
import kafkajs from 'kafkajs'
import type { Kafka, Message, Producer } from 'kafkajs'
import type { ClusterAccess } from './client/cluster.ts'
import { retry, withRetry } from './client/retry.ts'

export type Compression = 'none' | 'gzip' | 'zstd'

export type Appender = {
  append(topic: string, partition: PartitionId, records: readonly NewRecord[]): Promise<void>
  close(): Promise<void>
}

const allReplicas = -1

/** Appends of one turn of the event loop to partitions of one leader are one request, since each costs client and broker more than what is in it. */
export function kafkaAppender(
  kafka: Kafka,
  access: Pick<ClusterAccess, 'leaders'>,
  compression: Compression,
): Appender {
  // What fails together is not tried again together: one partition's failure is that of the whole answer.
  const together = producerOf(kafka, 0)
  const alone = producerOf(kafka, retry.retries)
  const leaders = knownLeaders(access)
  /** Partitions whose last append failed: they hold up nobody. */
  const failing = new Set<string>()

  async function produce({ connected }: OpenProducer, appends: readonly Append[]): Promise<void> {
    const sender = await connected()
    const written = await sender.sendBatch({
      acks: allReplicas,
      compression: codecs[compression],
      topicMessages: byTopic(appends),
    })
    for (const { topic, partition } of appends) {
      if (!written.some((answer) => answer.topicName === topic && answer.partition === partition))
        throw new DeskpulseError('LOG_UNAVAILABLE', `no answer for ${topic}/${partition}`)
    }
  }

  async function produceAlone(append: Append): Promise<void> {
    failing.add(placeOf(append))
    leaders.ask(append.topic) // Another broker may lead now.
    await produce(alone, [append])
    failing.delete(placeOf(append))
  }

  const turn = appendsOfTurn(async (appends) => {
    const isFailing = appends.some((append) => failing.has(placeOf(append)))
    const [result] = isFailing ? [] : await Promise.allSettled([produce(together, appends)])
    return result?.status === 'fulfilled'
      ? appends.map(() => result)
      : Promise.allSettled(appends.map(produceAlone))
  })

  async function send(
    topic: string,
    partition: PartitionId,
    records: readonly NewRecord[],
  ): Promise<void> {
    const append = {
      topic,
      partition,
      messages: records.map((record) => toMessage(record, partition)),
    }
    const leader = await leaders.of(topic, partition)
    await turn.add(failing.has(placeOf(append)) ? placeOf(append) : `${leader}`, append)
  }

  return {
    async append(topic, partition, records) {
      if (records.length === 0) return
      await withRetry(`append of ${records.length} records to ${topic}/${partition}`, () =>
        send(topic, partition, records),
      )
    },
    async close() {
      await Promise.all([together.close(), alone.close()])
    },
  }
}

type OpenProducer = { connected(): Promise<Producer>; close(): Promise<void> }

/**
 * Not idempotent on purpose: on a failed request KafkaJS takes the sequence number back before its retry, so that a concurrent send reuses it, is
 * taken for a duplicate and is acknowledged without being written. Repeats are what timelines remove; loss is what they cannot.
 */
function producerOf(kafka: Kafka, retries: number): OpenProducer {
  const producer = kafka.producer({
    idempotent: false,
    allowAutoTopicCreation: false,
    createPartitioner: kafkajs.Partitioners.DefaultPartitioner,
    retry: { ...retry, retries },
  })
  let connecting: Promise<Producer> | null = null
  return {
    connected() {
      connecting ??= producer.connect().then(
        () => producer,
        (error: unknown) => {
          connecting = null
          throw error
        },
      )
      return connecting
    },
    async close() {
      if (connecting) await producer.disconnect()
    },
  }
}

/** Of one partition. */
type Append = {
  readonly topic: string
  readonly partition: PartitionId
  readonly messages: readonly Message[]
}

const placeOf = ({ topic, partition }: Pick<Append, 'topic' | 'partition'>): string =>
  `${topic}/${partition}`

const leadersKnownMs = 60_000

/** Which partitions a request may be shared by: a hint, which may be out of date. */
function knownLeaders(access: Pick<ClusterAccess, 'leaders'>) {
  const known = new Map<string, { readonly leaders: readonly number[]; readonly askedMs: number }>()
  const asking = new Map<string, Promise<void>>()

  /** Once at a time; what is known stays where the question fails. */
  function ask(topic: string): Promise<void> {
    const running = asking.get(topic)
    if (running !== undefined) return running
    const asked = access
      .leaders(topic)
      .then((leaders) => void known.set(topic, { leaders, askedMs: performance.now() }))
      .finally(() => asking.delete(topic))
    asking.set(topic, asked)
    asked.catch(() => {}) // Whoever must know it waits for it.
    return asked
  }

  return {
    ask: (topic: string): void => void ask(topic),
    /** KafkaJS drops records for a partition that it does not know, and says that all went well. @throws DeskpulseError LOG_TOPIC_UNKNOWN */
    async of(topic: string, partition: PartitionId): Promise<number> {
      const found = known.get(topic)
      if (found?.leaders[partition] === undefined) await ask(topic)
      else if (performance.now() - found.askedMs > leadersKnownMs) void ask(topic)
      const leader = known.get(topic)?.leaders[partition]
      if (leader === undefined)
        throw new DeskpulseError(
          'LOG_TOPIC_UNKNOWN',
          `topic ${topic} has no partition ${partition}`,
        )
      return leader
    },
  }
}

type Waiting = { readonly append: Append; readonly done: PromiseWithResolvers<void> }

/** One request a turn and `leader`, with one append of each partition: two of one partition would be one batch to the broker, as large as both. */
function appendsOfTurn(
  produce: (appends: readonly Append[]) => Promise<readonly PromiseSettledResult<void>[]>,
) {
  const turns = new Map<string, Waiting[][]>()

  async function pass(request: readonly Waiting[]): Promise<void> {
    const results = await produce(request.map(({ append }) => append))
    for (const [index, { done }] of request.entries()) {
      const result = results[index]!
      if (result.status === 'fulfilled') done.resolve()
      else done.reject(result.reason)
    }
  }

  function begin(leader: string): Waiting[][] {
    const requests: Waiting[][] = []
    turns.set(leader, requests)
    setImmediate(() => {
      turns.delete(leader)
      for (const request of requests) void pass(request)
    })
    return requests
  }

  return {
    add(leader: string, append: Append): Promise<void> {
      const requests = turns.get(leader) ?? begin(leader)
      const place = placeOf(append)
      let request = requests.find((one) => one.every((other) => placeOf(other.append) !== place))
      if (request === undefined) requests.push((request = []))
      const done = Promise.withResolvers<void>()
      request.push({ append, done })
      return done.promise
    },
  }
}

function byTopic(appends: readonly Append[]): { topic: string; messages: Message[] }[] {
  const topics = new Map<string, Message[]>()
  for (const { topic, messages } of appends)
    topics.set(topic, [...(topics.get(topic) ?? []), ...messages])
  return [...topics].map(([topic, messages]) => ({ topic, messages }))
}

const codecs = {
  none: kafkajs.CompressionTypes.None,
  gzip: kafkajs.CompressionTypes.GZIP,
  zstd: kafkajs.CompressionTypes.ZSTD,
} as const satisfies Record<Compression, unknown>

function toMessage({ key, value, headers }: NewRecord, partition: PartitionId): Message {
  return {
    partition,
    key: toBuffer(key),
    value: toBuffer(value),
    ...(headers ? { headers: { ...headers } } : {}),
  }
}

/** A view, not a copy. */
function toBuffer(bytes: Uint8Array | string | null): Buffer | null {
  if (bytes === null) return null
  return typeof bytes === 'string'
    ? Buffer.from(bytes, 'utf8')
    : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
