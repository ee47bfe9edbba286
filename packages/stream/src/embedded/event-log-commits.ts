import type { NewRecord, Offset } from '../event-log.ts'
import type { Consumed, LogFile, Slot, Write } from './event-log-file.ts'

/** How long a consumed offset may wait for an append to go along with. It is a hint: losing it costs a repeat. */
const consumedWaitMs = 200

/** Groups what is asked for in one turn of the event loop into one transaction. */
export type GroupCommits = {
  append(slot: Slot, records: readonly NewRecord[]): Promise<void>
  consumed(group: string, slot: Slot, offset: Offset): void
  /** Calls `wake` once, when the slot gets records; the returned function calls it off. */
  onAppend(slot: Slot, wake: () => void): () => void
  /** Writes now what is waiting. */
  flush(): Promise<void>
}

type Waiting = Write & { readonly done: PromiseWithResolvers<void> }

export function groupCommits(file: LogFile): GroupCommits {
  let waiting: Waiting[] = []
  let consumed = new Map<string, Consumed>()
  let scheduled: NodeJS.Immediate | undefined
  let consumedTimer: NodeJS.Timeout | undefined
  const wakes = new Map<Slot, Set<() => void>>()

  function commit(): void {
    clearImmediate(scheduled)
    clearTimeout(consumedTimer)
    scheduled = consumedTimer = undefined
    const writes = waiting
    const offsets = [...consumed.values()]
    if (writes.length === 0 && offsets.length === 0) return
    waiting = []
    consumed = new Map()
    try {
      file.write(writes, offsets)
    } catch (error) {
      for (const { done } of writes) done.reject(error)
      return
    }
    for (const { done } of writes) done.resolve()
    for (const slot of new Set(writes.map((write) => write.slot))) wakeAll(slot)
  }

  function wakeAll(slot: Slot): void {
    const sleeping = wakes.get(slot)
    wakes.delete(slot)
    for (const wake of sleeping ?? []) wake()
  }

  return {
    append(slot, records) {
      const done = Promise.withResolvers<void>()
      waiting.push({ slot, records, done })
      scheduled ??= setImmediate(commit)
      return done.promise
    },
    consumed(group, slot, offset) {
      consumed.set(`${slot.id} ${group}`, { group, slot, offset })
      consumedTimer ??= setTimeout(commit, consumedWaitMs)
    },
    onAppend(slot, wake) {
      const sleeping = wakes.getOrInsertComputed(slot, () => new Set()).add(wake)
      return () => void sleeping.delete(wake)
    },
    async flush() {
      commit()
    },
  }
}
