import { DeskpulseError } from '@deskpulse/stream'
import type { PartitionId } from '@deskpulse/stream'
import type { KafkaLogger } from '../client/logger.ts'
import type { HandOver } from './hand-over.ts'

/** Per partition, an offset. */
export type Offsets = ReadonlyMap<number, number>

export type WatchdogOptions = {
  readonly topic: string
  readonly group: string
  readonly stuckAfterMs: number
  readonly logger: KafkaLogger
  readonly assigned: () => readonly PartitionId[]
  readonly runner: Pick<HandOver, 'running' | 'positions' | 'lastSignAtMs'>
  /** Where these partitions end. */
  readonly endOffsets: (partitions: readonly PartitionId[]) => Promise<Offsets>
  /** Where the group begins to read these partitions, as far as the log knows. */
  readonly startOffsets: (partitions: readonly PartitionId[]) => Promise<Offsets>
  readonly onStuck: (error: DeskpulseError) => void
}

const checksPerLimit = 4

/**
 * KafkaJS consumers have been seen to stay connected and deliver nothing more (tulios/kafkajs#659, #1122, #1593). Where records wait, no handler runs and
 * no batch comes for `stuckAfterMs`, the consumer is reported as stuck; so it is where a handler runs and gives no sign of life for so long, since the member
 * stays in the group without it. A broker that does not answer proves nothing, and starts the count anew.
 * @returns stops watching.
 */
export function watchForSilence(options: WatchdogOptions): () => void {
  const { stuckAfterMs, topic, runner, logger, onStuck } = options
  let behindSinceMs: number | null = null
  /** At the look before: a process that was frozen finds its handlers silent when it goes on, and lets them give a sign first. */
  let wasSilent = false
  let checking = false

  async function check(): Promise<void> {
    if (runner.running() > 0) {
      behindSinceMs = null
      const silentMs = Date.now() - runner.lastSignAtMs()
      const isSilent = silentMs >= stuckAfterMs
      if (isSilent && wasSilent)
        onStuck(
          new DeskpulseError(
            'LOG_UNAVAILABLE',
            `a handler of ${topic} gave no sign of life for ${silentMs} ms`,
          ),
        )
      wasSilent = isSilent
      return
    }
    wasSilent = false
    if (!(await isBehind(options))) {
      behindSinceMs = null
      return
    }
    behindSinceMs = Math.max(behindSinceMs ?? Date.now(), runner.lastSignAtMs())
    const silentMs = Date.now() - behindSinceMs
    if (silentMs >= stuckAfterMs)
      onStuck(
        new DeskpulseError(
          'LOG_UNAVAILABLE',
          `records of ${topic} wait, and no batch came for ${silentMs} ms`,
        ),
      )
  }

  const timer = setInterval(() => {
    if (checking) return
    checking = true
    check()
      .catch((error: unknown) => {
        behindSinceMs = null
        logger('debug', `the lag of ${topic} could not be asked for`, { error })
      })
      .finally(() => (checking = false))
  }, stuckAfterMs / checksPerLimit)
  timer.unref()
  return () => clearInterval(timer)
}

async function isBehind({
  assigned,
  runner,
  endOffsets,
  startOffsets,
}: WatchdogOptions): Promise<boolean> {
  const partitions = assigned()
  if (partitions.length === 0) return false
  const positions = runner.positions()
  const unknown = partitions.filter((partition) => !positions.has(partition))
  const [ends, starts] = await Promise.all([
    endOffsets(partitions),
    unknown.length > 0 ? startOffsets(unknown) : new Map<number, number>(),
  ])
  return partitions.some(
    (partition) =>
      (positions.get(partition) ?? starts.get(partition) ?? 0) < (ends.get(partition) ?? 0),
  )
}
