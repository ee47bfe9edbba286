import { DeskpulseError } from '@deskpulse/stream'
import type { PartitionId } from '@deskpulse/stream'
import type { Kafka } from 'kafkajs'
import type { ClusterAccess } from '../client/cluster.ts'
import type { KafkaLogger } from '../client/logger.ts'
import { offsetOf } from '../read.ts'
import type { BatchRunner } from './batch-runner.ts'
import type { ConsumeTuning } from './options.ts'

export type WatchdogOptions = {
  readonly kafka: Kafka
  readonly access: ClusterAccess
  readonly logger: KafkaLogger
  readonly tuning: ConsumeTuning
  readonly topic: string
  readonly group: string
  readonly assigned: () => readonly PartitionId[]
  readonly runner: Pick<BatchRunner, 'running' | 'positions' | 'lastBatchAtMs'>
  readonly onStuck: (error: DeskpulseError) => void
}

const checksPerLimit = 4

/**
 * KafkaJS consumers have been seen to stay connected and deliver nothing more (tulios/kafkajs#659, #1122, #1593). Where records wait, no handler runs and
 * no batch comes for `stuckAfterMs`, the consumer is reported as stuck. A broker that does not answer proves nothing, and starts the count anew.
 * @returns stops watching.
 */
export function watchForSilence(options: WatchdogOptions): () => void {
  const { tuning, topic, runner, logger, onStuck } = options
  let behindSinceMs: number | null = null
  let checking = false

  async function check(): Promise<void> {
    const behind = runner.running() === 0 && (await isBehind(options))
    if (!behind) {
      behindSinceMs = null
      return
    }
    behindSinceMs = Math.max(behindSinceMs ?? Date.now(), runner.lastBatchAtMs())
    const silentMs = Date.now() - behindSinceMs
    if (silentMs >= tuning.stuckAfterMs)
      onStuck(new DeskpulseError('LOG_UNAVAILABLE', `records of ${topic} wait, and no batch came for ${silentMs} ms`))
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
  }, tuning.stuckAfterMs / checksPerLimit)
  timer.unref()
  return () => clearInterval(timer)
}

async function isBehind({ access, topic, assigned, runner, ...rest }: WatchdogOptions): Promise<boolean> {
  const partitions = assigned()
  const positions = runner.positions()
  const committed = partitions.every((partition) => positions.has(partition))
    ? new Map<number, number>()
    : await committedOffsets({ topic, ...rest })
  for (const partition of partitions) {
    const behind = await access.withLeader(topic, partition, async (_broker, cluster) => {
      const position = positions.get(partition) ?? committed.get(partition) ?? (await offsetOf(cluster, topic, partition, 'first'))
      return position < (await offsetOf(cluster, topic, partition, 'end'))
    })
    if (behind) return true
  }
  return false
}

async function committedOffsets({ kafka, group, topic }: Pick<WatchdogOptions, 'kafka' | 'group' | 'topic'>): Promise<Map<number, number>> {
  const admin = kafka.admin()
  await admin.connect()
  const [answer] = await admin.fetchOffsets({ groupId: group, topics: [topic] }).finally(() => admin.disconnect())
  const known = (answer?.partitions ?? []).filter(({ offset }) => Number(offset) >= 0)
  return new Map(known.map(({ partition, offset }) => [partition, Number(offset)]))
}
