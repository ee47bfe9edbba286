import { DeskpulseError } from './errors.ts'
import type { EventLog, PartitionId } from './event-log.ts'
import { frameLane } from './frame-lane.ts'
import { type Entry, type EntryKind, type SenderClock, unknownBacklogMs } from './frame.ts'
import { partitionOf } from './partitioner.ts'
import { systemSenderClock } from './sender-clock.ts'
import { realTimer, together } from './timer.ts'
import type { Timer } from './timer.ts'

export type FrameWriterOptions = {
  readonly log: Pick<EventLog, 'append'>
  readonly topic: string
  /** This process: one id for as long as it runs. */
  readonly sender: string
  readonly partitions: number
  /** Age of the oldest input not yet appended, asked for as each frame is sealed; `null`: not known. */
  readonly backlogMs: () => number | null
  /** How long a frame waits for company, at most: it goes out with the frames of other partitions that wait already. */
  readonly lingerMs?: number
  /** A frame is closed when its entries reach this; one entry larger than it is a frame of its own. */
  readonly maxBytes?: number
  readonly maxEntries?: number
  /** Bytes of entries accepted and not yet durable; past it `append` refuses. */
  readonly maxInFlightBytes?: number
  /** Silence after which a partition gets an empty frame, so that log time goes on; others that are silent get theirs with it. */
  readonly heartbeatMs?: number
  readonly timer?: Timer
  /** The sender's clocks, read as each frame is sealed. Default: this machine's. */
  readonly clock?: () => SenderClock
}

/** Makes frames of entries. A tenant's entries keep the order of the calls, unless one fails: those behind it are still tried. */
export type FrameWriter = {
  /**
   * Resolves when the entry is durable.
   * @throws DeskpulseError LOG_BUSY at once when too much is under way; else the log's own error, for the whole frame.
   */
  append(tenant: string, kind: EntryKind, bytes: Uint8Array): Promise<void>
  /** As `append`, of one entry in every partition: what concerns all tenants. A failure may leave it in some of them. */
  appendToAll(tenant: string, kind: EntryKind, bytes: Uint8Array): Promise<void>
  /** Closes what is being filled and waits until everything appended so far is settled, well or not. */
  flush(): Promise<void>
  /** `flush`, and no heartbeats or appends from then on. */
  close(): Promise<void>
}

export const frameWriterDefaults = {
  lingerMs: 4,
  maxBytes: 128 * 1024,
  maxEntries: 1_000,
  maxInFlightBytes: 16 * 1024 * 1024,
  heartbeatMs: 250,
} as const

export function frameWriter(options: FrameWriterOptions): FrameWriter {
  const {
    log,
    topic,
    sender,
    partitions,
    backlogMs,
    timer = realTimer,
    clock = systemSenderClock(options.sender),
  } = options
  const limits = { ...frameWriterDefaults, ...options }
  let inFlightBytes = 0
  let closed = false

  const linger = together(timer, limits.lingerMs) // A request to the log costs more than what is in it.
  const silent = (): void => lanes.forEach((lane) => lane.beat())
  const lanes = Array.from({ length: partitions }, (_, partition) =>
    frameLane({
      ...limits,
      ...{ timer, linger, silent },
      header: () => ({
        sender,
        clock: clock(),
        backlogMs: Math.max(0, Math.round(backlogMs() ?? unknownBacklogMs)),
      }),
      append: (value) => log.append(topic, partition as PartitionId, [{ key: null, value }]),
      settled: (bytes) => void (inFlightBytes -= bytes),
    }),
  )

  function add(partition: PartitionId, entry: Entry): Promise<void> {
    if (closed)
      return Promise.reject(new DeskpulseError('LOG_UNAVAILABLE', 'the frame writer is closed'))
    const lane = lanes[partition]
    if (!lane) throw new Error('a frame writer has at least one partition')
    const { length } = entry.bytes
    if (inFlightBytes > 0 && inFlightBytes + length > limits.maxInFlightBytes) {
      return Promise.reject(
        new DeskpulseError(
          'LOG_BUSY',
          `${inFlightBytes} bytes are not yet durable, the limit is ${limits.maxInFlightBytes}`,
        ),
      )
    }
    inFlightBytes += length
    return lane.add(entry)
  }

  const flush = async () => void (await Promise.all(lanes.map((lane) => lane.flush())))
  return {
    flush,
    append: (tenant, kind, bytes) => add(partitionOf(tenant, partitions), { tenant, kind, bytes }),
    async appendToAll(tenant, kind, bytes) {
      await Promise.all(
        lanes.map((_, partition) => add(partition as PartitionId, { tenant, kind, bytes })),
      )
    },
    async close() {
      closed = true
      await Promise.all(lanes.map((lane) => lane.close()))
    },
  }
}
