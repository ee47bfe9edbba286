import type { DatabaseSync } from 'node:sqlite'
import type { EpochMs } from '@deskpulse/core'
import type { PartitionId } from '../event-log.ts'
import type { DueWakes, OpenChange, OpenQuery, OpenResult, Wake, WakeChange } from '../state-store.ts'

/** What is ordered by time: open intervals, by since, and wakes. */
export type Times = {
  changeOpen(partition: PartitionId, change: OpenChange): void
  open(partition: PartitionId, query: OpenQuery, upToMs: EpochMs): OpenResult
  /** All of them, oldest first. */
  members(partition: PartitionId, key: string): readonly string[]
  changeWake(partition: PartitionId, change: WakeChange): void
  dueWakes(partition: PartitionId, due: DueWakes): readonly Wake[]
}

type OpenRow = { member: string; since: EpochMs }
type WakeRow = { subject: string; at: EpochMs }

export function timesIn(database: DatabaseSync): Times {
  const begin = database.prepare('REPLACE INTO open_intervals VALUES (?, ?, ?, ?)')
  const end = database.prepare('DELETE FROM open_intervals WHERE partition = ? AND key = ? AND member = ?')
  const count = database.prepare('SELECT count(*) AS count FROM open_intervals WHERE partition = ? AND key = ? AND since <= ?')
  const oldest = database.prepare(
    'SELECT member, since FROM open_intervals WHERE partition = ? AND key = ? AND since <= ? ORDER BY since, member LIMIT ?',
  )
  const everybody = database.prepare('SELECT member FROM open_intervals WHERE partition = ? AND key = ? ORDER BY since, member')
  const set = database.prepare('REPLACE INTO wakes VALUES (?, ?, ?)')
  const cancel = database.prepare('DELETE FROM wakes WHERE partition = ? AND subject = ?')
  const due = database.prepare('SELECT subject, at FROM wakes WHERE partition = ? AND at <= ? ORDER BY at, subject LIMIT ?')
  return {
    changeOpen(partition, { key, member, sinceMs }) {
      if (sinceMs === null) end.run(partition, key, member)
      else begin.run(partition, key, member, sinceMs)
    },
    open(partition, { key, members }, upToMs) {
      const rows = members > 0 ? (oldest.all(partition, key, upToMs, members) as OpenRow[]) : []
      return {
        count: Number(count.get(partition, key, upToMs)?.['count']),
        oldest: rows.map(({ member, since }) => ({ member, sinceMs: since })),
      }
    },
    changeWake(partition, { subject, atMs }) {
      if (atMs === null) cancel.run(partition, subject)
      else set.run(partition, subject, atMs)
    },
    members: (partition, key) => everybody.all(partition, key).map(({ member }) => member as string),
    dueWakes: (partition, { upToMs, limit }) =>
      (due.all(partition, upToMs, limit) as WakeRow[]).map(({ subject, at }) => ({ subject, atMs: at })),
  }
}
