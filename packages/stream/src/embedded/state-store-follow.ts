import type { PartitionId } from '../event-log.ts'
import type { ChangeCursor, CommitNotice, FeedBreak } from '../state-store.ts'
import { type Commit, isReadable } from './state-store-feed.ts'

/** Wakes the followers of a partition when something was committed, all of them when the store closes. */
export type Bell = {
  ring(partition: PartitionId): void
  close(): void
  readonly closed: boolean
  rung(partition: PartitionId, signal: AbortSignal): Promise<void>
}

export function bell(): Bell {
  const target = new EventTarget()
  let closed = false
  return {
    get closed() {
      return closed
    },
    ring: (partition) => void target.dispatchEvent(new Event(`${partition}`)),
    close() {
      closed = true
      target.dispatchEvent(new Event('closed'))
    },
    rung: (partition, signal) =>
      new Promise((resolve) => {
        const done = new AbortController()
        const settle = (): void => {
          done.abort()
          resolve()
        }
        for (const name of [`${partition}`, 'closed'])
          target.addEventListener(name, settle, { signal: done.signal })
        signal.addEventListener('abort', settle, { signal: done.signal })
        if (signal.aborted || closed) settle()
      }),
  }
}

type Source = {
  readonly from: ChangeCursor
  newest(): ChangeCursor
  after(cursor: ChangeCursor): readonly Commit[] | 'lost'
  /** `true` when nothing more is to come. */
  ended(): boolean
  /** Resolves at the next commit, or when the following ends. */
  more(): Promise<void>
}

export async function* follow(
  source: Source,
): AsyncGenerator<CommitNotice | FeedBreak, void, void> {
  let cursor = source.from
  while (!source.ended()) {
    const commits = source.after(cursor)
    if (commits === 'lost') {
      // Taken before the yield: what the caller reads upon `lost` is then at least as new.
      cursor = source.newest()
      yield 'lost'
      continue
    }
    for (const commit of commits) {
      if (source.ended()) return
      cursor = commit.cursor
      yield isReadable(commit) ? commit : 'unreadable'
    }
    if (commits.length === 0) await source.more()
  }
}
