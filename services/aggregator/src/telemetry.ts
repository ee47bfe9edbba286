import { type Logger, type Metrics, refusalCounter } from '@deskpulse/runtime'
import type { DeskpulseError, PartitionId, ProcessorTelemetry } from '@deskpulse/stream'
import type { Folding } from './folding.ts'
import type { FolderTelemetry } from '@deskpulse/engine'
import { clockTelemetry, type ClockTelemetry } from './clock-telemetry.ts'
import { replyCounters } from './reply-counters.ts'

export type AggregatorTelemetry = FolderTelemetry &
  ClockTelemetry & {
    readonly processor: ProcessorTelemetry
    published(topic: string, entries: number): void
    publishingFailed(partition: PartitionId, error: unknown): void
  }

export type TelemetryOptions = {
  readonly metrics: Metrics
  readonly logger: Logger
  /** Wall clock. */
  readonly nowMs: () => number
  readonly folding: Folding['told']
}

/** The one place where the aggregator's doings become metrics, log lines and readiness. */
export function aggregatorTelemetry({
  metrics,
  logger,
  nowMs,
  folding,
}: TelemetryOptions): AggregatorTelemetry {
  const countReplies = replyCounters(metrics)
  const clocks = clockTelemetry(metrics, logger)
  return {
    ...clocks,
    refused: refusalCounter(metrics.entriesRefused),
    folded: countReplies,
    decided: (status, count) => metrics.alertsDecided.inc({ status }, count),
    published: (topic, entries) => metrics.outboxPublished.inc({ topic }, entries),
    publishingFailed: (partition, error) =>
      logger.warn({ partition, err: error }, 'outbox entries could not be published; trying again'),
    processor: {
      committed(partition, report) {
        const { records, entries, foldMs, commitMs, lag, change } = report
        folding.committed(partition, report)
        const labels = { partition: String(partition) }
        metrics.recordsRead.inc(records)
        metrics.entriesFolded.inc(entries)
        metrics.batchEntries.observe(entries)
        metrics.batchFold.observe(foldMs / 1_000)
        metrics.commitTime.observe({ outcome: 'committed' }, commitMs / 1_000)
        metrics.lagRecords.set(labels, lag)
        metrics.lagSeconds.set(labels, Math.max(0, nowMs() - change.logTimeMs) / 1_000)
        metrics.watermarkDelay.set(labels, (change.logTimeMs - change.watermarkMs) / 1_000)
      },
      gap: (partition, expected, found) => {
        metrics.logGaps.inc({ partition: String(partition) })
        metrics.recordsLost.inc({ topic: 'log' }, found - expected)
        logger.error(
          { partition, expected, found },
          'records are gone from the log before they were folded: values miss them, and say so (docs/operations.md)',
        )
      },
      lost: (partition, why) => {
        folding.lost(partition, why)
        metrics.partitionsLost.inc({ why })
        clocks.clockLost(partition)
        logger.info({ partition, why }, 'partition lost; what was cached is dropped')
      },
      waiting: (partition, error: DeskpulseError) => {
        folding.waiting(partition, error)
        logger.warn(
          { partition, code: error.code, reason: error.message },
          'the store or the log does not answer; waiting',
        )
      },
    },
  }
}
