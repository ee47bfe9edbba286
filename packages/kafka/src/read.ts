import type { LogRecord, Offset, PartitionId } from '@deskpulse/stream'
import type { Broker, Cluster } from 'kafkajs'
import type { ClusterAccess } from './client/cluster.ts'
import { protocolErrors } from './errors.ts'
import { toRecords } from './records.ts'
import type { FetchedMessage } from './records.ts'

const pageBytes = 4 * 1024 * 1024
const readCommitted = 1

type Fetched = {
  readonly messages: readonly (FetchedMessage & { readonly isControlRecord: boolean })[]
}

/** One page, by fetches without a group: nothing is joined, committed or left behind. */
export async function readPage(
  access: ClusterAccess,
  topic: string,
  partition: PartitionId,
  from: Offset,
  limit: number,
): Promise<LogRecord[]> {
  return access.withLeader(topic, partition, async (broker, cluster) => {
    const records: LogRecord[] = []
    let next: number = from
    while (records.length < limit) {
      const { messages } = await fetch(broker, topic, partition, next).catch(
        async (error: unknown): Promise<Fetched> => {
          if (!protocolErrors(error).includes('OFFSET_OUT_OF_RANGE')) throw error
          const earliest = await offsetOf(cluster, topic, partition, 'first')
          if (earliest <= next) return { messages: [] }
          next = earliest // A batch is fetched whole, also what was deleted of its beginning.
          return fetch(broker, topic, partition, earliest)
        },
      )
      const wanted = messages.filter(
        ({ offset, isControlRecord }) => Number(offset) >= next && !isControlRecord,
      )
      records.push(...toRecords(wanted.slice(0, limit - records.length)))
      const last = messages.at(-1)
      if (!last || Number(last.offset) < next) break
      next = Number(last.offset) + 1
    }
    return records
  })
}

/** The first retained offset of a partition, or its end. */
export async function offsetOf(
  cluster: Cluster,
  topic: string,
  partition: number,
  which: 'first' | 'end',
): Promise<number> {
  const [answer] = await cluster.fetchTopicsOffset([
    { topic, partitions: [{ partition }], fromBeginning: which === 'first' },
  ])
  return Number(answer?.partitions[0]?.offset ?? 0)
}

async function fetch(
  broker: Broker,
  topic: string,
  partition: number,
  from: number,
): Promise<Fetched> {
  const answer: { responses: { partitions: Fetched[] }[] } = await broker.fetch({
    isolationLevel: readCommitted,
    maxWaitTime: 1,
    minBytes: 1,
    maxBytes: pageBytes,
    topics: [
      { topic, partitions: [{ partition, fetchOffset: String(from), maxBytes: pageBytes }] },
    ],
  })
  return answer.responses[0]?.partitions[0] ?? { messages: [] }
}
