import { baseRules, type Config, tellable } from '@deskpulse/contract'
import { installationTenant } from '@deskpulse/core/alerts'
import { defaultTenantConfig } from '@deskpulse/core/config'
import { type EpochMs, secondMs } from '@deskpulse/core/time'
import type { Logger, Metrics } from '@deskpulse/runtime'
import {
  consumerGroup,
  type EventLog,
  outboxRelay,
  type PartitionId,
  partitionOf,
  realTimer,
  type StateStore,
  type Timer,
  type TopicNames,
  type VersionedState,
} from '@deskpulse/stream'
import { type MuteReason, whyMute } from './can-tell.ts'
import { channels } from './channels/index.ts'
import { type AlertBook, openAlertBook } from './book/alert-book.ts'
import type { Roles } from './partition/ownership.ts'
import { type Partitions, startPartitions } from './partition/partitions.ts'
import { openDelivery } from './delivery/index.ts'
import type { Sender } from './sending/index.ts'
import { alerterTelemetry } from './telemetry.ts'

export type AlerterDeps = {
  readonly log: EventLog
  /** The alerter's own: what fires, silences, deliveries. */
  readonly alertStore: StateStore
  /** The aggregator's, to be read: values, rules, configurations. */
  readonly store: Pick<VersionedState, 'read' | 'check'>
  readonly topics: TopicNames
  /** Of the log, and so of the topic of alerts. */
  readonly partitions: number
  readonly config: Pick<Config, 'alerts' | 'tenants'>
  /** The page of score cards is under `alerts.publicUrl`, too, as where all is one process. Absent: it is elsewhere, and no message leads to it. */
  readonly servesScoreCards?: boolean
  /** Stays the caller's: closed after the alerter has stopped. */
  readonly sender: Sender
  readonly metrics: Metrics
  readonly logger: Logger
  readonly nowMs?: () => number
  readonly timer?: Timer
  /** In [0, 1): jitter. */
  readonly random?: () => number
}

/** One record can be told to every endpoint: so many notices, about, go into one commit. */
const noticesAtOnce = 1_000
const intakeRecordsMax = 100

/** Keeps and tells the alerts of the partitions that the group gives to this process, until `stop`; `ended` rejects when it cannot go on. */
export async function startAlerter(deps: AlerterDeps): Promise<Partitions> {
  const {
    log,
    alertStore,
    topics,
    config,
    metrics,
    logger,
    timer = realTimer,
    nowMs = Date.now,
  } = deps
  const { endpoints } = config.alerts
  const telemetry = alerterTelemetry(metrics, logger)
  const books = new Map<PartitionId, AlertBook>()
  const relay = outboxRelay({
    log,
    store: alertStore,
    timer,
    published: (topic, entries) => telemetry.published(topic, entries),
    failed: (partition, error) => telemetry.publishingFailed(partition, error),
  })

  const startedMs = nowMs()
  /** What was found last, so that a change alone is told of; nothing is known at first. */
  let mute: MuteReason | null | undefined
  async function canTell(): Promise<boolean> {
    const found = await whyMute({ ...deps, nowMs, startedMs })
    if (found !== mute && (found !== null || mute !== undefined)) telemetry.mute(found)
    mute = found
    return found === null
  }

  function rolesOf(partition: PartitionId, fail: (error: unknown) => void): Roles {
    const book = bookOf(deps, partition, {
      nowMs,
      timer,
      telemetry: telemetry.book(partition),
      fail,
    })
    books.set(partition, book)
    const delivery = openDelivery({
      partition,
      endpoints: endpoints.filter(({ name }) => partitionOf(name, deps.partitions) === partition),
      channelOf: (kind) => channels[kind],
      sender: deps.sender,
      nowMs: () => nowMs() as EpochMs,
      random: deps.random ?? Math.random,
      canTell,
      timer,
      telemetry: { ...telemetry.delivery, broken: (_, error) => fail(error) },
      topics,
    })
    return { book, delivery }
  }

  const partitions = await startPartitions({
    ...{
      log,
      store: alertStore,
      topic: topics.alerts,
      group: consumerGroup(topics.alerts, 'alerter'),
      relay,
      nowMs,
      timer,
    },
    intakeRecordsMax: Math.max(
      1,
      Math.min(intakeRecordsMax, Math.floor(noticesAtOnce / Math.max(1, endpoints.length))),
    ),
    roles: rolesOf,
    telemetry: telemetry.partitions,
  })
  metrics.readAtScrape('alertPartitionsOwned', () => partitions.owned().length)
  metrics.readAtScrape('alertEvaluationLag', () => {
    const evaluatedAt = partitions
      .owned()
      .map((partition) => books.get(partition)?.evaluatedAtMs() ?? nowMs())
    return Math.max(0, ...evaluatedAt.map((atMs) => nowMs() - atMs)) / secondMs
  })
  return partitions
}

type BookParts = Pick<Parameters<typeof openAlertBook>[0], 'nowMs' | 'timer' | 'telemetry' | 'fail'>

function bookOf(
  { store, topics, config, partitions, servesScoreCards = false }: AlerterDeps,
  partition: PartitionId,
  parts: BookParts,
): AlertBook {
  const { endpoints, publicUrl } = config.alerts
  return openAlertBook({
    ...parts,
    ...{ partition, store, topic: topics.alerts },
    endpoints: tellable(endpoints),
    subscribers: endpoints.filter(
      ({ closedPeriods, appeals }) => appeals || closedPeriods.length > 0,
    ),
    named: Object.keys(config.tenants).filter(
      (tenant) => partitionOf(tenant, partitions) === partition,
    ),
    watchedPartitions:
      partition === partitionOf(installationTenant, partitions) ? partitionIds(partitions) : [],
    configOf: (tenant) => config.tenants[tenant]?.config ?? defaultTenantConfig,
    baseRules: baseRules(config),
    pageOf: (tenant, alertId) => pageOf(publicUrl, tenant, alertId),
    cardOf: (tenant, agent) =>
      publicUrl === null || !servesScoreCards
        ? null
        : `${publicUrl}/scorecards?${new URLSearchParams({ tenant, agent }).toString()}`,
  })
}

const partitionIds = (count: number): PartitionId[] =>
  Array.from({ length: count }, (_, partition) => partition as PartitionId)

function pageOf(publicUrl: string | null, tenant: string, alertId: string): string | null {
  if (publicUrl === null) return null
  return tenant === installationTenant
    ? `${publicUrl}/alerts`
    : `${publicUrl}/alerts?tenant=${encodeURIComponent(tenant)}&alert=${alertId}`
}
