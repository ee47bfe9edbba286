import type { Offset, PartitionId } from '@deskpulse/stream'

/** How far several partitions are folded, for those who wait until they are far enough. */
export type Reaching = {
  /** Resolves when each partition has been at the log's end once. */
  readonly caughtUp: Promise<void>
  /** Resolves when each partition with records is at its offset; parallel to the partitions. */
  at(offsets: readonly number[]): Promise<void>
  /** `lag`: records that are left of the partition, as of the last fetch. */
  committed(partition: PartitionId, next: Offset, lag: number): void
  /** Whoever waits, or will, gets this error. Only the first one counts. */
  fail(error: unknown): void
}

/** @param partitions those that have records: of the others nothing is to be expected. */
export function reaching(partitions: readonly PartitionId[]): Reaching {
  const behind = new Set(partitions)
  const next = new Map<PartitionId, number>()
  const caughtUp = Promise.withResolvers<void>()
  const failed = Promise.withResolvers<never>()
  for (const { promise } of [caughtUp, failed]) promise.catch(() => {}) // Nobody may be waiting for it.
  const waiters = new Set<() => void>()
  if (behind.size === 0) caughtUp.resolve()

  return {
    caughtUp: caughtUp.promise,
    at(offsets) {
      const isThere = (): boolean => partitions.every((at) => (next.get(at) ?? 0) >= offsets[at]!)
      const there = new Promise<void>((resolve) => {
        const look = (): void => {
          if (!isThere()) return
          waiters.delete(look)
          resolve()
        }
        waiters.add(look)
        look()
      })
      return Promise.race([there, failed.promise])
    },
    committed(partition, offset, lag) {
      next.set(partition, offset)
      if (lag === 0) behind.delete(partition)
      if (behind.size === 0) caughtUp.resolve()
      for (const look of waiters) look()
    },
    fail(error) {
      caughtUp.reject(error)
      failed.reject(error)
    },
  }
}
