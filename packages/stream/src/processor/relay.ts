import type { EventLog, NewRecord, PartitionId } from '../event-log.ts'
import { partitionOf } from '../partitioner.ts'
import type { OutboxEntry, StateStore } from '../state-store.ts'
import { waitFor, type Timer } from '../timer.ts'

/** Publishes a partition's outbox: at least once, in order, trimmed after the acknowledgement. */
export type Relay = {
  /** There may be something to publish. Returns at once. */
  wake(partition: PartitionId): void
  /** What fails from now on is left to whoever owns the partition next. */
  stopRetrying(): void
  /** Ends after what is under way. */
  stop(): Promise<void>
}

export type RelayOptions = {
  readonly log: EventLog
  readonly store: StateStore
  readonly timer: Timer
  readonly published: (topic: string, entries: number) => void
  /** Publishing failed and will be tried again. */
  readonly failed: (partition: PartitionId, error: unknown) => void
}

/** An entry's id travels in this header: a repeat has the same one. */
export const outboxIdHeader = 'outbox-id'
const pageEntries = 200
/** Of one append: a topic takes no more at once than `recordBytesMax`, headers included. One entry larger than it goes alone. */
const appendBytesMax = 1024 * 1024
const retryMs = 1_000

export function outboxRelay(options: RelayOptions): Relay {
  const running = new Map<PartitionId, Promise<void>>()
  const again = new Set<PartitionId>()
  let stopped = false
  let isRetrying = true

  async function drain(partition: PartitionId): Promise<void> {
    for (;;) {
      again.delete(partition)
      try {
        while (!stopped && (await publishPage(options, partition)) > 0);
        if (stopped || !again.has(partition)) break
      } catch (error) {
        options.failed(partition, error)
        if (stopped || !isRetrying) break
        await waitFor(options.timer, retryMs)
      }
    }
    running.delete(partition) // In the same step as the last look at `again`: a wake falls before or after both.
  }

  return {
    wake(partition) {
      again.add(partition)
      if (stopped || running.has(partition)) return
      running.set(partition, drain(partition))
    },
    stopRetrying: () => void (isRetrying = false),
    async stop() {
      stopped = true
      await Promise.all(running.values())
    },
  }
}

/** Publishes the oldest entries and trims them. @returns how many there were. */
async function publishPage(
  { log, store, published }: RelayOptions,
  partition: PartitionId,
): Promise<number> {
  const page = await store.readOutbox(partition, pageEntries)
  if (page.length === 0) return 0
  for (const { topic, target, records } of await grouped(log, page)) {
    await log.append(topic, target, records)
    published(topic, records.length)
  }
  await store.trimOutbox(
    partition,
    page.map(({ position }) => position),
  )
  return page.length
}

async function grouped(
  log: EventLog,
  page: readonly { readonly entry: OutboxEntry }[],
): Promise<
  Iterable<{ readonly topic: string; readonly target: PartitionId; readonly records: NewRecord[] }>
> {
  type Group = {
    readonly topic: string
    readonly target: PartitionId
    readonly records: NewRecord[]
    bytes: number
  }
  const groups: Group[] = []
  const filling = new Map<string, Group>()
  for (const {
    entry: { id, topic, key, bytes, headers },
  } of page) {
    const target = partitionOf(key, await log.partitionCount(topic))
    const name = `${topic}/${target}`
    let group = filling.get(name)
    if (group === undefined || group.bytes + bytes.length > appendBytesMax) {
      group = { topic, target, records: [], bytes: 0 }
      groups.push(group)
      filling.set(name, group)
    }
    group.records.push({ key, value: bytes, headers: { ...headers, [outboxIdHeader]: id } })
    group.bytes += bytes.length
  }
  return groups
}
