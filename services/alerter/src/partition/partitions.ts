import type { Consumption, PartitionId } from '@deskpulse/stream'
import type { OwnershipOptions } from './ownership.ts'
import { type Seat, seatOf } from './seat.ts'
import type { TakingOptions } from './taking.ts'

export type PartitionsOptions = Omit<OwnershipOptions, 'mayWait' | 'fail'> &
  TakingOptions & { readonly group: string }

export type Partitions = Consumption & {
  /** Those that are owned now. */
  owned(): readonly PartitionId[]
}

/** How often the group's assignment is looked at: partitions without a record are taken, and those that are gone are let go. */
export const lookEveryMs = 250

/**
 * Owns the partitions that the group gives to this process. The stored offset is the only truth: an ownership begins with what the topic holds from
 * there on; records before it are skipped, and a batch that begins after it is sought back.
 */
export async function startPartitions(options: PartitionsOptions): Promise<Partitions> {
  const { log, topic, group, timer, relay } = options
  const seats = new Map<PartitionId, Seat>()
  const failed = Promise.withResolvers<never>()
  let isStopping = false
  let callOff = (): void => {}
  let stopped: Promise<void> | null = null

  function seatFor(partition: PartitionId): Seat {
    const owning = { ...options, mayWait: () => !isStopping, fail: failed.reject }
    const seat =
      seats.get(partition) ??
      seatOf(owning, partition, () => consumption.assigned().includes(partition))
    seats.set(partition, seat)
    return seat
  }

  function look(): void {
    const assigned = consumption.assigned()
    for (const partition of assigned) seatFor(partition).visit()
    for (const [partition, seat] of seats) if (!assigned.includes(partition)) seat.miss()
    callOff = timer.after(lookEveryMs, look)
  }

  async function stop(): Promise<void> {
    isStopping = true
    relay.stopRetrying()
    callOff()
    await Promise.all([consumption.stop(), ...[...seats.values()].map((seat) => seat.stop())])
    await relay.stop()
  }

  const consumption = await log.consume({
    topic,
    group,
    handle: (batch) => seatFor(batch.partition).take(batch),
  })
  look()
  const ended = Promise.race([consumption.ended, failed.promise])
  ended.catch(() => void (stopped ??= stop().catch(() => {}))) // What failed is told by `ended`.
  return {
    assigned: () => consumption.assigned(),
    owned: () => [...seats].filter(([, seat]) => seat.isOwned()).map(([partition]) => partition),
    ended,
    stop: () => (stopped ??= stop()),
  }
}
