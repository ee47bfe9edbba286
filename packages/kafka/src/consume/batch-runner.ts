import type { EpochMs } from '@deskpulse/core'
import type { BatchHandler, Offset, PartitionId } from '@deskpulse/stream'
import type { ConsumerEndBatchProcessEvent, EachBatchPayload } from 'kafkajs'
import type { KafkaLogger } from '../client/logger.ts'
import { toRecords } from '../records.ts'
import { metadataOf } from './lag.ts'

/** Between KafkaJS' batches and the handler: what was returned is read next, and reported as consumed. */
export type BatchRunner = {
  readonly eachBatch: (payload: EachBatchPayload) => Promise<void>
  /** Set once a handler has thrown. */
  failure(): { readonly error: unknown } | null
  /** Handlers under way. */
  running(): number
  /** The offset to read next of partitions that had a batch since the last join. */
  positions(): ReadonlyMap<number, number>
  /** When the last batch began or ended; 0 before the first. */
  lastBatchAtMs(): number
  /** A batch of control records alone has no handler call, and counts as read. */
  passed(batch: ConsumerEndBatchProcessEvent['payload']): void
  /** The group has changed: positions are others' now. */
  forget(): void
}

/** Ends the consumer: KafkaJS retries what is not marked so, and would call the handler again. */
class HandlerThrew extends Error {
  readonly retriable = false
}

export function batchRunner(topic: string, handle: BatchHandler, logger: KafkaLogger): BatchRunner {
  const positions = new Map<number, number>()
  let failure: { readonly error: unknown } | null = null
  let running = 0
  let lastBatchAtMs = 0

  async function call(payload: EachBatchPayload): Promise<Outcome> {
    const { batch, heartbeat, isStale } = payload
    let lost: { readonly reason: unknown } | null = null
    const keepAlive = async (): Promise<boolean> => {
      if (lost || isStale()) return false
      await heartbeat().catch((reason: unknown) => void (lost = { reason }))
      return lost === null
    }
    running++
    lastBatchAtMs = Date.now()
    try {
      const records = toRecords(batch.messages)
      const next = await handle({
        partition: batch.partition as PartitionId,
        records,
        endOffset: Number(batch.highWatermark) as Offset,
        keepAlive,
      })
      return lost ?? { next }
    } catch (error) {
      failure ??= { error }
      throw new HandlerThrew(`the handler of ${topic}/${batch.partition} threw`)
    } finally {
      running--
      lastBatchAtMs = Date.now()
    }
  }

  async function eachBatch(payload: EachBatchPayload): Promise<void> {
    const { batch, isRunning, isStale, resolveOffset } = payload
    if (failure || !isRunning() || isStale()) return
    const outcome = await call(payload)
    // Unresolved, so that whoever has the partition next reads the batch again; thrown, so that KafkaJS joins again.
    if ('reason' in outcome) throw outcome.reason
    // The very type of the argument: resolving n − 1 makes n the next offset to fetch, forward or backward.
    resolveOffset(String(outcome.next - 1))
    const last = Number(batch.messages.at(-1)?.offset)
    const next = outcome.next === last + 1 ? Number(batch.lastOffset()) + 1 : outcome.next
    positions.set(batch.partition, next)
    await report(payload, next)
  }

  /** For lag monitoring, and for groups without a store: losing it costs a repeat, so that it fails nothing. */
  async function report({ batch, commitOffsetsIfNecessary }: EachBatchPayload, next: number): Promise<void> {
    const last = batch.messages.findLast(({ offset }) => Number(offset) < next)
    const said = last === undefined ? {} : { metadata: metadataOf(Number(last.timestamp) as EpochMs) }
    const partitions = [{ partition: batch.partition, offset: String(next), ...said }]
    await commitOffsetsIfNecessary({ topics: [{ topic, partitions }] }).catch((error: unknown) => {
      logger('warn', `offset ${next} of ${topic}/${batch.partition} was not committed`, { error })
    })
  }

  return {
    eachBatch,
    failure: () => failure,
    running: () => running,
    positions: () => positions,
    lastBatchAtMs: () => lastBatchAtMs,
    passed({ partition, batchSize, lastOffset }) {
      if (batchSize === 0) positions.set(partition, Number(lastOffset) + 1)
    },
    forget: () => positions.clear(),
  }
}

type Outcome = { readonly next: Offset } | { readonly reason: unknown }
