import type { PartitionId } from '@deskpulse/stream'
import type { Batch, Consumer, EachBatchPayload } from 'kafkajs'
import type { ConsumedOffset } from '../consume/consumed-offsets.ts'

type Stored = { readonly offset: number; readonly value: Buffer }
/** By the global timer, which tests take over. */
export const pause = (ms: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, ms))

const roundTripMs = 1
const lookEveryMs = 1
const fetchBytesMax = 256 * 1024

/** Fetches as KafkaJS does from one broker, with a log in memory: of all partitions that are not paused, again when every batch of the fetch before is done. */
export function fetchLoop(topic: string, partitions: number) {
  const logs: Stored[][] = Array.from({ length: partitions }, () => [])
  const next: number[] = logs.map(() => 0)
  const sought = new Map<number, number>()
  const paused = new Set<number>()
  const committed: (readonly ConsumedOffset[])[] = []
  let fetched = 0
  let heartbeat: () => Promise<void> = () => Promise.resolve()
  let stopped = false

  const consumer = {
    seek: ({ partition, offset }: { partition: number; offset: string }) =>
      void sought.set(partition, Number(offset)),
    pause: ([{ partitions: some } = {}]) => some?.forEach((partition) => paused.add(partition)),
    resume: ([{ partitions: some } = {}]) =>
      some ? some.forEach((partition) => paused.delete(partition)) : paused.clear(),
  } as Pick<Consumer, 'seek' | 'pause' | 'resume'>

  function waiting(partition: number): Stored[] {
    const from = logs[partition]!.filter(({ offset }) => offset >= next[partition]!)
    let bytes = 0
    return from.filter(
      ({ value }, index) => (bytes += value.length) <= fetchBytesMax || index === 0,
    )
  }

  function fetch(): Map<number, Stored[]> {
    for (const [partition, offset] of sought) next[partition] = offset
    sought.clear()
    const found = logs.map(
      (_, partition) => [partition, paused.has(partition) ? [] : waiting(partition)] as const,
    )
    return new Map(found.filter(([, records]) => records.length > 0))
  }

  function payloadOf(partition: number, records: readonly Stored[]): EachBatchPayload {
    const messages = records.map(({ offset, value }) => ({
      offset: String(offset),
      timestamp: '0',
      key: null,
      value,
      headers: {},
    }))
    const last = String(records.at(-1)!.offset)
    const batch = {
      topic,
      partition,
      messages,
      highWatermark: String(logs[partition]!.length),
      lastOffset: () => last,
    }
    return {
      batch: batch as unknown as Batch,
      resolveOffset: (offset) => void (next[partition] = Number(offset) + 1),
      heartbeat: () => heartbeat(),
      commitOffsetsIfNecessary: async (offsets) =>
        void committed.push((offsets?.topics[0]?.partitions ?? []) as ConsumedOffset[]),
      pause: () => () => {},
      uncommittedOffsets: () => ({ topics: [] }),
      isRunning: () => !stopped,
      isStale: () => sought.has(partition),
    }
  }

  return {
    consumer,
    /** What was committed to the group, request by request. */
    committed,
    /** How many fetches brought something. */
    fetched: () => fetched,
    append(
      partition: number,
      bytes = 10,
      offset = (logs[partition]!.at(-1)?.offset ?? -1) + 1,
    ): void {
      logs[partition]!.push({ offset, value: Buffer.alloc(bytes) })
    },
    answerHeartbeats: (answer: () => Promise<void>) => void (heartbeat = answer),
    nextOf: (partition: PartitionId) => next[partition],
    async run(eachBatch: (payload: EachBatchPayload) => Promise<void>): Promise<void> {
      while (!stopped) {
        const found = fetch()
        await pause(found.size > 0 ? roundTripMs : lookEveryMs)
        const batches = [...found].filter(
          ([partition]) => !paused.has(partition) && !sought.has(partition),
        )
        if (batches.length > 0) fetched++
        await Promise.all(
          batches.map(([partition, records]) => eachBatch(payloadOf(partition, records))),
        )
      }
    },
    stop: () => void (stopped = true),
  }
}
