import type { DatabaseSync } from 'node:sqlite'
import type { TopicSpec } from '../event-log.ts'
import type { Row, Slot, Topic } from './event-log-file.ts'

export const schema = `
  CREATE TABLE IF NOT EXISTS topics (name TEXT PRIMARY KEY, settings TEXT NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS slots (
    id INTEGER PRIMARY KEY, topic TEXT NOT NULL, part INTEGER NOT NULL,
    next_offset INTEGER NOT NULL DEFAULT 0, last_appended_ms INTEGER NOT NULL DEFAULT 0,
    UNIQUE (topic, part)
  ) STRICT;
  CREATE TABLE IF NOT EXISTS consumed (
    consumer_group TEXT NOT NULL, slot INTEGER NOT NULL, next_offset INTEGER NOT NULL, PRIMARY KEY (consumer_group, slot)
  ) STRICT, WITHOUT ROWID;
`

/** Within the caller's transaction. A table per partition keeps appends at the end of a tree. */
export function createTopic(db: DatabaseSync, spec: TopicSpec): void {
  db.prepare('INSERT INTO topics VALUES (?, ?)').run(spec.name, JSON.stringify({ ...spec.settings, ...spec.tuned }))
  const insert = db.prepare('INSERT INTO slots (topic, part) VALUES (?, ?)')
  for (let partition = 0; partition < spec.partitions; partition++) {
    const { lastInsertRowid } = insert.run(spec.name, partition)
    db.exec(
      `CREATE TABLE records_${lastInsertRowid} ("offset" INTEGER PRIMARY KEY, appended_ms INTEGER NOT NULL, key BLOB, value BLOB, headers TEXT) STRICT`,
    )
  }
}

export function loadTopics(db: DatabaseSync): Map<string, Topic> {
  const slots = db.prepare('SELECT id, next_offset, last_appended_ms FROM slots WHERE topic = ? ORDER BY part')
  const topics = db.prepare('SELECT name, settings FROM topics').all() as { name: string; settings: string }[]
  return new Map(
    topics.map(({ name, settings }) => {
      const rows = slots.all(name) as { id: number; next_offset: number; last_appended_ms: number }[]
      return [name, { name, settings: JSON.parse(settings) as Record<string, string>, slots: rows.map((row) => slotOf(db, row)) }]
    }),
  )
}

function slotOf(db: DatabaseSync, row: { id: number; next_offset: number; last_appended_ms: number }): Slot {
  const insert = db.prepare(`INSERT INTO records_${row.id} VALUES (?, ?, ?, ?, ?)`)
  const select = db.prepare(`SELECT * FROM records_${row.id} WHERE "offset" >= ? ORDER BY "offset"`)
  return {
    id: row.id,
    nextOffset: row.next_offset,
    lastAppendedMs: row.last_appended_ms,
    insert: (offset, appendedMs, { key, value, headers }) =>
      void insert.run(
        offset,
        appendedMs,
        typeof key === 'string' ? Buffer.from(key, 'utf8') : key,
        value,
        headers ? JSON.stringify(headers) : null,
      ),
    rows: (from) => select.iterate(from) as Iterable<Row>,
  }
}
