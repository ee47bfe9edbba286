import type { CommitOutcome, Offset, OwnerTelemetry, PartitionId } from '@deskpulse/stream'

/** What the owner of partitions tells about itself. */
export type PartitionTelemetry = OwnerTelemetry & {
  committed(partition: PartitionId, outcome: CommitOutcome['kind'], tookMs: number): void
  /** Records of the topic that are taken in. */
  taken(partition: PartitionId, records: number): void
  /** How many are still to come. */
  lagging(partition: PartitionId, records: number): void
  /** A record that says nothing that this version understands: it changes nothing. */
  unreadable(partition: PartitionId, offset: Offset, error: unknown): void
}
