import type { PartitionId } from '@deskpulse/stream'
import type { Kafka } from 'kafkajs'
import { withAdmin } from '../client/admin.ts'
import type { ClusterAccess } from '../client/cluster.ts'
import { offsetOf } from '../read.ts'
import type { Offsets } from './watchdog.ts'

export async function endOffsets(access: ClusterAccess, topic: string, partitions: readonly PartitionId[]): Promise<Offsets> {
  return offsets(access, topic, partitions, 'end')
}

/** What the group committed, else the first retained record. */
export async function startOffsets(
  kafka: Kafka,
  access: ClusterAccess,
  group: string,
  topic: string,
  partitions: readonly PartitionId[],
): Promise<Offsets> {
  const [answer] = await withAdmin(kafka, (admin) => admin.fetchOffsets({ groupId: group, topics: [topic] }))
  const committed = (answer?.partitions ?? []).filter(({ offset }) => Number(offset) >= 0)
  return new Map([
    ...(await offsets(access, topic, partitions, 'first')),
    ...committed.map(({ partition, offset }) => [partition, Number(offset)] as const),
  ])
}

async function offsets(access: ClusterAccess, topic: string, partitions: readonly PartitionId[], which: 'first' | 'end'): Promise<Offsets> {
  const entries = partitions.map(async (partition) => {
    const offset = await access.withLeader(topic, partition, (_broker, cluster) => offsetOf(cluster, topic, partition, which))
    return [partition, offset] as const
  })
  return new Map(await Promise.all(entries))
}
