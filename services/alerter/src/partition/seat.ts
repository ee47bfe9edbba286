import type { LogBatch, Offset, PartitionId } from '@deskpulse/stream'
import { holderOf } from './holder.ts'
import type { OwnershipOptions } from './ownership.ts'
import { catchUp, takeBatch, type TakingOptions } from './taking.ts'

/** One partition's place in this process: what the group's assignment and its batches do to the holder. */
export type Seat = {
  /** @returns the offset to read next. */
  take(batch: LogBatch): Promise<Offset>
  /** It is assigned, as far as is known: taken without waiting for a batch, and read up to its end. Returns at once. */
  visit(): void
  /** It is not assigned: let go when that lasts. */
  miss(): void
  isOwned(): boolean
  stop(): Promise<void>
}

/** A group that forms anew assigns nothing for a moment. Whoever takes a partition over meanwhile fences us anyway. */
export const unassignedGraceMs = 3_000

export function seatOf(
  options: OwnershipOptions & TakingOptions,
  partition: PartitionId,
  isAssigned: () => boolean,
): Seat {
  const { nowMs, mayWait, fail } = options
  const holder = holderOf(options, partition)
  /** Batches that wait for the holder's turn: what is under way without one gives way, because only a batch keeps the group's trust. */
  let waiting = 0
  let isVisiting = false
  let unassignedSinceMs: number | null = null

  const isOurs = (): boolean => mayWait() && waiting === 0 && isAssigned()

  async function takeWhatIs(): Promise<void> {
    const ownership = isOurs() ? await holder.hold(async () => isOurs()) : null
    if (ownership !== null) await catchUp(options, ownership, partition, isOurs)
  }

  return {
    take(batch) {
      waiting += 1
      return holder.turns(async () => {
        waiting -= 1
        const ownership = await holder.hold(() => batch.keepAlive())
        return ownership === null
          ? batch.records[0]!.offset
          : takeBatch(options, ownership, batch, mayWait)
      })
    },
    visit() {
      unassignedSinceMs = null
      const current = holder.current()
      const isWhole = current?.ledger.lost() === null && current.isCaughtUp
      if (isWhole || isVisiting || waiting > 0 || nowMs() < holder.restsUntilMs()) return
      isVisiting = true
      holder
        .turns(takeWhatIs)
        .catch(fail)
        .finally(() => void (isVisiting = false))
    },
    miss() {
      unassignedSinceMs ??= nowMs()
      if (nowMs() - unassignedSinceMs >= unassignedGraceMs)
        holder.current()?.ledger.lose('reassigned')
    },
    isOwned: () => holder.current()?.ledger.lost() === null,
    stop: () => holder.turns(async () => holder.current()?.stop('stopped')),
  }
}
