import { dayMs } from '@deskpulse/core/time'
import type { TopicSpec } from './event-log.ts'

export type TopicNames = {
  /** What sources send over Kafka, unchecked. */
  readonly raw: string
  /** The record of truth: frames of accepted events and configuration. */
  readonly log: string
  /** Closed periods and configuration versions, compacted. */
  readonly closed: string
  readonly alerts: string
  readonly deadLetter: string
  /** Keys, compacted. */
  readonly access: string
  /** Who changed what. */
  readonly audit: string
  /** Which keys hide the customers of a tenant, by fingerprints, compacted. */
  readonly customerKeys: string
}

export function topicNames(prefix = 'deskpulse'): TopicNames {
  return {
    raw: `${prefix}.raw`,
    log: `${prefix}.log`,
    closed: `${prefix}.closed`,
    alerts: `${prefix}.alerts`,
    deadLetter: `${prefix}.dead-letter`,
    access: `${prefix}.access`,
    audit: `${prefix}.audit`,
    customerKeys: `${prefix}.customer-keys`,
  }
}

/** Where the embedded product keeps its dead letters, in the data directory. */
export const deadLettersFile = 'dead-letters.sqlite'

/** The consumer group of a kind of reader on a topic: installations with different prefixes do not meet. */
export function consumerGroup(topic: string, reader: string): string {
  return `${topic}.${reader}`
}

export type TopicSizes = {
  /** Of the log, and so of the state: one count for good. */
  readonly logPartitions: number
  readonly rawPartitions: number
  /** How long the raw topic is kept; without it the topic's retention is left as it is. */
  readonly rawRetentionMs?: number
  /** What the configuration keeps of dead letters; without it the topic's retention is left as it is. */
  readonly deadLetters?: { readonly retentionMs: number; readonly bytesMax: number }
}

/** Room for a dead letter's 256 KB and for a record of 1 MB with its headers. */
export const recordBytesMax = 2 * 1024 * 1024
/** How long transitions of alerts and what people did about them are kept: of those that are over the alerter lists a month. */
const alertsRetentionMs = 90 * dayMs
/** Kafka removes whole segments: a record leaves the disk so much later than it could, at most. */
export const segmentMs = dayMs

/** What each topic must be, and how long it is kept. */
export function topicSpecs(names: TopicNames, sizes: TopicSizes): readonly TopicSpec[] {
  const { logPartitions, rawPartitions, rawRetentionMs, deadLetters } = sizes
  return [
    {
      name: names.raw,
      partitions: rawPartitions,
      settings: { ...common, 'cleanup.policy': 'delete' },
      ...(rawRetentionMs === undefined ? {} : { tuned: keptFor(rawRetentionMs) }),
    },
    {
      name: names.log,
      partitions: logPartitions,
      settings: {
        ...common,
        'cleanup.policy': 'delete',
        'retention.ms': '-1',
        'retention.bytes': '-1',
      },
    },
    {
      name: names.closed,
      partitions: logPartitions,
      settings: { ...common, 'cleanup.policy': 'compact' },
    },
    {
      name: names.alerts,
      partitions: logPartitions,
      settings: { ...common, 'cleanup.policy': 'delete' },
      tuned: keptFor(alertsRetentionMs),
    },
    {
      name: names.deadLetter,
      partitions: 1,
      settings: { ...common, 'cleanup.policy': 'delete' },
      ...(deadLetters === undefined
        ? {}
        : {
            tuned: {
              ...keptFor(deadLetters.retentionMs),
              'retention.bytes': String(deadLetters.bytesMax),
            },
          }),
    },
  ]
}

/** Of who may do what, and who did: one partition each, which every process with an HTTP server reads or writes. */
export function accessTopicSpecs(
  names: Pick<TopicNames, 'access' | 'audit'>,
): readonly TopicSpec[] {
  const kept = { ...common, 'retention.ms': '-1', 'retention.bytes': '-1' }
  return [
    { name: names.access, partitions: 1, settings: { ...common, 'cleanup.policy': 'compact' } },
    { name: names.audit, partitions: 1, settings: { ...kept, 'cleanup.policy': 'delete' } },
  ]
}

/** Beside the log, since a projection can be made again under any key. One partition. */
export const customerKeysSpec = (names: Pick<TopicNames, 'customerKeys'>): TopicSpec => ({
  name: names.customerKeys,
  partitions: 1,
  settings: { ...common, 'cleanup.policy': 'compact' },
})

const keptFor = (ms: number): Readonly<Record<string, string>> => ({
  'retention.ms': String(ms),
  'segment.ms': String(segmentMs),
})

export type Topics = { readonly names: TopicNames; readonly specs: readonly TopicSpec[] }

type OfInstallation = Pick<TopicSizes, 'deadLetters'> & {
  readonly kafka: {
    readonly topicPrefix: string
    readonly partitions: number
    readonly rawRetention: number
  }
}

/** The topics of an installation on Kafka, whose raw topic has as many partitions as its log. */
export function topicsOf({
  kafka: { topicPrefix, partitions, rawRetention },
  deadLetters,
}: OfInstallation): Topics {
  const names = topicNames(topicPrefix)
  const sizes = { logPartitions: partitions, rawPartitions: partitions }
  return {
    names,
    specs: topicSpecs(names, { ...sizes, rawRetentionMs: rawRetention, deadLetters }),
  }
}

/** Log time is the broker's: without LogAppendTime a producer's clock would move it. */
const common = {
  'message.timestamp.type': 'LogAppendTime',
  'max.message.bytes': String(recordBytesMax),
} as const
