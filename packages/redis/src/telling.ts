import type { Timer } from '@deskpulse/stream'
import type { Message, Told } from './message.ts'

/** What is told of a commit that came about. */
export type Done = { readonly generation: string; readonly commit: Told }

/**
 * Tells readers of commits. Those that are under way together are told together: the partitions of one fetch are committed one after another, and a message
 * costs its readers more than what is in it.
 */
export type Telling = {
  /** A commit is under way. @returns what is to be called once when it is over; with nothing when there is nothing to tell. */
  begin(): (done?: Done) => void
}

/** A commit waits for the others for so long, at most. */
export const toldWithinMs = 5

export function telling(publish: (message: Message) => void, timer: Timer): Telling {
  let underway = 0
  let waiting: {
    readonly generation: string
    readonly commits: Told[]
    readonly cancel: () => void
  } | null = null

  function pass(): void {
    if (waiting === null) return
    const { generation, commits, cancel } = waiting
    waiting = null
    cancel()
    publish({ generation, commits })
  }

  function add({ generation, commit }: Done): void {
    if (waiting?.generation !== generation) pass()
    waiting ??= { generation, commits: [], cancel: timer.after(toldWithinMs, pass) }
    waiting.commits.push(commit)
  }

  return {
    begin() {
      underway += 1
      return (done) => {
        underway -= 1
        if (done !== undefined) add(done)
        if (underway === 0) pass()
      }
    },
  }
}
