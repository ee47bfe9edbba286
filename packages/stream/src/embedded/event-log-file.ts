import type { EpochMs } from '@deskpulse/core/time'
import { DatabaseSync } from 'node:sqlite'
import { DeskpulseError } from '../errors.ts'
import type { LogRecord, NewRecord, Offset, TopicSpec } from '../event-log.ts'
import { isDamaged, type Row } from './event-log-checksum.ts'
import { createTopic, loadTopics, schema } from './event-log-schema.ts'
import { damaged, logError } from './event-log-errors.ts'
import { pruneExpired } from './event-log-retention.ts'

/** One partition of one topic: a table of its own, whose row id is the offset. */
export type Slot = {
  readonly id: number
  /** `topic/partition` */
  readonly name: string
  nextOffset: number
  insert(offset: number, appendedMs: number, record: NewRecord): void
  /** Rows from an offset on, oldest first, read as they are asked for. */
  rows(from: number): Iterable<Row>
}
export type Topic = {
  readonly name: string
  readonly settings: Readonly<Record<string, string>>
  readonly slots: readonly Slot[]
}

export type Write = { readonly slot: Slot; readonly records: readonly NewRecord[] }
export type Consumed = { readonly group: string; readonly slot: Slot; readonly offset: Offset }

/** The SQLite file behind the embedded log. Everything here is one synchronous step. */
export type LogFile = {
  topic(name: string): Topic | undefined
  createTopic(spec: TopicSpec): void
  /** Gives the topic other settings. */
  tuneTopic(topic: Topic, settings: Topic['settings']): void
  /** All of it in one transaction, or nothing. @throws DeskpulseError LOG_FULL, LOG_UNAVAILABLE. */
  write(writes: readonly Write[], consumed: readonly Consumed[]): void
  /** Records from `from` on, at least one if there is one, up to the limits. */
  page(
    slot: Slot,
    from: Offset,
    limits: { readonly records: number; readonly bytes: number },
  ): LogRecord[]
  consumed(group: string, slot: Slot): Offset | null
  answers(): boolean
  close(): void
}

export function openLogFile(path: string, now: () => EpochMs, maxBytes?: number): LogFile {
  const { db, topics } = open(path, maxBytes)
  const storeConsumed = db.prepare(
    'INSERT INTO consumed VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET next_offset = excluded.next_offset',
  )
  const readConsumed = db.prepare(
    'SELECT next_offset AS offset FROM consumed WHERE consumer_group = ? AND slot = ?',
  )
  const storeEnd = db.prepare('UPDATE slots SET next_offset = ? WHERE id = ?')

  function transaction(act: () => void): void {
    try {
      db.exec('BEGIN IMMEDIATE')
      act()
      db.exec('COMMIT')
    } catch (error) {
      if (db.isOpen && db.isTransaction) db.exec('ROLLBACK')
      throw logError(error, path)
    }
  }

  return {
    topic: (name) => topics.get(name),
    createTopic(spec) {
      transaction(() => createTopic(db, spec))
      for (const [name, topic] of loadTopics(db)) if (!topics.has(name)) topics.set(name, topic)
    },
    tuneTopic(topic, settings) {
      transaction(
        () =>
          void db
            .prepare('UPDATE topics SET settings = ? WHERE name = ?')
            .run(JSON.stringify(settings), topic.name),
      )
      topics.set(topic.name, { ...topic, settings })
    },
    write(writes, consumed) {
      const ends = new Map<Slot, { nextOffset: number }>()
      transaction(() => {
        const nowMs = now()
        for (const { slot, records } of writes) {
          const end = ends.get(slot) ?? { nextOffset: slot.nextOffset }
          ends.set(slot, end)
          for (const record of records) slot.insert(end.nextOffset++, nowMs, record)
        }
        for (const [slot, end] of ends) storeEnd.run(end.nextOffset, slot.id)
        for (const { group, slot, offset } of consumed) storeConsumed.run(group, slot.id, offset)
        pruneExpired(db, topics.values(), nowMs)
      })
      for (const [slot, end] of ends) Object.assign(slot, end)
    },
    page(slot, from, limits) {
      const records: LogRecord[] = []
      let bytes = 0
      try {
        for (const row of slot.rows(from)) {
          bytes += (row.value?.length ?? 0) + (row.key?.length ?? 0)
          if (records.length > 0 && bytes > limits.bytes) break
          if (records.length >= limits.records) break
          if (isDamaged(row))
            throw damaged(
              path,
              `the record at offset ${row.offset} of ${slot.name} is not what was written`,
            )
          records.push(recordOf(row))
        }
      } catch (error) {
        throw logError(error, path)
      }
      return records
    },
    consumed: (group, slot) =>
      (readConsumed.get(group, slot.id)?.['offset'] ?? null) as Offset | null,
    answers: () => db.isOpen,
    close: () => db.close(),
  }
}

/** FULL: a commit is on the disk before it is acknowledged. EXCLUSIVE: a second process is refused, as it would not be woken by appends. */
function open(
  path: string,
  maxBytes?: number,
): { readonly db: DatabaseSync; readonly topics: Map<string, Topic> } {
  let db: DatabaseSync | null = null
  try {
    db = new DatabaseSync(path)
    db.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL')
    db.exec(schema)
    if (maxBytes !== undefined)
      db.exec(`PRAGMA max_page_count = ${Math.max(1, Math.floor(maxBytes / 4096))}`)
    return { db, topics: loadTopics(db) }
  } catch (error) {
    db?.close()
    throw logError(error, path)
  }
}

function recordOf({ offset, appended_ms, key, value, headers }: Row): LogRecord {
  return {
    offset: offset as Offset,
    appendedAtMs: appended_ms as EpochMs,
    key,
    value,
    headers: headers === null ? {} : headersOf(headers),
  }
}

function headersOf(json: string): Readonly<Record<string, string>> {
  const headers: unknown = JSON.parse(json)
  if (typeof headers !== 'object' || headers === null)
    throw new DeskpulseError('LOG_UNAVAILABLE', 'a record with unreadable headers')
  return headers as Readonly<Record<string, string>>
}
