import type { EventLog, PartitionId, StateStore } from '@deskpulse/stream'

/** How the log of one partition is folded. */
export type Cut = {
  /** Ascending offsets at which a batch ends; the last one is the end of the log. */
  readonly ends: readonly number[]
  /** Offsets before which another worker takes the partition, for a moment: whoever has it is fenced, and begins again with nothing held. */
  readonly takeovers: ReadonlySet<number>
}

/**
 * The log, whose consumers get its records in the batches of `cuts` instead of those in which they came. A batch of which not all has come is read again
 * with what follows.
 */
export function cutLog(log: EventLog, store: StateStore, cuts: readonly Cut[]): EventLog {
  const done = new Set<string>()

  async function takeOver(partition: PartitionId, offset: number): Promise<void> {
    const name = `${partition} ${offset}`
    if (!cuts[partition]!.takeovers.has(offset) || done.has(name)) return
    done.add(name)
    await store.acquire(partition)
  }

  return {
    ...log,
    consume: ({ handle, ...options }) =>
      log.consume({
        ...options,
        async handle(batch) {
          const { partition, records } = batch
          let next = records[0]!.offset
          for (;;) {
            const end = cuts[partition]!.ends.find((one) => one > next)!
            const piece = records.filter(({ offset }) => offset >= next && offset < end)
            if (piece.length < end - next) return next
            await takeOver(partition, next)
            next = await handle({ ...batch, records: piece })
            if (next !== end || end > records.at(-1)!.offset) return next
          }
        },
      }),
  }
}
