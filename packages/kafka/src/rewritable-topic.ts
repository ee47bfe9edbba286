import type { EventLog, LogRecord, NewRecord, Offset, PartitionId, RewritableTopic, Rewriting } from '@deskpulse/stream'
import type { Kafka } from 'kafkajs'
import { withAdmin } from './client/admin.ts'
import { kafkaClient } from './client/client.ts'
import type { KafkaClientOptions } from './client/client.ts'
import { logError } from './errors.ts'
import { kafkaEventLog } from './event-log.ts'

const partition = 0 as PartitionId
const first = 0 as Offset
const pageRecords = 200
/** Of one append: a batch is held to the limit of a record. */
const appendBytesMax = 1024 * 1024

/**
 * A topic of one partition, for tools. Kafka removes records only from the front: what stays is written again behind the rest, then all up to the last record that was to go is
 * deleted. It cannot be read any more; its bytes leave the broker's disk with their segment.
 */
export function kafkaRewritableTopic(options: KafkaClientOptions, topic: string): RewritableTopic {
  const kafka = kafkaClient(options)
  const log = kafkaEventLog(options)

  return {
    append: (records) => log.append(topic, partition, records),
    read: (from, limit) => log.read(topic, partition, from, limit),
    async rewrite(decide) {
      const end = await endOf(kafka, topic)
      let last = -1
      for await (const record of recordsUntil(log, topic, end)) if (decide(record) !== 'keep') last = record.offset
      if (last < 0) return
      for await (const records of portions(staying(recordsUntil(log, topic, last + 1), decide))) await log.append(topic, partition, records)
      await deleteUntil(kafka, topic, last + 1)
    },
    close: () => log.close(),
  }
}

async function endOf(kafka: Kafka, topic: string): Promise<number> {
  return asking('ends', () => withAdmin(kafka, async (admin) => Number((await admin.fetchTopicOffsets(topic))[0]?.high ?? 0)))
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

async function* recordsUntil(log: EventLog, topic: string, end: number): AsyncGenerator<LogRecord> {
  for (let next: number = first; next < end;) {
    const page = await log.read(topic, partition, next as Offset, pageRecords)
    if (page.length === 0) return
    yield* page.filter(({ offset }) => offset < end)
    next = Number(page.at(-1)!.offset) + 1
  }
}

async function* staying(records: AsyncIterable<LogRecord>, decide: (record: LogRecord) => Rewriting): AsyncGenerator<NewRecord> {
  for await (const record of records) {
    const fate = decide(record)
    if (fate === 'keep') yield { key: record.key, value: record.value, headers: record.headers }
    else if (fate !== 'remove') yield fate
  }
}

/** In order, each of at most `appendBytesMax` or of a single record. */
async function* portions(records: AsyncIterable<NewRecord>): AsyncGenerator<readonly NewRecord[]> {
  let portion: NewRecord[] = []
  let bytes = 0
  for await (const record of records) {
    const more = (record.value?.length ?? 0) + JSON.stringify(record.headers ?? {}).length
    if (portion.length > 0 && bytes + more > appendBytesMax) {
      yield portion
      portion = []
      bytes = 0
    }
    portion.push(record)
    bytes += more
  }
  if (portion.length > 0) yield portion
}
