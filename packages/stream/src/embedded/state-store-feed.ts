import type { DatabaseSync } from 'node:sqlite'
import type { EpochMs } from '@deskpulse/core'
import type { Offset, PartitionId } from '../event-log.ts'
import type { ChangeCursor, CommitNotice, Position } from '../state-store.ts'
import { cursorOf, parseCursor } from './state-store-positions.ts'

/** The commits that are kept for followers and caches: the newest ones, a fixed number of each partition. */
export type Feed = {
  add(partition: PartitionId, notice: Position & { readonly commits: number; readonly stamp: number }, changed: Changed): void
  /** Up to `limit` commits after the cursor, oldest first; `'lost'` when some of them are no longer there, or the cursor is of another history. */
  after(partition: PartitionId, cursor: ChangeCursor, limit: number): readonly Commit[] | 'lost'
}

/** Keys, and of hashes the fields, by key. */
type Changed = { readonly keys: readonly string[]; readonly fields: Readonly<Record<string, readonly string[]>> }
/** What followers are told of a commit, and the fields that it changed. */
export type Commit = { readonly notice: CommitNotice } & Pick<Changed, 'fields'>

type Row = { number: number; stamp: number; offset: Offset; log_time: EpochMs; watermark: EpochMs; keys: string; fields: string }

export function feedIn(database: DatabaseSync, changesKept: number): Feed {
  const insert = database.prepare('INSERT INTO changes VALUES (?, ?, ?, ?, ?, ?, ?, ?)')
  const forget = database.prepare('DELETE FROM changes WHERE partition = ? AND number <= ?')
  const stampOf = database.prepare('SELECT stamp FROM changes WHERE partition = ? AND number = ?')
  const first = database.prepare('SELECT min(number) AS number FROM changes WHERE partition = ?')
  const select = database.prepare('SELECT * FROM changes WHERE partition = ? AND number > ? ORDER BY number LIMIT ?')

  const reachesBack = (partition: PartitionId, { commits, stamp }: { commits: number; stamp: number }): boolean =>
    commits === 0 ? (first.get(partition)?.['number'] ?? 1) === 1 : stampOf.get(partition, commits)?.['stamp'] === stamp

  return {
    add(partition, { commits, stamp, offset, logTimeMs, watermarkMs }, { keys, fields }) {
      insert.run(partition, commits, stamp, offset, logTimeMs, watermarkMs, JSON.stringify(keys), JSON.stringify(fields))
      forget.run(partition, commits - changesKept)
    },
    after(partition, cursor, limit) {
      const from = parseCursor(cursor)
      if (!reachesBack(partition, from)) return 'lost'
      return (select.all(partition, from.commits, limit) as Row[]).map(toCommit)
    },
  }
}

function toCommit({ number, stamp, offset, log_time, watermark, keys, fields }: Row): Commit {
  const position = { offset, logTimeMs: log_time, watermarkMs: watermark }
  return { notice: { ...position, cursor: cursorOf({ commits: number, stamp }), keys: JSON.parse(keys) }, fields: JSON.parse(fields) }
}
