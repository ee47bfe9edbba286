import type { Consumption, LogBatch, Offset, PartitionId } from '@deskpulse/stream'
import { type Holder, holderOf } from './holder.ts'
import type { OwnershipOptions } from './ownership.ts'
import { catchUp, takeBatch, type TakingOptions } from './taking.ts'

export type PartitionsOptions = Omit<OwnershipOptions, 'mayWait' | 'fail'> & TakingOptions & { readonly group: string }

export type Partitions = Consumption & {
  /** Those that are owned now. */
  owned(): readonly PartitionId[]
}

/** How often the group's assignment is looked at: partitions without a record are taken, and those that are gone are let go. */
export const lookEveryMs = 250
/** A group that forms anew assigns nothing for a moment. Whoever takes a partition over meanwhile fences us anyway. */
export const unassignedGraceMs = 3_000

/**
 * Owns the partitions that the group gives to this process. The stored offset is the only truth: an ownership begins with what the topic holds from
 * there on; records before it are skipped, and a batch that begins after it is sought back.
 */
export async function startPartitions(options: PartitionsOptions): Promise<Partitions> {
  const { log, topic, group, timer, nowMs } = options
  const holders = new Map<PartitionId, Holder>()
  const unassignedSinceMs = new Map<PartitionId, number>()
  const failed = Promise.withResolvers<never>()
  let isStopping = false
  let callOff = (): void => {}
  let stopped: Promise<void> | null = null

  const owning: OwnershipOptions = { ...options, mayWait: () => !isStopping, fail: failed.reject }

  function holderFor(partition: PartitionId): Holder {
    const known = holders.get(partition) ?? holderOf(owning, partition)
    holders.set(partition, known)
    return known
  }

  /** Batches that wait for the holder's turn: what is under way without one gives way, because only a batch keeps the group's trust. */
  const waiting = new Map<PartitionId, number>()

  async function handle(batch: LogBatch): Promise<Offset> {
    const { partition, records } = batch
    const holder = holderFor(partition)
    waiting.set(partition, (waiting.get(partition) ?? 0) + 1)
    return holder.turns(async () => {
      waiting.set(partition, waiting.get(partition)! - 1)
      const ownership = await holder.hold(() => batch.keepAlive())
      return ownership === null ? records[0]!.offset : takeBatch(options, ownership, batch, owning.mayWait)
    })
  }

  function look(): void {
    const assigned = consumption.assigned()
    for (const partition of assigned) {
      unassignedSinceMs.delete(partition)
      visit(partition)
    }
    for (const [partition, holder] of holders) if (!assigned.includes(partition)) letGo(partition, holder)
    callOff = timer.after(lookEveryMs, look)
  }

  function visit(partition: PartitionId): void {
    const holder = holderFor(partition)
    const current = holder.current()
    if (current?.ledger.lost() === null && current.isCaughtUp) return
    if ((waiting.get(partition) ?? 0) > 0 || nowMs() < holder.restsUntilMs() || visiting.has(partition)) return
    visiting.add(partition)
    const isOurs = (): boolean => !isStopping && (waiting.get(partition) ?? 0) === 0 && consumption.assigned().includes(partition)
    holder
      .turns(async () => {
        const ownership = isOurs() ? await holder.hold(async () => isOurs()) : null
        if (ownership !== null) await catchUp(options, ownership, partition, isOurs)
      })
      .catch(failed.reject)
      .finally(() => visiting.delete(partition))
  }
  const visiting = new Set<PartitionId>()

  function letGo(partition: PartitionId, holder: Holder): void {
    const sinceMs = unassignedSinceMs.get(partition) ?? nowMs()
    unassignedSinceMs.set(partition, sinceMs)
    if (nowMs() - sinceMs >= unassignedGraceMs) holder.current()?.ledger.lose('reassigned')
  }

  async function stop(): Promise<void> {
    isStopping = true
    callOff()
    await consumption.stop()
    await Promise.all([...holders.values()].map((holder) => holder.turns(async () => holder.current()?.stop('stopped'))))
    await options.relay.stop()
  }

  const consumption = await log.consume({ topic, group, handle })
  look()
  const ended = Promise.race([consumption.ended, failed.promise])
  ended.catch(() => void (stopped ??= stop().catch(() => {}))) // What failed is told by `ended`.
  return {
    assigned: () => consumption.assigned(),
    owned: () => [...holders].filter(([, holder]) => holder.current()?.ledger.lost() === null).map(([partition]) => partition),
    ended,
    stop: () => (stopped ??= stop()),
  }
}
