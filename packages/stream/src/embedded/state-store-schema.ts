import { DatabaseSync } from 'node:sqlite'
import { DeskpulseError } from '../errors.ts'

const version = 4

const tableOfChanges = (name: string): string => `CREATE TABLE ${name} (
    partition INTEGER NOT NULL, number INTEGER NOT NULL, stamp INTEGER NOT NULL, offset INTEGER NOT NULL, log_time INTEGER NOT NULL,
    watermark INTEGER NOT NULL, changed BLOB NOT NULL, PRIMARY KEY (partition, number)
  ) STRICT, WITHOUT ROWID;`

/** Every table starts with the partition: several share the file and see nothing of each other. */
const tables = `
  CREATE TABLE positions (
    partition INTEGER PRIMARY KEY, epoch TEXT NOT NULL, offset INTEGER NOT NULL, log_time INTEGER NOT NULL, watermark INTEGER NOT NULL,
    step INTEGER NOT NULL, commits INTEGER NOT NULL, stamp INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE records (
    partition INTEGER NOT NULL, key TEXT NOT NULL, bytes BLOB NOT NULL, expires_at INTEGER, UNIQUE (partition, key)
  ) STRICT;
  CREATE INDEX records_by_expiry ON records (expires_at) WHERE expires_at IS NOT NULL;
  CREATE TABLE fields (
    partition INTEGER NOT NULL, key TEXT NOT NULL, field TEXT NOT NULL, bytes BLOB NOT NULL, PRIMARY KEY (partition, key, field)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE lists (
    partition INTEGER NOT NULL, key TEXT NOT NULL, member TEXT NOT NULL, score INTEGER NOT NULL, PRIMARY KEY (partition, key, member)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX lists_by_score ON lists (partition, key, score, member);
  CREATE TABLE wakes (
    partition INTEGER NOT NULL, subject TEXT NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (partition, subject)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX wakes_by_time ON wakes (partition, at, subject);
  CREATE TABLE outbox (
    position INTEGER PRIMARY KEY AUTOINCREMENT, partition INTEGER NOT NULL, id TEXT NOT NULL, topic TEXT NOT NULL, key TEXT NOT NULL,
    bytes BLOB NOT NULL, headers TEXT
  ) STRICT;
  CREATE INDEX outbox_by_partition ON outbox (partition, position);
  ${tableOfChanges('changes')}
  PRAGMA user_version = ${version};
`

/** What version 2 had not, and what it called otherwise: what it holds is worth keeping, as of the alerter. */
const from2 = `
  CREATE TABLE fields (
    partition INTEGER NOT NULL, key TEXT NOT NULL, field TEXT NOT NULL, bytes BLOB NOT NULL, PRIMARY KEY (partition, key, field)
  ) STRICT, WITHOUT ROWID;
  DROP INDEX open_intervals_by_since;
  ALTER TABLE open_intervals RENAME TO lists;
  ALTER TABLE lists RENAME COLUMN since TO score;
  CREATE INDEX lists_by_score ON lists (partition, key, score, member);
`

/** Until version 3 a commit told what it changed in another form: of these commits nobody can read that any more, and readers take it that all has changed. */
const from3 = `
  ${tableOfChanges('changes_in_bytes')}
  INSERT INTO changes_in_bytes SELECT partition, number, stamp, offset, log_time, watermark, x'' FROM changes;
  DROP TABLE changes;
  ALTER TABLE changes_in_bytes RENAME TO changes;
  PRAGMA user_version = ${version};
`

/** By the version of a file, 0 being a new one: what makes it one of this version. */
const madeOf: Readonly<Record<number, string>> = { 0: tables, 2: from2 + from3, 3: from3 }

type FileLimits = { readonly bytesMax?: number; readonly lockWaitMs?: number }

/**
 * Opens the file and makes its tables when it is new. `bytesMax`: the file grows no further; writing more is STORE_FULL.
 * @throws DeskpulseError STORE_LAYOUT when another version of Deskpulse wrote the file.
 */
export function openDatabase(
  file: string,
  { bytesMax, lockWaitMs = 5_000 }: FileLimits,
): DatabaseSync {
  const database = new DatabaseSync(file, { timeout: lockWaitMs })
  try {
    // Write-ahead log without a sync per commit: what a killed process had committed is with the operating system already.
    database.exec(
      'PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 4000; PRAGMA cache_size = -65536',
    )
    ensureTables(database, file)
    if (bytesMax !== undefined)
      database.exec(
        `PRAGMA max_page_count = ${Math.floor(bytesMax / numberOf(database, 'PRAGMA page_size'))}`,
      )
    return database
  } catch (error) {
    database.close()
    throw error
  }
}

function ensureTables(database: DatabaseSync, file: string): void {
  const found = numberOf(database, 'PRAGMA user_version')
  if (found === version) return
  const made = madeOf[found]
  if (made === undefined)
    throw new DeskpulseError(
      'STORE_LAYOUT',
      `${file} has layout version ${found}, and this Deskpulse reads version ${version}`,
    )
  database.exec(`BEGIN IMMEDIATE; ${made} COMMIT`)
}

/** The one number that a statement returns. */
function numberOf(database: DatabaseSync, sql: string): number {
  return Number(Object.values(database.prepare(sql).get() ?? {})[0])
}
