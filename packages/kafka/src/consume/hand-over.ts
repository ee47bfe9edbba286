import {
  realTimer,
  together,
  type BatchHandler,
  type Offset,
  type PartitionId,
  type Timer,
} from '@deskpulse/stream'
import type { Batch, Consumer, ConsumerEndBatchProcessEvent, EachBatchPayload } from 'kafkajs'
import type { KafkaLogger } from '../client/logger.ts'
import { toRecords } from '../records.ts'
import { consumedOffsets } from './consumed-offsets.ts'
import type { Fetched } from './inbox.ts'
import type { ConsumeTuning } from './options.ts'
import { partitionTurn, type Turn } from './turn.ts'

/**
 * Between KafkaJS' fetches and the handler. A fetch is handed over as soon as it is there, to all of its partitions at once, and the next one is made a pace
 * later: what comes meanwhile is gathered by the broker. Where much has come, it is made at once. No partition waits for another one's handler.
 */
export type HandOver = {
  readonly eachBatch: (payload: EachBatchPayload) => Promise<void>
  /** Handlers under way. */
  running(): number
  /** The offset to read next of partitions that had a batch since the last join. */
  positions(): ReadonlyMap<number, number>
  /** When a handler last began, returned, or told the group that it lives; 0 before the first. While some run: of the one that has been silent longest. */
  lastSignAtMs(): number
  /** A batch of control records alone has no handler call, and counts as read. */
  passed(batch: ConsumerEndBatchProcessEvent['payload']): void
  /** Calls no handler from now on. Resolves when those under way have returned, and the group knows what they consumed. */
  settle(): Promise<void>
  /** The group has formed: what this member knew of its partitions is void. */
  begin(): void
}

export type HandOverOptions = {
  readonly topic: string
  readonly handle: BatchHandler
  readonly consumer: Pick<Consumer, 'pause' | 'resume' | 'seek'>
  readonly tuning: ConsumeTuning
  readonly logger: KafkaLogger
  /** A handler threw: the consumption is to end. */
  readonly failed: (error: unknown) => void
  readonly timer?: Timer
}

export function handOver(options: HandOverOptions): HandOver {
  const { topic, consumer, tuning, logger, failed, timer = realTimer } = options
  const pace = together(timer, tuning.paceMs)
  const paced = (): Promise<void> => new Promise((resolve) => void pace(resolve))
  const { handle, ...signs } = watched(options.handle)
  const flow = flowControl(consumer, topic, tuning.inboxBytesMax)
  const positions = new Map<number, number>()
  const turns = new Map<PartitionId, Turn>()
  const expected = expectations()
  let isSettling = false
  /** A handler heard that the group goes on without this member. KafkaJS joins again when it is told. */
  let left: { readonly reason: unknown; readonly from: number } | null = null
  /** KafkaJS tells these only with a batch; they serve whatever the member has later. */
  let latest: Pick<EachBatchPayload, 'heartbeat' | 'commitOffsetsIfNecessary'> | null = null
  const offsets = consumedOffsets({
    ...{ topic, everyMs: tuning.consumedEveryMs, timer, logger },
    commit: async (partitions) =>
      latest?.commitOffsetsIfNecessary({ topics: [{ topic, partitions: [...partitions] }] }),
  })

  function begin(partition: PartitionId): Turn {
    const turn: Turn = partitionTurn({
      ...{ partition, handle, batchBytesMax: tuning.partitionBytesMax, failed },
      heartbeat: async () => latest?.heartbeat(),
      consumed(fetched, next) {
        positions.set(partition, next)
        offsets.note(partition, fetched, next)
      },
      seek: (next) =>
        consumer.seek({ topic, partition, offset: String(expected.next(partition, next)) }),
      taken: () => flow.look(partition, turn.waitingBytes()),
      left: (reason, from) => void (left = { reason, from: expected.next(partition, from) }),
    })
    return turn
  }

  async function eachBatch(payload: EachBatchPayload): Promise<void> {
    const { batch } = payload
    if (isSettling) return paced() // Nothing is resolved: without a pause the same would be fetched again and again.
    if (!payload.isRunning() || payload.isStale()) return
    if (left !== null) throw left.reason
    latest = payload
    const fetched = fetchedOf(batch)
    const partition = batch.partition as PartitionId
    if (!expected.admits(partition, fetched)) return // Unresolved, so that it is fetched again.
    expected.next(partition, fetched.next)
    payload.resolveOffset(String(fetched.records.at(-1)!.offset))
    const turn = turns.getOrInsertComputed(partition, begin)
    turn.put(fetched)
    flow.look(partition, turn.waitingBytes())
    if (fetched.bytes < tuning.muchBytes) await paced()
  }

  return {
    ...signs,
    eachBatch,
    positions: () => positions,
    passed({ partition, batchSize, lastOffset }) {
      if (batchSize === 0) positions.set(partition, Number(lastOffset) + 1)
    },
    async settle() {
      isSettling = true
      for (const [partition, turn] of turns) expected.next(partition, turn.firstWaiting())
      await Promise.all([...turns.values()].map((turn) => turn.end()))
      for (const [partition, next] of positions) expected.next(partition, next)
      await offsets.flush()
    },
    begin() {
      isSettling = false
      left = null
      offsets.forget()
      positions.clear()
      turns.clear()
      flow.open()
    },
  }
}

