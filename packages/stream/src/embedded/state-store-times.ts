import type { DatabaseSync } from 'node:sqlite'
import type { EpochMs } from '@deskpulse/core/time'
import type { PartitionId } from '../event-log.ts'
import type {
  DueWakes,
  ListChange,
  ListQuery,
  ListResult,
  Wake,
  WakeChange,
} from '../state-store.ts'

/** What is ordered by time: lists, by score, and wakes. */
export type Times = {
  changeList(partition: PartitionId, change: ListChange): void
  list(partition: PartitionId, query: ListQuery, upToMs: EpochMs): ListResult
  changeWake(partition: PartitionId, change: WakeChange): void
  dueWakes(partition: PartitionId, due: DueWakes): readonly Wake[]
}

type ListRow = { member: string; score: number }
type WakeRow = { subject: string; at: EpochMs }

export function timesIn(database: DatabaseSync): Times {
  const put = database.prepare('REPLACE INTO lists VALUES (?, ?, ?, ?)')
  const remove = database.prepare(
    'DELETE FROM lists WHERE partition = ? AND key = ? AND member = ?',
  )
  const count = database.prepare(
    'SELECT count(*) AS count FROM lists WHERE partition = ? AND key = ? AND score <= ?',
  )
  const first = database.prepare(
    'SELECT member, score FROM lists WHERE partition = ? AND key = ? AND score <= ? ORDER BY score, member LIMIT ?',
  )
  const set = database.prepare('REPLACE INTO wakes VALUES (?, ?, ?)')
  const cancel = database.prepare('DELETE FROM wakes WHERE partition = ? AND subject = ?')
  const due = database.prepare(
    'SELECT subject, at FROM wakes WHERE partition = ? AND at <= ? ORDER BY at, subject LIMIT ?',
  )

  return {
    changeList(partition, { key, member, score }) {
      if (score === null) remove.run(partition, key, member)
      else put.run(partition, key, member, score)
    },
    list(partition, { key, members }, upToMs) {
      const rows = members === 0 ? [] : (first.all(partition, key, upToMs, members) as ListRow[])
      const named = rows.map(({ member, score }) => ({ member, score }))
      return { count: Number(count.get(partition, key, upToMs)?.['count']), first: named }
    },
    changeWake(partition, { subject, atMs }) {
      if (atMs === null) cancel.run(partition, subject)
      else set.run(partition, subject, atMs)
    },
    dueWakes: (partition, { upToMs, limit }) =>
      (due.all(partition, upToMs, limit) as WakeRow[]).map(({ subject, at }) => ({
        subject,
        atMs: at,
      })),
  }
}
