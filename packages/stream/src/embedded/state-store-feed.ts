import type { DatabaseSync } from 'node:sqlite'
import type { EpochMs } from '@deskpulse/core/time'
import type { Changed } from '../changed/changed.ts'
import { decodeChanged, encodeChanged } from '../changed/codec.ts'
import type { Offset, PartitionId } from '../event-log.ts'
import type { ChangeCursor, CommitNotice, Position } from '../state-store.ts'
import { cursorOf, parseCursor } from './state-store-positions.ts'

/** The commits that are kept for followers and caches: the newest ones, a fixed number of each partition. */
export type Feed = {
  add(
    partition: PartitionId,
    notice: Position & { readonly commits: number; readonly stamp: number },
    changed: Changed,
  ): void
  /** Up to `limit` commits after the cursor, oldest first; `'lost'` when some of them are no longer there, or the cursor is of another history. */
  after(partition: PartitionId, cursor: ChangeCursor, limit: number): readonly Commit[] | 'lost'
}

/** What followers are told of a commit; `changed` is `null` where the version that wrote it has another form for that. */
export type Commit = Position & { readonly cursor: ChangeCursor; readonly changed: Changed | null }

export const isReadable = (commit: Commit): commit is CommitNotice => commit.changed !== null

type Row = {
  number: number
  stamp: number
  offset: Offset
  log_time: EpochMs
  watermark: EpochMs
  changed: Uint8Array
}

export function feedIn(database: DatabaseSync, changesKept: number): Feed {
  const insert = database.prepare('INSERT INTO changes VALUES (?, ?, ?, ?, ?, ?, ?)')
  const forget = database.prepare('DELETE FROM changes WHERE partition = ? AND number <= ?')
  const stampOf = database.prepare('SELECT stamp FROM changes WHERE partition = ? AND number = ?')
  const first = database.prepare('SELECT min(number) AS number FROM changes WHERE partition = ?')
  const select = database.prepare(
    'SELECT * FROM changes WHERE partition = ? AND number > ? ORDER BY number LIMIT ?',
  )

  const reachesBack = (
    partition: PartitionId,
    { commits, stamp }: { commits: number; stamp: number },
  ): boolean =>
    commits === 0
      ? (first.get(partition)?.['number'] ?? 1) === 1
      : stampOf.get(partition, commits)?.['stamp'] === stamp

  return {
    add(partition, { commits, stamp, offset, logTimeMs, watermarkMs }, changed) {
      insert.run(partition, commits, stamp, offset, logTimeMs, watermarkMs, encodeChanged(changed))
      forget.run(partition, commits - changesKept)
    },
    after(partition, cursor, limit) {
      const from = parseCursor(cursor)
      if (!reachesBack(partition, from)) return 'lost'
      return (select.all(partition, from.commits, limit) as Row[]).map(toCommit)
    },
  }
}

function toCommit({ number, stamp, offset, log_time, watermark, changed }: Row): Commit {
  const position = { offset, logTimeMs: log_time, watermarkMs: watermark }
  return {
    ...position,
    cursor: cursorOf({ commits: number, stamp }),
    changed: decodeChanged(changed),
  }
}
