import { countOfRecord, measures, parseSlice } from '@deskpulse/core'
import { type Logger, type Metrics, refusalCounter } from '@deskpulse/runtime'
import type { DeskpulseError, PartitionId, ProcessorTelemetry } from '@deskpulse/stream'
import type { RecordDelta } from './partition/measure-deltas.ts'
import type { FolderTelemetry } from './partition/partition-folder.ts'

export type AggregatorTelemetry = FolderTelemetry & {
  readonly processor: ProcessorTelemetry
  published(topic: string, entries: number): void
  publishingFailed(partition: PartitionId, error: unknown): void
}

/** The one place where the aggregator's doings become metrics and log lines. */
export function aggregatorTelemetry(metrics: Metrics, logger: Logger, nowMs: () => number): AggregatorTelemetry {
  return {
    refused: refusalCounter(metrics.entriesRefused),
    folded(deltas) {
      for (const delta of deltas) countReplies(metrics, delta)
    },
    decided: (status, count) => metrics.alertsDecided.inc({ status }, count),
    published: (topic, entries) => metrics.outboxPublished.inc({ topic }, entries),
    publishingFailed: (partition, error) => logger.warn({ partition, err: error }, 'outbox entries could not be published; trying again'),
    processor: {
      committed(partition, { records, entries, foldMs, commitMs, lag, change }) {
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
        logger.error({ partition, expected, found }, 'records are gone from the log before they were folded: values miss them')
      },
      lost: (partition, why) => {
        metrics.partitionsLost.inc({ why })
        logger.info({ partition, why }, 'partition lost; what was cached is dropped')
      },
      waiting: (partition, error: DeskpulseError) =>
        logger.warn({ partition, code: error.code, reason: error.message }, 'store does not answer; waiting'),
    },
  }
}

/**
 * Counters for burn rates: they only rise, so what a late or discarded event takes back is counted apart. Slices of a queue alone are read, each
 * change once, at the resolution that every change reaches.
 */
function countReplies(metrics: Metrics, { tenant, slice, resolution, family, delta }: RecordDelta): void {
  if (resolution !== 'day' || family !== 'response') return
  const parsed = parseSlice(tenant.slices.textOf(slice) ?? '')
  if (!parsed.ok || parsed.slice.length !== 1 || parsed.slice[0]!.dimension !== 'queue') return
  const labels = { tenant: tenant.name, queue: parsed.slice[0]!.value }
  for (const [kind, counter, { field }] of [
    ['due', metrics.repliesDue, measures.replyDue],
    ['within', metrics.repliesWithin, measures.replyDueWithin],
  ] as const) {
    const change = countOfRecord(delta, field)
    if (change > 0) counter.inc(labels, change)
    if (change < 0) metrics.repliesCorrections.inc({ ...labels, kind }, -change)
  }
}
