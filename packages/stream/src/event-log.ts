import type { Brand, EpochMs } from '@deskpulse/core/time'

export type PartitionId = Brand<number, 'PartitionId'>
/** Position of a record in its partition; the next one to read after record n is n + 1 or, where the log skips, more. */
export type Offset = Brand<number, 'Offset'>

export type LogRecord = {
  readonly offset: Offset
  /** The broker's (embedded: the log's) append time; never the producer's clock. */
  readonly appendedAtMs: EpochMs
  readonly key: Uint8Array | null
  readonly value: Uint8Array | null
  readonly headers: Readonly<Record<string, string>>
}

export type NewRecord = {
  readonly key: Uint8Array | string | null
  readonly value: Uint8Array | null
  readonly headers?: Readonly<Record<string, string>>
}

export type LogBatch = {
  readonly partition: PartitionId
  /** In offset order, never empty. The bytes are the handler's own: they stay valid after it returns. */
  readonly records: readonly LogRecord[]
  /** The partition's end when the batch was fetched (next offset to be appended): lag = endOffset − the next offset to read. */
  readonly endOffset: Offset
  /** Tells the group that the handler is alive. `false`: the partition is no longer ours, or is about to go; drop the work. What the handler returns is then ignored. */
  keepAlive(): Promise<boolean>
}

/**
 * Returns the offset to read next: the last record's + 1 to go on, any other to seek, forward or backward. It is also what lag monitoring
 * sees as consumed. At most one call per partition is under way. A throw ends the consumption (`Consumption.failed`): handlers decide about retries.
 */
export type BatchHandler = (batch: LogBatch) => Promise<Offset>

export type ConsumeOptions = {
  readonly topic: string
  /** Members of one group share the partitions; each partition is with one member at a time. */
  readonly group: string
  readonly handle: BatchHandler
}

export type Consumption = {
  /** Partitions assigned now. */
  assigned(): readonly PartitionId[]
  /** Settles when the consumption has ended: resolves after `stop`, rejects when a handler threw or the log is gone for good. */
  readonly ended: Promise<void>
  /** Lets running handlers finish, then leaves the group. Safe to call twice. */
  stop(): Promise<void>
}

/** Where a group stands in a partition. */
export type GroupPosition = {
  /** To be read next. */
  readonly offset: Offset
  /** The append time of the last record that the group consumed; `null`: nobody knows. */
  readonly consumedMs: EpochMs | null
}

export type TopicSpec = {
  readonly name: string
  readonly partitions: number
  /** Settings that the topic must have, by the broker's names (`message.timestamp.type` …). */
  readonly settings: Readonly<Record<string, string>>
  /** Settings that an operator may change: the topic is brought to them, also when it is there already. */
  readonly tuned?: Readonly<Record<string, string>>
}

/** An append-only, partitioned log with consumer groups. Adapters: embedded (one file), Kafka. The contract suite is its documentation. */
export type EventLog = {
  /**
   * Appends `records` to one partition, in order. Resolves when the log has them for good (`acks=all`). After a failure in between, records may be
   * there twice; they are never lost once this resolved.
   * @throws DeskpulseError LOG_UNAVAILABLE (nothing is known about the records); LOG_FULL, LOG_RECORD_TOO_LARGE, LOG_TOPIC_UNKNOWN (nothing was written).
   */
  append(topic: string, partition: PartitionId, records: readonly NewRecord[]): Promise<void>
  /** @throws DeskpulseError LOG_TOPIC_UNKNOWN. */
  partitionCount(topic: string): Promise<number>
  /**
   * Reads from the group's consumed offset, else from the first record. An offset that the log does not have (any more, or yet) gives the first retained
   * record: a handler that knows what it expects compares.
   */
  consume(options: ConsumeOptions): Promise<Consumption>
  /**
   * By partition, the append time of the oldest record that the group has not consumed; `null`: it has consumed all. What a member is still at work on counts as
   * not consumed. Asks as no member.
   * @throws DeskpulseError LOG_UNAVAILABLE, LOG_TOPIC_UNKNOWN.
   */
  oldestUnconsumed(topic: string, group: string): Promise<readonly (EpochMs | null)[]>
  /**
   * By partition, where the group stands; `null`: it has consumed nothing. It stands there also when the log no longer has that record, until a member
   * has begun to read on.
   * @throws DeskpulseError LOG_UNAVAILABLE, LOG_TOPIC_UNKNOWN.
   */
  consumed(topic: string, group: string): Promise<readonly (GroupPosition | null)[]>
  /** By partition, the first offset that the log still has; its end where it has none. @throws DeskpulseError LOG_UNAVAILABLE, LOG_TOPIC_UNKNOWN. */
  retained(topic: string): Promise<readonly Offset[]>
  /** By partition, the offset that is appended next. @throws DeskpulseError LOG_UNAVAILABLE, LOG_TOPIC_UNKNOWN. */
  ends(topic: string): Promise<readonly Offset[]>
  /** One page of records from `from` (or the first retained one after it), oldest first; empty at the end. For tools and tests. */
  read(
    topic: string,
    partition: PartitionId,
    from: Offset,
    limit: number,
  ): Promise<readonly LogRecord[]>
  /** Creates what is missing, and tunes what is there. @throws DeskpulseError LOG_TOPIC_SETTINGS naming the topic, the setting, and what it is and must be. */
  ensureTopics(specs: readonly TopicSpec[]): Promise<void>
  /** Looks whether they still are what they must be. @throws DeskpulseError LOG_TOPIC_SETTINGS as `ensureTopics`, LOG_TOPIC_UNKNOWN, LOG_UNAVAILABLE. */
  checkTopics(specs: readonly TopicSpec[]): Promise<void>
  /** `true` when the log answers now: readiness. */
  ping(): Promise<boolean>
  close(): Promise<void>
}
