import { statSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { logError } from '../event-log-errors.ts'
import { openBoundedTopicFile } from './schema.ts'

export type AdoptOptions = {
  /** Of the log, which nobody has open. May be missing. */
  readonly logFile: string
  readonly topic: string
  readonly file: string
  /** The newest records of so many bytes are moved; older ones are removed. */
  readonly maxBytes: number
}

/**
 * Moves a topic that the log's file held, with its append times, into a file of its own, behind what that has. What the log's file held is overwritten. The step is atomic in
 * each file: a loss of power within it may leave the topic in both, and never in none.
 * @throws DeskpulseError LOG_UNAVAILABLE; LOG_FULL: the topic stays where it was.
 */
export function adoptTopic({ logFile, topic, file, maxBytes }: AdoptOptions): void {
  if (statSync(logFile, { throwIfNoEntry: false }) === undefined) return
  let log: DatabaseSync | null = null
  try {
    log = new DatabaseSync(logFile)
    const slot = slotOf(log, topic)
    if (slot === null) return
    openBoundedTopicFile(file).close()
    log.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON')
    log.prepare('ATTACH ? AS own').run(file)
    log.exec('BEGIN')
    const columns = 'appended_ms, key, value, headers'
    log
      .prepare(`INSERT INTO own.records (${columns}) SELECT ${columns} FROM main.records_${slot} WHERE "offset" >= ? ORDER BY "offset"`)
      .run(oldestKept(log, slot, maxBytes))
    log.exec(`DROP TABLE main.records_${slot}`)
    log.prepare('DELETE FROM main.slots WHERE id = ?').run(slot)
    log.prepare('DELETE FROM main.topics WHERE name = ?').run(topic)
    log.exec('COMMIT; PRAGMA main.wal_checkpoint(TRUNCATE)')
  } catch (error) {
    if (log?.isTransaction === true) log.exec('ROLLBACK')
    throw logError(error, logFile)
  } finally {
    log?.close()
  }
}

/** `null`: the file is no log yet, or does not hold the topic. */
function slotOf(log: DatabaseSync, topic: string): number | null {
  const hasSlots = log.prepare(`SELECT 1 FROM sqlite_master WHERE name = 'slots'`).get()
  const slot = hasSlots && log.prepare('SELECT id FROM slots WHERE topic = ? AND part = 0').get(topic)
  return slot ? Number(slot['id']) : null
}

function oldestKept(log: DatabaseSync, slot: number, maxBytes: number): number {
  let left = maxBytes
  let oldest = Number.MAX_SAFE_INTEGER
  const newestFirst = `SELECT "offset", coalesce(length(value), 0) + coalesce(length(headers), 0) AS bytes FROM records_${slot} ORDER BY "offset" DESC`
  for (const { offset, bytes } of log.prepare(newestFirst).iterate() as Iterable<{ offset: number; bytes: number }>) {
    left -= bytes
    if (left < 0) break
    oldest = offset
  }
  return oldest
}
