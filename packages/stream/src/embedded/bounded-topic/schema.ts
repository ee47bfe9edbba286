import { DatabaseSync } from 'node:sqlite'
import { logError } from '../event-log-errors.ts'

/** AUTOINCREMENT: an offset is never given twice, also when the last record was removed. */
export const boundedTopicSchema = `
  CREATE TABLE IF NOT EXISTS records (
    "offset" INTEGER PRIMARY KEY AUTOINCREMENT, appended_ms INTEGER NOT NULL, key BLOB, value BLOB, headers TEXT
  ) STRICT;
`

/** How long one process waits for another one's step. */
const busyMs = 5_000

/**
 * FULL: a commit is on the disk before it is acknowledged. `secure_delete`: what is removed is overwritten, not merely unlinked. Unlike the log, the file may be
 * open in several processes.
 * @throws DeskpulseError LOG_UNAVAILABLE.
 */
export function openBoundedTopicFile(path: string): DatabaseSync {
  try {
    const db = new DatabaseSync(path, { timeout: busyMs })
    db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON')
    db.exec(boundedTopicSchema)
    return db
  } catch (error) {
    throw logError(error, path)
  }
}

/** Empties the WAL: it would keep what was removed until it is written over. */
export function forgetRemoved(db: DatabaseSync): void {
  db.exec('PRAGMA wal_checkpoint(TRUNCATE)')
}
