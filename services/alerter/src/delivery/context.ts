import type { PartitionId, Timer, TopicNames } from '@deskpulse/stream'
import type { EndpointConfig, EndpointKind } from '@deskpulse/contract'
import type { EpochMs } from '@deskpulse/core/time'
import type { Channel } from '../channels/channel.ts'
import type { Sender } from '../sending/sender.ts'
import type { AttemptOutcome } from './attempts.ts'
import type { DisableReason } from './health.ts'
import type { DeliveryLimits } from './limits.ts'

export type DeliveryTelemetry = {
  /** A request ended. `reason`: `null` = accepted. */
  attempted(attempt: {
    readonly endpoint: string
    readonly kind: EndpointKind
    readonly outcome: AttemptOutcome
    readonly reason: string | null
    readonly tookMs: number
  }): void
  /** There was no room in the endpoint's queue: so many notices were given up. */
  overflowed(endpoint: string, notices: number): void
  /** Too many alerts of the endpoint are renewed already: one more is not. */
  notRenewed(endpoint: string): void
  disabled(endpoint: string, reason: DisableReason): void
  enabled(endpoint: string): void
  /** A bug: nothing is sent for this partition any more. */
  broken(partition: PartitionId, error: unknown): void
}

export type DeliveryOptions = {
  readonly partition: PartitionId
  /** Those of this partition. */
  readonly endpoints: readonly EndpointConfig[]
  readonly channelOf: (kind: EndpointKind) => Channel
  readonly sender: Sender
  readonly nowMs: () => EpochMs
  /** Whether alerts could be told now: asked where an endpoint is pinged. Never rejects. */
  readonly canTell: () => Promise<boolean>
  /** In [0, 1). */
  readonly random: () => number
  readonly timer: Timer
  readonly telemetry: DeliveryTelemetry
  readonly topics: Pick<TopicNames, 'alerts'>
  readonly limits?: Partial<DeliveryLimits>
}

/** What decisions need beside what is stored. */
export type DeliveryContext = Pick<DeliveryOptions, 'random' | 'telemetry' | 'topics'> & {
  readonly limits: DeliveryLimits
}
