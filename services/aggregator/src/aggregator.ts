import type { TenantConfig } from '@deskpulse/core/config'
import { minuteMs } from '@deskpulse/core/time'
import type { Logger, Metrics } from '@deskpulse/runtime'
import {
  consumerGroup,
  outboxRelay,
  realTimer,
  startProcessor,
  type Consumption,
  type EventLog,
  type StateStore,
  type Timer,
  type TopicNames,
} from '@deskpulse/stream'
import { foldingOf } from './folding.ts'
import { PartitionFolder } from '@deskpulse/engine'
import { aggregatorTelemetry } from './telemetry.ts'

export type AggregatorDeps = {
  readonly log: EventLog
  readonly store: StateStore
  readonly topics: TopicNames
  readonly metrics: Metrics
  readonly logger: Logger
  /** Wall clock, for telemetry alone: no value depends on it. */
  readonly nowMs?: () => number
  /** When to try again what failed. */
  readonly timer?: Timer
  /** One commit passes at most so many wakes. Default: `wakesPerFold`. */
  readonly wakesMax?: number
  /** How far folds may be behind the log before the process is not ready. Default: `lagMaxDefaultMs`. */
  readonly lagMaxMs?: number
  /** What the configuration file says of a tenant: a state that is made again from the log begins under its limits. */
  readonly configured?: (tenant: string) => TenantConfig | undefined
  /** About what is held of all partitions of the log together. Default: that of the configuration. */
  readonly cacheBytesMax?: number
}

export type Aggregator = Consumption & {
  /** A readiness check: commits come through, and are not far behind the log. @throws Error with the reason. */
  checkFolding(): void
  /** A readiness check: log time goes with the clocks in every partition that this process folds. @throws Error with the reason. */
  checkClock(): void
}

const lagMaxDefaultMs = minuteMs

/** Folds the partitions that the group gives to this process, until `stop`; `ended` rejects when it cannot go on. */
export async function startAggregator(deps: AggregatorDeps): Promise<Aggregator> {
  const {
    log,
    store,
    topics,
    timer = realTimer,
    nowMs = Date.now,
    lagMaxMs = lagMaxDefaultMs,
  } = deps
  const folding = foldingOf({ lagMaxMs, nowMs })
  const telemetry = aggregatorTelemetry({ ...deps, nowMs, folding: folding.told })
  const relay = outboxRelay({
    log,
    store,
    timer,
    published: (topic, entries) => telemetry.published(topic, entries),
    failed: (partition, error) => telemetry.publishingFailed(partition, error),
  })
  const partitions = await log.partitionCount(topics.log)
  const consumption = await startProcessor({
    log,
    store,
    topic: topics.log,
    group: consumerGroup(topics.log, 'aggregator'), // Those of one installation share the partitions.
    openFolder: (partition, acquired) =>
      new PartitionFolder(partition, acquired, {
        partitions,
        deadLetterTopic: topics.deadLetter,
        alertsTopic: topics.alerts,
        closedTopic: topics.closed,
        telemetry,
        wakesMax: deps.wakesMax,
        configured: deps.configured,
        cacheBytesMax: deps.cacheBytesMax,
      }),
    relay,
    telemetry: telemetry.processor,
    now: () => performance.now(),
    timer,
  })
  deps.metrics.readAtScrape('partitionsOwned', () => consumption.assigned().length)
  return {
    ...consumption,
    checkFolding: () => folding.check(consumption.assigned()),
    checkClock: () => telemetry.checkClock(consumption.assigned()),
  }
}
