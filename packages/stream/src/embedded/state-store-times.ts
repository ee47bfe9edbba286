import type { DatabaseSync } from 'node:sqlite'
import type { EpochMs } from '@deskpulse/core'
import type { PartitionId } from '../event-log.ts'
import type { DueWakes, OpenChange, OpenQuery, OpenResult, Wake, WakeChange } from '../state-store.ts'

/** What is ordered by time: lists, by score, and wakes. */
export type Times = {
  changeOpen(partition: PartitionId, change: OpenChange): void
  /** Parallel to the queries. */
  open(partition: PartitionId, queries: readonly OpenQuery[], upToMs: EpochMs): readonly OpenResult[]
  changeWake(partition: PartitionId, change: WakeChange): void
  dueWakes(partition: PartitionId, due: DueWakes): readonly Wake[]
}

const nobody: OpenResult = { count: 0, oldest: [] }

type ListRow = { member: string; score: EpochMs }
type WakeRow = { subject: string; at: EpochMs }

/** From so many on one statement counts them all: nearly all of a board's thousands are empty. */
const manyQueries = 100

export function timesIn(database: DatabaseSync): Times {
  const begin = database.prepare('REPLACE INTO lists VALUES (?, ?, ?, ?)')
  const end = database.prepare('DELETE FROM lists WHERE partition = ? AND key = ? AND member = ?')
  const count = database.prepare('SELECT count(*) AS count FROM lists WHERE partition = ? AND key = ? AND score <= ?')
  const oldest = database.prepare(
    'SELECT member, score FROM lists WHERE partition = ? AND key = ? AND score <= ? ORDER BY score, member LIMIT ?',
  )
  const counts = database.prepare(`
    SELECT value AS key, (SELECT count(*) FROM lists WHERE partition = ? AND key = value AND score <= ?) AS count
    FROM json_each(?) WHERE count > 0`)
  const set = database.prepare('REPLACE INTO wakes VALUES (?, ?, ?)')
  const cancel = database.prepare('DELETE FROM wakes WHERE partition = ? AND subject = ?')
  const due = database.prepare('SELECT subject, at FROM wakes WHERE partition = ? AND at <= ? ORDER BY at, subject LIMIT ?')

  const countOf = (partition: PartitionId, key: string, upToMs: EpochMs): number => Number(count.get(partition, key, upToMs)?.['count'])

  function oldestOf(partition: PartitionId, { key, members }: OpenQuery, upToMs: EpochMs): OpenResult['oldest'] {
    if (members === 0) return []
    return (oldest.all(partition, key, upToMs, members) as ListRow[]).map(({ member, score }) => ({ member, sinceMs: score }))
  }

  /** Absent: none. */
  function countsOf(partition: PartitionId, queries: readonly OpenQuery[], upToMs: EpochMs): ReadonlyMap<string, number> {
    const asked = JSON.stringify(queries.map(({ key }) => key))
    return new Map(counts.all(partition, upToMs, asked).map(({ key, count }) => [key as string, Number(count)]))
  }

  return {
    changeOpen(partition, { key, member, sinceMs }) {
      if (sinceMs === null) end.run(partition, key, member)
      else begin.run(partition, key, member, sinceMs)
    },
    open(partition, queries, upToMs) {
      const found = queries.length < manyQueries ? null : countsOf(partition, queries, upToMs)
      return queries.map((query) => {
        const count = found === null ? countOf(partition, query.key, upToMs) : (found.get(query.key) ?? 0)
        return count === 0 ? nobody : { count, oldest: oldestOf(partition, query, upToMs) }
      })
    },
    changeWake(partition, { subject, atMs }) {
      if (atMs === null) cancel.run(partition, subject)
      else set.run(partition, subject, atMs)
    },
    dueWakes: (partition, { upToMs, limit }) =>
      (due.all(partition, upToMs, limit) as WakeRow[]).map(({ subject, at }) => ({ subject, atMs: at })),
  }
}
