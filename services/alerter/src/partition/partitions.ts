import type { Consumption, EventLog, PartitionId, Relay } from '@deskpulse/stream'
import { type Assignment, assignmentOf, type AssignmentOptions } from './assignment.ts'

export type PartitionsOptions = Omit<AssignmentOptions, 'mayWait' | 'fail'> & {
  readonly log: EventLog
  readonly relay: Relay
  readonly group: string
}

export type Partitions = Consumption & {
  /** Those that are owned now. */
  owned(): readonly PartitionId[]
}

/** How often the group's assignment is looked at: partitions without a record are owned too, and those that are gone are let go. */
export const lookEveryMs = 250

/** Owns the partitions that the group gives to this process, also those without a record: see `PartitionOwner`. */
export async function startPartitions(options: PartitionsOptions): Promise<Partitions> {
  const { log, topic, group, timer, relay } = options
  const assignments = new Map<PartitionId, Assignment>()
  const failed = Promise.withResolvers<never>()
  let isStopping = false
  let callOff = (): void => {}
  let stopped: Promise<void> | null = null

  function assignmentFor(partition: PartitionId): Assignment {
    return assignments.getOrInsertComputed(partition, () => {
      const owning = { ...options, mayWait: () => !isStopping, fail: failed.reject }
      return assignmentOf(owning, partition, () => consumption.assigned().includes(partition))
    })
  }

  function look(): void {
    const assigned = consumption.assigned()
    for (const partition of assigned) assignmentFor(partition).assigned()
    for (const [partition, assignment] of assignments) {
      if (!assigned.includes(partition)) assignment.unassigned()
    }
    callOff = timer.after(lookEveryMs, look)
  }

  async function stop(): Promise<void> {
    isStopping = true
    relay.stopRetrying()
    callOff()
    await Promise.all([consumption, ...assignments.values()].map((each) => each.stop()))
    await relay.stop()
  }

  const consumption = await log.consume({
    topic,
    group,
    handle: (batch) => assignmentFor(batch.partition).take(batch),
  })
  look()
  const ended = Promise.race([consumption.ended, failed.promise])
  ended.catch(() => void (stopped ??= stop().catch(() => {}))) // What failed is told by `ended`.
  return {
    assigned: () => consumption.assigned(),
    owned: () =>
      [...assignments].flatMap(([partition, { isOwned }]) => (isOwned() ? partition : [])),
    ended,
    stop: () => (stopped ??= stop()),
  }
}
