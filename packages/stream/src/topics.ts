import { dayMs } from '@deskpulse/core'
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
}

export function topicNames(prefix = 'deskpulse'): TopicNames {
  return {
    raw: `${prefix}.raw`,
    log: `${prefix}.log`,
    closed: `${prefix}.closed`,
    alerts: `${prefix}.alerts`,
    deadLetter: `${prefix}.dead-letter`,
  }
}

/** The consumer group of a kind of reader on a topic: installations with different prefixes do not meet. */
export function consumerGroup(topic: string, reader: string): string {
  return `${topic}.${reader}`
}

export type TopicSizes = {
  /** Of the log, and so of the state: one count for good. */
  readonly logPartitions: number
  readonly rawPartitions: number
  readonly deadLetterRetentionMs?: number
}

/** Room for a dead letter's 256 KB and for a record of 1 MB with its headers. */
export const recordBytesMax = 2 * 1024 * 1024
export const deadLetterRetentionDefaultMs = 14 * dayMs

/** What each topic must be. Settings that are a matter of taste (the retention of `raw` and `alerts`) are the broker's. */
export function topicSpecs(names: TopicNames, sizes: TopicSizes): readonly TopicSpec[] {
  const { logPartitions, rawPartitions, deadLetterRetentionMs = deadLetterRetentionDefaultMs } = sizes
  return [
    { name: names.raw, partitions: rawPartitions, settings: { ...common, 'cleanup.policy': 'delete' } },
    {
      name: names.log,
      partitions: logPartitions,
      settings: { ...common, 'cleanup.policy': 'delete', 'retention.ms': '-1', 'retention.bytes': '-1' },
    },
    { name: names.closed, partitions: logPartitions, settings: { ...common, 'cleanup.policy': 'compact' } },
    { name: names.alerts, partitions: logPartitions, settings: { ...common, 'cleanup.policy': 'delete' } },
    {
      name: names.deadLetter,
      partitions: 1,
      settings: { ...common, 'cleanup.policy': 'delete', 'retention.ms': String(deadLetterRetentionMs) },
    },
  ]
}

export type Topics = { readonly names: TopicNames; readonly specs: readonly TopicSpec[] }

/** The topics of an installation on Kafka, whose raw topic has as many partitions as its log. */
export function topicsOf({ topicPrefix, partitions }: { readonly topicPrefix: string; readonly partitions: number }): Topics {
  const names = topicNames(topicPrefix)
  return { names, specs: topicSpecs(names, { logPartitions: partitions, rawPartitions: partitions }) }
}

/** Log time is the broker's: without LogAppendTime a producer's clock would move it. */
const common = { 'message.timestamp.type': 'LogAppendTime', 'max.message.bytes': String(recordBytesMax) } as const
