import { type Config } from '@deskpulse/contract'
import { tenantsKey } from '@deskpulse/core/state'
import { minuteMs, secondMs } from '@deskpulse/core/time'
import {
  consumerGroup,
  DeskpulseError,
  type EventLog,
  type PartitionId,
  partitionOf,
  type Position,
  type StateStore,
  type TopicNames,
} from '@deskpulse/stream'
import { knownUpTo } from './book/context.ts'

/**
 * Why alerts cannot be told now. `log-away`, `store-away`: it does not answer, or another version folded it; `alerts-unread`: the topic of alerts holds what nobody takes;
 * `values-behind`: the folds of a partition with tenants are behind.
 */
export type MuteReason = 'log-away' | 'store-away' | 'alerts-unread' | 'values-behind'

export const unreadMaxMs = 30 * secondMs
export const behindMaxMs = minuteMs

export type CanTellOptions = {
  readonly log: Pick<EventLog, 'oldestUnconsumed'>
  /** The aggregator's. */
  readonly store: Pick<StateStore, 'read'>
  readonly topics: TopicNames
  readonly partitions: number
  readonly config: Pick<Config, 'tenants'>
  readonly nowMs: () => number
  /** When the process started. */
  readonly startedMs: number
}

/**
 * Looks at everything that an alert goes through but this process's own store and the sending, which a ping goes through itself. `null`: alerts could
 * be told, of every partition.
 */
export async function whyMute({
  log,
  store,
  topics,
  partitions,
  config,
  nowMs,
  startedMs,
}: CanTellOptions): Promise<MuteReason | null> {
  const atMs = nowMs()
  try {
    const unread = await log.oldestUnconsumed(
      topics.alerts,
      consumerGroup(topics.alerts, 'alerter'),
    )
    if (unread.some((appendedAtMs) => appendedAtMs !== null && atMs - appendedAtMs > unreadMaxMs))
      return 'alerts-unread'
    const named = new Set(
      Object.keys(config.tenants).map((tenant) => partitionOf(tenant, partitions)),
    )
    for (
      let partition = 0 as PartitionId;
      partition < partitions;
      partition = (partition + 1) as PartitionId
    ) {
      const { values, ...position } = await store.read(partition, { keys: [tenantsKey] })
      const hasTenants = named.has(partition) || values[0] !== null
      if (hasTenants && isBehind(position, atMs, startedMs)) return 'values-behind'
    }
    return null
  } catch (error) {
    if (!(error instanceof DeskpulseError)) throw error
    return error.code.startsWith('STORE_') ? 'store-away' : 'log-away'
  }
}

const isBehind = (position: Place, nowMs: number, startedMs: number): boolean =>
  nowMs - knownUpTo(position) > behindMaxMs && !isFirstAwaited(position, nowMs - startedMs)

type Place = Pick<Position, 'logTimeMs' | 'watermarkMs'>

/** Of a partition that nothing was ever folded of, as in a fresh installation, nothing can be known yet: it has as long as others, from the start on. */
const isFirstAwaited = ({ logTimeMs }: Place, upMs: number): boolean =>
  logTimeMs === 0 && upMs >= 0 && upMs <= behindMaxMs
