import type { EpochMs } from '@deskpulse/core/time'
import { DeskpulseError } from '../../errors.ts'
import type { EventLog, PartitionId } from '../../event-log.ts'
import type { BoundedTopic } from './bounded-topic.ts'
import { hourlyExpiry } from './expiry.ts'

export type LogWithTopicOptions = {
  readonly log: EventLog
  /** Of one partition, and kept apart from the log. Nobody consumes it. */
  readonly topic: string
  readonly apart: BoundedTopic
  /** What is older goes within about an hour, once the clock has stood for a minute. */
  readonly retentionMs: number
  /** What is too old could not be removed; it is tried again in an hour. */
  readonly onFailure: (error: unknown) => void
  readonly now?: () => EpochMs
}

/** The log with one of its topics in a file of its own: what fills that file leaves the log's alone. */
export function logWithTopic(options: LogWithTopicOptions): EventLog {
  const { log, topic, apart, retentionMs, onFailure, now = () => Date.now() as EpochMs } = options

  function expire(beforeMs: EpochMs): void {
    try {
      apart.removeBefore(beforeMs)
    } catch (error) {
      onFailure(error)
    }
  }

  const endExpiry = hourlyExpiry({ retentionMs, now, expire })

  function refusePartition(partition: PartitionId): void {
    if (partition !== 0)
      throw new DeskpulseError(
        'LOG_TOPIC_UNKNOWN',
        `topic ${topic} has one partition, and no partition ${partition}`,
      )
  }

  return {
    ...log,
    async append(name, partition, records) {
      if (name !== topic) return log.append(name, partition, records)
      refusePartition(partition)
      return apart.append(records)
    },
    async partitionCount(name) {
      return name === topic ? 1 : log.partitionCount(name)
    },
    async read(name, partition, from, limit) {
      if (name !== topic) return log.read(name, partition, from, limit)
      refusePartition(partition)
      return apart.read(from, limit)
    },
    ensureTopics: (specs) => log.ensureTopics(specs.filter(({ name }) => name !== topic)),
    async close() {
      endExpiry()
      await log.close()
      await apart.close()
    },
  }
}
