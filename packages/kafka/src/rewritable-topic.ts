import type { PartitionId, RewritableTopic } from '@deskpulse/stream'
import type { Kafka } from 'kafkajs'
import { withAdmin } from './client/admin.ts'
import { kafkaClient } from './client/client.ts'
import type { KafkaClientOptions } from './client/client.ts'
import { logError } from './errors.ts'
import { kafkaEventLog } from './event-log.ts'
import { rewrite, type RewriteParts } from './rewrite.ts'

const partition = 0 as PartitionId

/**
 * A topic of one partition, for tools. Kafka removes records only from the front: what stays is written again behind the rest, then all up to the last record that was to go is
 * deleted. It cannot be read any more; its bytes leave the broker's disk with their segment.
 */
export function kafkaRewritableTopic(options: KafkaClientOptions, topic: string): RewritableTopic {
  const kafka = kafkaClient(options)
  const log = kafkaEventLog(options)

  const parts: RewriteParts = {
    append: (records) => log.append(topic, partition, records),
    read: (from, limit) => log.read(topic, partition, from, limit),
    end: () => endOf(kafka, topic),
    deleteUntil: (before) => deleteUntil(kafka, topic, before),
  }

  return {
    append: parts.append,
    read: parts.read,
    rewrite: (decide) => rewrite(parts, decide),
    close: () => log.close(),
  }
}

async function endOf(kafka: Kafka, topic: string): Promise<number> {
  return asking('ends', () =>
    withAdmin(kafka, async (admin) => Number((await admin.fetchTopicOffsets(topic))[0]?.high ?? 0)),
  )
}

async function deleteUntil(kafka: Kafka, topic: string, before: number): Promise<void> {
  await asking('delete records', () =>
    withAdmin(kafka, async (admin) => {
      await admin.fetchTopicOffsets(topic) // KafkaJS looks for the partition's leader among the topics that were asked about.
      await admin.deleteTopicRecords({ topic, partitions: [{ partition, offset: String(before) }] })
    }),
  )
}

async function asking<Answer>(doing: string, act: () => Promise<Answer>): Promise<Answer> {
  try {
    return await act()
  } catch (error) {
    throw logError(error, doing)
  }
}
