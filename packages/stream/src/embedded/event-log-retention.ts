import { type EpochMs, hourMs } from '@deskpulse/core/time'
import type { DatabaseSync } from 'node:sqlite'
import type { Topic } from './event-log-file.ts'

const prunedAt = new WeakMap<DatabaseSync, number>()

/**
 * Removes what is older than its topic's `retention.ms`, once an hour, within the caller's transaction. Compacted topics are kept whole:
 * compaction promises the last value of a key, not that older ones are gone.
 */
export function pruneExpired(db: DatabaseSync, topics: Iterable<Topic>, nowMs: EpochMs): void {
  if (nowMs - (prunedAt.get(db) ?? 0) < hourMs) return
  prunedAt.set(db, nowMs)
  for (const { settings, slots } of topics) {
    const retentionMs = Number(settings['retention.ms'] ?? -1)
    if (retentionMs < 0 || settings['cleanup.policy'] === 'compact') continue
    for (const { id, nextOffset } of slots) {
      // The scan ends at the first record that stays: one that a wrong clock stamped keeps those behind it for as long.
      const kept = db
        .prepare(
          `SELECT "offset" FROM records_${id} WHERE appended_ms >= ? ORDER BY "offset" LIMIT 1`,
        )
        .get(nowMs - retentionMs)
      db.prepare(`DELETE FROM records_${id} WHERE "offset" < ?`).run(
        kept ? Number(kept['offset']) : nextOffset,
      )
    }
  }
}
