import type { DatabaseSync } from 'node:sqlite'

/** The headers of records that were removed because the file was full. */
export type Dropped = readonly Readonly<Record<string, string>>[]

const pageBytes = 4096
const sqliteFull = 13
/** When the file is full, so much of it goes at once: room for the next ones too. */
const droppedShare = 1 / 16

const pagesOf = (maxBytes: number): number => Math.max(1, Math.floor(maxBytes / pageBytes))

/** SQLite itself keeps the file within its bound from here on; one that is already larger is emptied, oldest first, until it fits. @returns what went. */
export function bound(db: DatabaseSync, maxBytes: number): Dropped {
  const pragma = (name: string): number => Number(db.prepare(`PRAGMA ${name}`).get()?.[name])
  const used = (): number => pragma('page_count') - pragma('freelist_count')
  const dropped: Dropped[number][] = []
  while (used() > pagesOf(maxBytes)) {
    const more = dropOldest(db, (used() - pagesOf(maxBytes)) * pageBytes)
    if (more.length === 0) break
    dropped.push(...more)
  }
  if (pragma('page_count') > pagesOf(maxBytes)) shrink(db)
  db.exec(`PRAGMA max_page_count = ${pagesOf(maxBytes)}`)
  return dropped
}

/** Where the disk has no room for the copy that this takes, the file stays as large as it is, and its free pages are used again. */
function shrink(db: DatabaseSync): void {
  try {
    db.exec('VACUUM')
  } catch (error) {
    const isFull = ((error as { readonly errcode?: number }).errcode ?? 0) % 256 === sqliteFull
    if (!isFull) throw error
  }
}

/** Makes room for `neededBytes` in a full file. Empty: there is nothing to remove. */
export function makeRoom(db: DatabaseSync, neededBytes: number, maxBytes: number | null): Dropped {
  return dropOldest(db, neededBytes + (maxBytes ?? 0) * droppedShare)
}

/** Removes the oldest records, of so many bytes at least, and at least one if there is one. */
function dropOldest(db: DatabaseSync, bytes: number): Dropped {
  const oldest = db
    .prepare(`SELECT "offset", length(value) AS bytes, headers FROM records ORDER BY "offset"`)
    .iterate()
  const dropped: Dropped[number][] = []
  let left = bytes
  let last: unknown = null
  for (const row of oldest) {
    last = row['offset']
    dropped.push(JSON.parse((row['headers'] as string | null) ?? '{}') as Dropped[number])
    left -= Number(row['bytes'] ?? 0) + String(row['headers'] ?? '').length
    if (left <= 0) break
  }
  if (last !== null) db.prepare(`DELETE FROM records WHERE "offset" <= ?`).run(last as number)
  return dropped
}