/**
 * Which offset comes next of each partition. When the group forms anew, what waits is thrown away, and a fetch that another broker answers only then brings
 * what comes behind it. Such a batch is not admitted; one that begins there again, as behind records that the log lacks, is.
 */
function expectations() {
  const known = new Map<number, { readonly offset: number; refused: number | null }>()
  return {
    /** `null`: nothing new is known. @returns the offset. */
    next<Known extends number | null>(partition: number, offset: Known): Known {
      if (offset !== null) known.set(partition, { offset, refused: null })
      return offset
    },
    admits(partition: number, { records }: Fetched): boolean {
      const expected = known.get(partition)
      const { offset } = records[0]!
      if (expected === undefined || offset <= expected.offset || offset === expected.refused)
        return true
      expected.refused = offset
      return false
    },
  }
}

/** The handler, watched: whether it runs, and when it last gave a sign of life. */
function watched(
  handle: BatchHandler,
): { readonly handle: BatchHandler } & Pick<HandOver, 'running' | 'lastSignAtMs'> {
  /** Of the calls that run. */
  const signsMs = new Map<PartitionId, number>()
  let lastSignAtMs = 0

  function giveSign(partition: PartitionId): void {
    lastSignAtMs = Date.now()
    signsMs.set(partition, lastSignAtMs)
  }

  return {
    running: () => signsMs.size,
    lastSignAtMs: () => (signsMs.size === 0 ? lastSignAtMs : Math.min(...signsMs.values())),
    async handle(batch) {
      const { partition } = batch
      giveSign(partition)
      const keepAlive = (): Promise<boolean> => {
        giveSign(partition)
        return batch.keepAlive()
      }
      try {
        return await handle({ ...batch, keepAlive })
      } finally {
        giveSign(partition)
        signsMs.delete(partition)
      }
    },
  }
}

/** A partition is fetched while less than `bytesMax` of it waits. */
function flowControl(
  consumer: Pick<Consumer, 'pause' | 'resume'>,
  topic: string,
  bytesMax: number,
) {
  const paused = new Set<PartitionId>()
  return {
    look(partition: PartitionId, waitingBytes: number): void {
      const isFull = waitingBytes >= bytesMax
      if (isFull === paused.has(partition)) return
      if (isFull) paused.add(partition)
      else paused.delete(partition)
      consumer[isFull ? 'pause' : 'resume']([{ topic, partitions: [partition] }])
    },
    /** Of all partitions. */
    open(): void {
      if (paused.size > 0) consumer.resume([{ topic }])
      paused.clear()
    },
  }
}

function fetchedOf(batch: Batch): Fetched {
  const records = toRecords(batch.messages)
  const bytes = records.reduce(
    (sum, { key, value }) => sum + (key?.length ?? 0) + (value?.length ?? 0),
    0,
  )
  return {
    records,
    bytes,
    endOffset: Number(batch.highWatermark) as Offset,
    next: Number(batch.lastOffset()) + 1,
  }
}
