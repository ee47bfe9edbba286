import type { EventLog } from '@deskpulse/stream'
import { DeskpulseError } from '@deskpulse/stream'
import { kafkaAppender } from './append.ts'
import type { Compression } from './append.ts'
import { withAdmin } from './client/admin.ts'
import { kafkaClient } from './client/client.ts'
import type { KafkaClientOptions } from './client/client.ts'
import { clusterAccess } from './client/cluster.ts'
import { kafkaConsume } from './consume/consume.ts'
import { consumedBy, offsetsOf, oldestUnconsumed } from './consume/lag.ts'
import { consumeDefaults } from './consume/options.ts'
import type { ConsumeTuning } from './consume/options.ts'
import { logError } from './errors.ts'
import { readPage } from './read.ts'
import { checkTopics, ensureTopics } from './topics.ts'

export type KafkaEventLogOptions = KafkaClientOptions &
  Partial<ConsumeTuning> & {
    /** Of appended batches. Default zstd: it costs less than what KafkaJS spends on the bytes that it saves (its checksum above all). */
    readonly compression?: Compression
    /** Of topics that are created; −1 (the default) is the cluster's own. */
    readonly replicationFactor?: number
  }

const pingTimeoutMs = 3_000

/** An EventLog over KafkaJS. Connects on first use; a broker that is away is LOG_UNAVAILABLE for what was asked, not for the log. */
export function kafkaEventLog(options: KafkaEventLogOptions): EventLog {
  const { compression = 'zstd', replicationFactor = -1, logger = () => {} } = options
  const kafka = kafkaClient(options)
  const access = clusterAccess(kafka)
  const appender = kafkaAppender(kafka, access, compression)
  const consumptions = new Set<{ stop(): Promise<void> }>()
  let closed = false

  async function open<Answer>(doing: string, act: () => Promise<Answer>): Promise<Answer> {
    if (closed) throw new DeskpulseError('LOG_UNAVAILABLE', `${doing}: the log is closed`)
    try {
      return await act()
    } catch (error) {
      throw logError(error, doing)
    }
  }

  return {
    append: (topic, partition, records) =>
      open('append', () => appender.append(topic, partition, records)),
    partitionCount: (topic) => open('partition count', () => access.partitionCount(topic)),
    oldestUnconsumed: (topic, group) =>
      open('oldest unconsumed', () => oldestUnconsumed(kafka, access, group, topic)),
    consumed: (topic, group) => open('consumed', () => consumedBy(kafka, access, group, topic)),
    retained: (topic) => open('retained', () => offsetsOf(access, topic, 'first')),
    ends: (topic) => open('ends', () => offsetsOf(access, topic, 'end')),
    read: (topic, partition, from, limit) =>
      open('read', () => readPage(access, topic, partition, from, limit)),
    consume: (request) =>
      open(`consume ${request.topic}`, async () => {
        const consumption = await kafkaConsume(
          { kafka, access, logger, tuning: { ...consumeDefaults, ...options } },
          request,
        )
        consumptions.add(consumption)
        return consumption
      }),
    ensureTopics: (specs) =>
      open('ensure topics', () =>
        withAdmin(kafka, (admin) => ensureTopics(admin, access, specs, replicationFactor)),
      ),
    checkTopics: (specs) =>
      open('check topics', () => withAdmin(kafka, (admin) => checkTopics(admin, access, specs))),
    async ping() {
      if (closed) return false
      const timeout = Promise.withResolvers<boolean>()
      const handle = setTimeout(() => timeout.resolve(false), pingTimeoutMs)
      const answer = access.answers().catch(() => false)
      return Promise.race([answer, timeout.promise]).finally(() => clearTimeout(handle))
    },
    async close() {
      if (closed) return
      closed = true
      await Promise.all([...consumptions].map((consumption) => consumption.stop()))
      await Promise.all([appender.close(), access.close()])
    },
  }
}
