import type { DatabaseSync } from 'node:sqlite'
import type { TopicSpec } from '../event-log.ts'
import { checksumOf, type Row } from './event-log-checksum.ts'
import type { Slot, Topic } from './event-log-file.ts'

export const schema = `
  CREATE TABLE IF NOT EXISTS topics (name TEXT PRIMARY KEY, settings TEXT NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS slots (
    id INTEGER PRIMARY KEY, topic TEXT NOT NULL, part INTEGER NOT NULL,
    next_offset INTEGER NOT NULL DEFAULT 0,
    UNIQUE (topic, part)
  ) STRICT;
  CREATE TABLE IF NOT EXISTS consumed (
    consumer_group TEXT NOT NULL, slot INTEGER NOT NULL, next_offset INTEGER NOT NULL, PRIMARY KEY (consumer_group, slot)
  ) STRICT, WITHOUT ROWID;
`

/** Within the caller's transaction. A table per partition keeps appends at the end of a tree. */
export function createTopic(db: DatabaseSync, spec: TopicSpec): void {
  db.prepare('INSERT INTO topics VALUES (?, ?)').run(
    spec.name,
    JSON.stringify({ ...spec.settings, ...spec.tuned }),
  )
  const insert = db.prepare('INSERT INTO slots (topic, part) VALUES (?, ?)')
  for (let partition = 0; partition < spec.partitions; partition++) {
    const { lastInsertRowid } = insert.run(spec.name, partition)
    db.exec(
      `CREATE TABLE records_${lastInsertRowid} ("offset" INTEGER PRIMARY KEY, appended_ms INTEGER NOT NULL, key BLOB, value BLOB, headers TEXT, checksum INTEGER) STRICT`,
    )
  }
}

export function loadTopics(db: DatabaseSync): Map<string, Topic> {
  const slots = db.prepare('SELECT id, next_offset FROM slots WHERE topic = ? ORDER BY part')
  const topics = db.prepare('SELECT name, settings FROM topics').all() as {
    name: string
    settings: string
  }[]
  return new Map(
    topics.map(({ name, settings }) => {
      const rows = slots.all(name) as { id: number; next_offset: number }[]
      return [
        name,
        {
          name,
          settings: JSON.parse(settings) as Record<string, string>,
          slots: rows.map((row, partition) => slotOf(db, `${name}/${partition}`, row)),
        },
      ]
    }),
  )
}

/** A table that an older version made has no checksums: those of its records stay unknown. */
function addChecksums(db: DatabaseSync, table: string): void {
  const columns = db.prepare(`PRAGMA table_info(${table})`).all() as { name: string }[]
  if (!columns.some(({ name }) => name === 'checksum'))
    db.exec(`ALTER TABLE ${table} ADD COLUMN checksum INTEGER`)
}

function slotOf(db: DatabaseSync, name: string, row: { id: number; next_offset: number }): Slot {
  addChecksums(db, `records_${row.id}`)
  const insert = db.prepare(`INSERT INTO records_${row.id} VALUES (?, ?, ?, ?, ?, ?)`)
  const select = db.prepare(`SELECT * FROM records_${row.id} WHERE "offset" >= ? ORDER BY "offset"`)
  return {
    id: row.id,
    name,
    nextOffset: row.next_offset,
    insert(offset, appendedMs, { key: given, value, headers: said }) {
      const key = typeof given === 'string' ? Buffer.from(given, 'utf8') : given
      const headers = said ? JSON.stringify(said) : null
      const checksum = checksumOf({ offset, appended_ms: appendedMs, key, value, headers })
      insert.run(offset, appendedMs, key, value, headers, checksum)
    },
    rows: (from) => select.iterate(from) as Iterable<Row>,
  }
}
