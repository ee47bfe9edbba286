import { statSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { logError } from '../event-log-errors.ts'
import { openBoundedTopicFile } from './schema.ts'
import { transaction } from './transaction.ts'

export type AdoptOptions = {
  /** Of the log, which nobody has open. May be missing. */
  readonly logFile: string
  readonly topic: string
  readonly file: string
  /** The newest records of so many bytes are moved; older ones are removed. */
  readonly maxBytes: number
}

/**
 * Moves a topic that the log's file held, with its append times, into a file of its own, behind what that has. What the log's file held is overwritten. The copy is on the
 * disk before the log's file lets go: cut short, the topic is in both, and never in none; the next time each record is there once.
 * @throws DeskpulseError LOG_UNAVAILABLE; LOG_FULL: the log's file still has the topic.
 */
export function adoptTopic({ logFile, topic, file, maxBytes }: AdoptOptions): void {
  if (statSync(logFile, { throwIfNoEntry: false }) === undefined) return
  let log: DatabaseSync | null = null
  try {
    log = new DatabaseSync(logFile)
    const slot = slotOf(log, topic)
    if (slot === null) return
    attachOwn(log, file)
    // Two transactions: SQLite commits one over two WAL files in one after the other, the log's first.
    copy(log, slot, maxBytes)
    letGo(log, topic, slot)
    log.exec('PRAGMA main.wal_checkpoint(TRUNCATE)')
  } catch (error) {
    throw logError(error, logFile)
  } finally {
    log?.close()
  }
}

/** `adopted`: up to which record a slot was copied. Slots are given again, so that the append time says whether it is the same record. */
function attachOwn(log: DatabaseSync, file: string): void {
  openBoundedTopicFile(file).close()
  log.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON')
  log.prepare('ATTACH ? AS own').run(file)
  log.exec('PRAGMA own.synchronous = FULL')
  log.exec(
    'CREATE TABLE IF NOT EXISTS own.adopted (slot INTEGER PRIMARY KEY, "offset" INTEGER NOT NULL, appended_ms INTEGER NOT NULL) STRICT',
  )
}

function copy(log: DatabaseSync, slot: number, maxBytes: number): void {
  const columns = 'appended_ms, key, value, headers'
  transaction(log, () => {
    log
      .prepare(
        `INSERT INTO own.records (${columns}) SELECT ${columns} FROM main.records_${slot} WHERE "offset" >= ? AND "offset" > ? ORDER BY "offset"`,
      )
      .run(oldestKept(log, slot, maxBytes), lastCopied(log, slot))
    log.exec(
      `INSERT OR REPLACE INTO own.adopted SELECT ${slot}, "offset", appended_ms FROM main.records_${slot} ORDER BY "offset" DESC LIMIT 1`,
    )
  })
}

function letGo(log: DatabaseSync, topic: string, slot: number): void {
  transaction(log, () => {
    log.exec(`DROP TABLE main.records_${slot}`)
    log.prepare('DELETE FROM main.slots WHERE id = ?').run(slot)
    log.prepare('DELETE FROM main.topics WHERE name = ?').run(topic)
  })
}

/** By a move that was cut short. `-1`: nothing. */
function lastCopied(log: DatabaseSync, slot: number): number {
  const copied = log
    .prepare(
      `SELECT "offset" FROM own.adopted JOIN main.records_${slot} USING ("offset", appended_ms) WHERE slot = ?`,
    )
    .get(slot)
  return Number(copied?.['offset'] ?? -1)
}

/** `null`: the file is no log yet, or does not hold the topic. */
function slotOf(log: DatabaseSync, topic: string): number | null {
  const hasSlots = log.prepare(`SELECT 1 FROM sqlite_master WHERE name = 'slots'`).get()
  const slot =
    hasSlots && log.prepare('SELECT id FROM slots WHERE topic = ? AND part = 0').get(topic)
  return slot ? Number(slot['id']) : null
}

function oldestKept(log: DatabaseSync, slot: number, maxBytes: number): number {
  let left = maxBytes
  let oldest = Number.MAX_SAFE_INTEGER
  const newestFirst = `SELECT "offset", coalesce(length(value), 0) + coalesce(length(headers), 0) AS bytes FROM records_${slot} ORDER BY "offset" DESC`
  for (const { offset, bytes } of log.prepare(newestFirst).iterate() as Iterable<{
    offset: number
    bytes: number
  }>) {
    left -= bytes
    if (left < 0) break
    oldest = offset
  }
  return oldest
}
