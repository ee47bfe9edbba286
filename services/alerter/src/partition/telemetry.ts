import type { CommitOutcome, DeskpulseError, Offset, PartitionId } from '@deskpulse/stream'

/** Why a partition is no longer owned. `reassigned`: the group gave it to another member, or has not given it to anybody yet. */
export type LossReason = 'fenced' | 'behind' | 'reassigned' | 'store-away' | 'stopped'

/** What the owner of partitions tells about itself. */
export type PartitionTelemetry = {
  committed(partition: PartitionId, outcome: CommitOutcome['kind'], tookMs: number): void
  /** Records of the topic that are taken in. */
  taken(partition: PartitionId, records: number): void
  /** How many are still to come. */
  lagging(partition: PartitionId, records: number): void
  /** A record that says nothing that this version understands: it changes nothing. */
  unreadable(partition: PartitionId, offset: Offset, error: unknown): void
  /** Records that the topic no longer holds: what they said is missing. */
  gap(partition: PartitionId, expected: Offset, found: Offset): void
  lost(partition: PartitionId, why: LossReason): void
  /** A store does not answer; it is asked again. */
  waiting(partition: PartitionId, error: DeskpulseError): void
}
