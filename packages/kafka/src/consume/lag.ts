import type { EpochMs } from '@deskpulse/core/time'
import type { GroupPosition, Offset, PartitionId } from '@deskpulse/stream'
import type { Kafka } from 'kafkajs'
import { withAdmin } from '../client/admin.ts'
import { withRetry } from '../client/retry.ts'
import type { ClusterAccess } from '../client/cluster.ts'
import { offsetOf, readPage } from '../read.ts'
import type { Offsets } from './watchdog.ts'

export async function endOffsets(
  access: ClusterAccess,
  topic: string,
  partitions: readonly PartitionId[],
): Promise<Offsets> {
  return offsets(access, topic, partitions, 'end')
}

/** By partition, where the group stands, with what a member said of it as it committed; `null`: nothing is committed. */
export async function consumedBy(
  kafka: Kafka,
  access: ClusterAccess,
  group: string,
  topic: string,
): Promise<(GroupPosition | null)[]> {
  const count = await access.partitionCount(topic)
  // A coordinator may be loading: of a group that nobody has asked about for a while, or after it has moved.
  const ask = () =>
    withAdmin(kafka, (admin) => admin.fetchOffsets({ groupId: group, topics: [topic] }))
  const [answer] = await withRetry('asking for committed offsets', ask)
  const committed = new Map(answer?.partitions.map((one) => [one.partition, one]))
  return Array.from({ length: count }, (_, partition) => {
    const { offset = '-1', metadata = null } = committed.get(partition) ?? {}
    return Number(offset) < 0
      ? null
      : { offset: Number(offset) as Offset, consumedMs: consumedMsOf(metadata) }
  })
}

/** What travels with a committed offset: the append time of the last record before it. */
export const metadataOf = (consumedMs: EpochMs): string => `${consumedMs}`
const consumedMsOf = (metadata: string | null): EpochMs | null =>
  metadata !== null && /^\d{1,16}$/.test(metadata) ? (Number(metadata) as EpochMs) : null

/** By partition, the first retained offset, or the one that comes next. */
export async function offsetsOf(
  access: ClusterAccess,
  topic: string,
  which: 'first' | 'end',
): Promise<Offset[]> {
  const partitions = Array.from(
    { length: await access.partitionCount(topic) },
    (_, partition) => partition as PartitionId,
  )
  const found = await offsets(access, topic, partitions, which)
  return partitions.map((partition) => (found.get(partition) ?? 0) as Offset)
}

/** What the group committed, else the first retained record. */
export async function startOffsets(
  kafka: Kafka,
  access: ClusterAccess,
  group: string,
  topic: string,
  partitions: readonly PartitionId[],
): Promise<Offsets> {
  const [answer] = await withAdmin(kafka, (admin) =>
    admin.fetchOffsets({ groupId: group, topics: [topic] }),
  )
  const committed = (answer?.partitions ?? []).filter(({ offset }) => Number(offset) >= 0)
  return new Map([
    ...(await offsets(access, topic, partitions, 'first')),
    ...committed.map(({ partition, offset }) => [partition, Number(offset)] as const),
  ])
}

/** By partition, the append time of the oldest record behind what the group committed; `null`: there is none. */
export async function oldestUnconsumed(
  kafka: Kafka,
  access: ClusterAccess,
  group: string,
  topic: string,
): Promise<(EpochMs | null)[]> {
  const partitions = Array.from(
    { length: await access.partitionCount(topic) },
    (_, partition) => partition as PartitionId,
  )
  const [starts, ends] = await Promise.all([
    startOffsets(kafka, access, group, topic, partitions),
    endOffsets(access, topic, partitions),
  ])
  const oldest = partitions.map(async (partition) => {
    const start = starts.get(partition) ?? 0
    if (start >= (ends.get(partition) ?? 0)) return null
    const [record] = await readPage(access, topic, partition, start as Offset, 1)
    return record?.appendedAtMs ?? null
  })
  return Promise.all(oldest)
}

async function offsets(
  access: ClusterAccess,
  topic: string,
  partitions: readonly PartitionId[],
  which: 'first' | 'end',
): Promise<Offsets> {
  const entries = partitions.map(async (partition) => {
    const offset = await access.withLeader(topic, partition, (_broker, cluster) =>
      offsetOf(cluster, topic, partition, which),
    )
    return [partition, offset] as const
  })
  return new Map(await Promise.all(entries))
}
