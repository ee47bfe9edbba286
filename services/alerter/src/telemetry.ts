import { alertSeverities } from '@deskpulse/core/alerts'
import type { Logger, Metrics } from '@deskpulse/runtime'
import type { PartitionId } from '@deskpulse/stream'
import type { MuteReason } from './can-tell.ts'
import type { BookTelemetry } from './book/telemetry.ts'
import { addedCounts, type FiringCounts } from './book/take.ts'
import type { PartitionTelemetry } from './partition/telemetry.ts'
import type { DeliveryTelemetry } from './delivery/index.ts'

export type AlerterTelemetry = {
  readonly partitions: PartitionTelemetry
  readonly delivery: Omit<DeliveryTelemetry, 'broken'>
  book(partition: PartitionId): BookTelemetry
  published(topic: string, entries: number): void
  publishingFailed(partition: PartitionId, error: unknown): void
  /** Whether alerts could be told is another than before; `null`: they could. */
  mute(reason: MuteReason | null): void
}

/** The one place where the alerter's doings become metrics and log lines. */
export function alerterTelemetry(metrics: Metrics, logger: Logger): AlerterTelemetry {
  return {
    partitions: partitionTelemetry(metrics, logger),
    delivery: deliveryTelemetry(metrics, logger),
    book: bookTelemetry(metrics, logger),
    published: (topic, entries) => metrics.outboxPublished.inc({ topic }, entries),
    mute(reason) {
      if (reason === null) logger.info('alerts can be told again: heartbeats are sent')
      else logger.warn({ reason }, 'alerts could not be told now: no heartbeat is sent')
    },
    publishingFailed: (partition, error) =>
      logger.warn({ partition, err: error }, 'notices could not be put on the log; trying again'),
  }
}

function partitionTelemetry(metrics: Metrics, logger: Logger): PartitionTelemetry {
  return {
    committed: (_, outcome, tookMs) => metrics.alertCommitTime.observe({ outcome }, tookMs / 1_000),
    taken: (_, records) => metrics.alertRecordsTaken.inc(records),
    lagging: (partition, records) =>
      metrics.alertLagRecords.set({ partition: String(partition) }, records),
    unreadable(partition, offset, error) {
      metrics.alertRecordsRefused.inc({ code: 'unreadable' })
      logger.error(
        { partition, offset, err: error },
        'a record of the topic of alerts cannot be read: it changes nothing',
      )
    },
    gap(partition, expected, found) {
      metrics.alertLogGaps.inc({ partition: String(partition) })
      logger.error(
        { partition, expected, found },
        'records are gone from the topic of alerts before they were taken in',
      )
    },
    lost(partition, why) {
      metrics.alertPartitionsLost.inc({ why })
      logger.info({ partition, why }, 'alerts of the partition are let go')
    },
    waiting: (partition, { code, message }) =>
      logger.warn({ partition, code, reason: message }, 'a store does not answer; waiting'),
  }
}

function bookTelemetry(metrics: Metrics, logger: Logger): AlerterTelemetry['book'] {
  const firing = new Map<PartitionId, FiringCounts>()
  return (partition) => ({
    firing(counts) {
      firing.set(partition, counts)
      const all = addedCounts(firing.values())
      for (const severity of alertSeverities) metrics.alertsFiring.set({ severity }, all[severity])
    },
    taken: (status) => metrics.alertTransitions.inc({ status }),
    told: (status, notices) => metrics.alertNotices.inc({ status }, notices),
    refused(code, commandId) {
      metrics.alertRecordsRefused.inc({ code })
      logger.warn({ partition, code, commandId }, 'a command changes nothing')
    },
    evaluated: (count) => metrics.alertRulesEvaluated.inc(count),
    cut(tenant, rule, slices) {
      metrics.alertSlicesSkipped.inc(slices)
      logger.warn(
        { tenant, rule, slices },
        'a rule of every slice has more of them than are evaluated',
      )
    },
    unreadable: (error) =>
      logger.warn({ partition, err: error }, 'values and rules cannot be read; asking again'),
  })
}

function deliveryTelemetry(metrics: Metrics, logger: Logger): Omit<DeliveryTelemetry, 'broken'> {
  return {
    attempted({ endpoint, kind, outcome, reason, tookMs }) {
      metrics.deliveriesAttempted.observe({ kind, outcome }, tookMs / 1_000)
      if (reason !== null) metrics.deliveriesFailed.inc({ endpoint, reason })
    },
    overflowed(endpoint, notices) {
      metrics.noticesGivenUp.inc({ endpoint }, notices)
      logger.error(
        { endpoint, notices },
        'the queue of an endpoint is full: notices are given up, and listed',
      )
    },
    notRenewed(endpoint) {
      metrics.alertsNotRetold.inc({ endpoint })
      logger.error(
        { endpoint },
        'an endpoint is told too many alerts again already: it will take one more for over though it fires',
      )
    },
    disabled(endpoint, reason) {
      metrics.endpointsDisabled.inc({ endpoint, reason })
      logger.error(
        { endpoint, reason },
        'an endpoint is disabled: it is sent nothing until a person enables it',
      )
    },
    enabled: (endpoint) => logger.info({ endpoint }, 'an endpoint is enabled'),
  }
}
