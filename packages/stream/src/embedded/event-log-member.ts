import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Consumption, PartitionId } from '../event-log.ts'
import { realTimer, together } from '../timer.ts'
import { consumePartition, paceMs } from './event-log-turn.ts'
import type { Ownership, TurnContext } from './event-log-turn.ts'

export type GroupMember = {
  readonly consumption: Consumption
  /** From now on exactly these are the member's. A handler that is under way on another one goes on until it returns. */
  assign(partitions: readonly number[]): void
}

export type MemberOptions = TurnContext & { readonly leave: (member: GroupMember) => void }

export function groupMember(options: MemberOptions): GroupMember {
  const { commits, group, leave } = options
  const pace = together(realTimer, paceMs)
  const owned = new Map<number, Ownership>()
  const turns = new Set<Promise<void>>()
  const ended = Promise.withResolvers<void>()
  let ending: Promise<void> | null = null

  function assign(partitions: readonly number[]): void {
    for (const [partition, ownership] of owned) {
      if (partitions.includes(partition)) continue
      owned.delete(partition)
      ownership.held = false
      ownership.wake()
    }
    for (const partition of partitions) if (!owned.has(partition)) begin(partition)
  }

  function begin(partition: number): void {
    const slot = group.topic.slots[partition]
    if (!slot) throw new Error(`topic ${group.topic.name} has no partition ${partition}`)
    const ownership: Ownership = {
      partition,
      slot,
      held: true,
      ending: ending !== null,
      wake: () => {},
    }
    owned.set(partition, ownership)
    const turn = Promise.resolve(group.turns[partition])
      .then(() => consumePartition(options, pace, ownership))
      .catch((error: unknown) => void end({ error }))
      .finally(() => turns.delete(turn))
    group.turns[partition] = turn
    turns.add(turn)
  }

  /** Once: lets the running handlers finish, leaves, settles. */
  function end(failure?: { readonly error: unknown }): Promise<void> {
    ending ??= finish(failure)
    return ending
  }

  async function finish(failure?: { readonly error: unknown }): Promise<void> {
    for (const ownership of owned.values()) {
      ownership.ending = true
      ownership.wake()
    }
    await nextTurn() // A turn that ends us is still in the set, and ends by itself.
    await Promise.all(turns)
    leave(member)
    await commits.flush()
    if (failure) ended.reject(failure.error)
    else ended.resolve()
  }

  const member: GroupMember = {
    assign,
    consumption: {
      assigned: () => [...owned.keys()] as PartitionId[],
      ended: ended.promise,
      stop: () => end(),
    },
  }
  return member
}
