import type { PartitionId } from '@deskpulse/stream'
import type { Message, Told } from './message.ts'

/**
 * Tells readers of commits, as they are done. Those that are under way together are told together: the partitions of one fetch are committed one after another,
 * and a message costs its readers more than what is in it. A commit waits for no second one of its own partition.
 */
export type Telling = {
  /** A commit is under way. @returns what is to be called once when it is over; with nothing when there is nothing to tell. */
  begin(partition: PartitionId): (done?: { readonly generation: string; readonly commit: Told }) => void
}

export function telling(publish: (message: Message) => void): Telling {
  let underway = 0
  let message: { readonly generation: string; readonly commits: Told[] } | null = null

  function pass(): void {
    if (message === null) return
    const passed = message
    message = null
    publish(passed)
  }

  const has = (partition: PartitionId): boolean => message?.commits.some((commit) => commit.partition === partition) ?? false

  return {
    begin(partition) {
      if (has(partition)) pass()
      underway += 1
      return (done) => {
        underway -= 1
        if (done !== undefined) {
          if (message?.generation !== done.generation) pass()
          message ??= { generation: done.generation, commits: [] }
          message.commits.push(done.commit)
        }
        if (underway === 0) pass()
      }
    },
  }
}
