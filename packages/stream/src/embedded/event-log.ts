import type { EpochMs } from '@deskpulse/core/time'
import { DeskpulseError } from '../errors.ts'
import type {
  EventLog,
  GroupPosition,
  LogRecord,
  NewRecord,
  Offset,
  PartitionId,
  TopicSpec,
} from '../event-log.ts'
import { groupCommits } from './event-log-commits.ts'
import { openLogFile } from './event-log-file.ts'
import type { LogFile, Slot, Topic } from './event-log-file.ts'
import { consumerGroups } from './event-log-groups.ts'

export type EmbeddedEventLogOptions = {
  /** Made when missing, with `-wal` beside it. One process at a time. */
  readonly file: string
  /** The log's own clock: append times are what it says, also where it is put back. */
  readonly now?: () => EpochMs
  /** Bytes that the file may take; past it appends are refused with LOG_FULL. Default: what the disk has. */
  readonly maxBytes?: number
}

/** An EventLog in one SQLite file, for one process. An append that resolved survives the end of the process and of the machine's power. */
export function embeddedEventLog({
  file: path,
  now = () => Date.now() as EpochMs,
  maxBytes,
}: EmbeddedEventLogOptions): EventLog {
  const file = openLogFile(path, now, maxBytes)
  const commits = groupCommits(file)
  const groups = consumerGroups(file, commits)
  let closed = false

  const topicOf = (name: string): Topic => {
    if (closed) throw new DeskpulseError('LOG_UNAVAILABLE', 'the log is closed')
    const topic = file.topic(name)
    if (!topic) throw new DeskpulseError('LOG_TOPIC_UNKNOWN', `no topic ${name}`)
    return topic
  }

  return {
    async append(name, partition, records) {
      const topic = topicOf(name)
      refuseTooLarge(topic, records)
      if (records.length > 0) await commits.append(slotOf(topic, partition), records)
    },
    async partitionCount(name) {
      return topicOf(name).slots.length
    },
    async consume({ topic, group, handle }) {
      return groups.join(topicOf(topic), group, handle)
    },
    async oldestUnconsumed(name, group) {
      const topic = topicOf(name)
      const next = groups.positions(topic, group)
      return topic.slots.map(
        (slot, at) => recordFrom(file, slot, next[at] ?? (0 as Offset))?.appendedAtMs ?? null,
      )
    },
    async consumed(name, group) {
      const topic = topicOf(name)
      const next = groups.positions(topic, group)
      return topic.slots.map((slot, at) => consumedOf(file, slot, next[at] ?? (0 as Offset)))
    },
    async retained(name) {
      return topicOf(name).slots.map(
        (slot) => recordFrom(file, slot, 0 as Offset)?.offset ?? (slot.nextOffset as Offset),
      )
    },
    async ends(name) {
      return topicOf(name).slots.map(({ nextOffset }) => nextOffset as Offset)
    },
    async read(name, partition, from, limit) {
      return file.page(slotOf(topicOf(name), partition), from, { records: limit, bytes: Infinity })
    },
    async ensureTopics(specs) {
      for (const spec of specs) {
        const topic = file.topic(spec.name)
        if (!topic) file.createTopic(spec)
        else {
          refuseOther(topic, spec)
          if (spec.tuned) file.tuneTopic(topic, { ...topic.settings, ...spec.tuned })
        }
      }
    },
    async checkTopics(specs) {
      for (const spec of specs) refuseOther(topicOf(spec.name), spec)
    },
    async ping() {
      return !closed && file.answers()
    },
    async close() {
      if (closed) return
      closed = true
      await groups.stopAll()
      await commits.flush()
      file.close()
    },
  }
}

/** The record at `from`, or the first retained one after it. */
const recordFrom = (file: LogFile, slot: Slot, from: Offset): LogRecord | undefined =>
  file.page(slot, from, { records: 1, bytes: Infinity })[0]

function consumedOf(file: LogFile, slot: Slot, offset: Offset): GroupPosition | null {
  if (offset === 0) return null
  const last = recordFrom(file, slot, (offset - 1) as Offset)
  return { offset, consumedMs: last?.offset === offset - 1 ? last.appendedAtMs : null }
}

function slotOf(topic: Topic, partition: PartitionId): Slot {
  const slot = topic.slots[partition]
  if (!slot)
    throw new DeskpulseError(
      'LOG_TOPIC_UNKNOWN',
      `topic ${topic.name} has ${topic.slots.length} partitions, and no partition ${partition}`,
    )
  return slot
}

/** As Kafka's default where the topic says nothing. */
const recordBytesDefault = 1024 * 1024 + 12

function refuseTooLarge(topic: Topic, records: readonly NewRecord[]): void {
  const limit = Number(topic.settings['max.message.bytes'] ?? recordBytesDefault)
  for (const { value } of records) {
    if (value && value.length > limit) {
      throw new DeskpulseError(
        'LOG_RECORD_TOO_LARGE',
        `a record of ${value.length} bytes is past max.message.bytes ${limit} of topic ${topic.name}`,
      )
    }
  }
}

function refuseOther(topic: Topic, spec: TopicSpec): void {
  const refuse = (setting: string, is: unknown, must: unknown) => {
    throw new DeskpulseError(
      'LOG_TOPIC_SETTINGS',
      `topic ${topic.name}: ${setting} is ${String(is)} and must be ${String(must)}`,
    )
  }
  if (topic.slots.length !== spec.partitions)
    refuse('partitions', topic.slots.length, spec.partitions)
  for (const [name, must] of Object.entries(spec.settings)) {
    const is = topic.settings[name]
    if (is !== must) refuse(name, is ?? 'not set', must)
  }
}
