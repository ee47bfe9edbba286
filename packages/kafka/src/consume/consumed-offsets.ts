import type { PartitionId, Timer } from '@deskpulse/stream'
import type { KafkaLogger } from '../client/logger.ts'
import { metadataOf } from './lag.ts'
import type { Fetched } from './inbox.ts'

export type ConsumedOffset = {
  readonly partition: PartitionId
  readonly offset: string
  readonly metadata?: string
}

export type ConsumedOffsetsOptions = {
  readonly topic: string
  /** How long what was consumed may wait to be committed together with more of it. */
  readonly everyMs: number
  readonly timer: Timer
  readonly commit: (offsets: readonly ConsumedOffset[]) => Promise<void>
  readonly logger: KafkaLogger
}

/**
 * What the group is told: for lag monitoring, and for consumers without a store of their own. Losing some of it costs a repeat, so that it fails nothing,
 * and a request for every batch would cost the broker more than the batch.
 */
export type ConsumedOffsets = {
  note(partition: PartitionId, fetched: Fetched, next: number): void
  /** Commits what was noted; resolves when that is over, well or not. */
  flush(): Promise<void>
  /** The partitions are others' now: nothing that was noted is said of them. */
  forget(): void
}

export function consumedOffsets({
  topic,
  everyMs,
  timer,
  commit,
  logger,
}: ConsumedOffsetsOptions): ConsumedOffsets {
  let noted = new Map<PartitionId, ConsumedOffset>()
  let callOff: (() => void) | null = null
  let committing: Promise<void> = Promise.resolve()

  function flush(): Promise<void> {
    callOff?.()
    callOff = null
    const offsets = [...noted.values()]
    noted = new Map()
    if (offsets.length > 0) committing = committing.then(() => say(offsets))
    return committing
  }

  async function say(offsets: readonly ConsumedOffset[]): Promise<void> {
    await commit(offsets).catch((error: unknown) =>
      logger('warn', `consumed offsets of ${topic} were not committed`, { error }),
    )
  }

  return {
    flush,
    note(partition, { records }, next) {
      const last = records.findLast(({ offset }) => offset < next)
      noted.set(partition, {
        partition,
        offset: String(next),
        ...(last && { metadata: metadataOf(last.appendedAtMs) }),
      })
      callOff ??= timer.after(everyMs, () => void flush())
    },
    forget() {
      callOff?.()
      callOff = null
      noted = new Map()
    },
  }
}
