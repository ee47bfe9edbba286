import type { DatabaseSync } from 'node:sqlite'
import { hourMs } from '@deskpulse/core/time'
import type { PartitionId } from '../event-log.ts'
import { placeInHash } from '../state-store-rules.ts'
import type { Append, HashExpiry, Put } from '../state-store.ts'

export type Records = {
  get(partition: PartitionId, key: string): Uint8Array | null
  put(partition: PartitionId, put: Put, nowMs: number): void
  append(partition: PartitionId, append: Append): void
  /** All records of a hash, by their fields. */
  hash(partition: PartitionId, key: string): Map<string, Uint8Array>
  expireHash(partition: PartitionId, expiry: HashExpiry, nowMs: number): void
  /** Deletes some of what has expired: a little with every commit, so that no commit pays for all. */
  sweep(nowMs: number): void
}

const sweptMax = 200

/** Keys of the records of a hash: from the first on, below the last. */
const boundsOf = (hash: string): readonly [string, string] => [`${hash}#`, `${hash}$`] // The next character after #.

/** Expiry is garbage collection alone, so it is rounded up: a record that is written again within the hour leaves the index as it is. */
const expiryOf = (nowMs: number, expiresInMs: number): number =>
  Math.ceil((nowMs + expiresInMs) / hourMs) * hourMs

type KeyedRow = { readonly key: string; readonly bytes: Uint8Array }

export function recordsIn(database: DatabaseSync): Records {
  const select = database.prepare('SELECT bytes FROM records WHERE partition = ? AND key = ?')
  const upsert = database.prepare(`INSERT INTO records VALUES (?, ?, ?, ?)
    ON CONFLICT (partition, key) DO UPDATE SET bytes = excluded.bytes, expires_at = excluded.expires_at`)
  const upsertInHash = database.prepare(`INSERT INTO records VALUES (?, ?, ?, ?)
    ON CONFLICT (partition, key) DO UPDATE SET bytes = excluded.bytes, expires_at = coalesce(excluded.expires_at, expires_at)`)
  const concatenate = database.prepare(`INSERT INTO records VALUES (?, ?, ?, NULL)
    ON CONFLICT (partition, key) DO UPDATE SET bytes = CAST(bytes || excluded.bytes AS BLOB)`)
  const selectHash = database.prepare(
    'SELECT key, bytes FROM records WHERE partition = ? AND key >= ? AND key < ?',
  )
  const expire = database.prepare(
    'UPDATE records SET expires_at = ? WHERE partition = ? AND key >= ? AND key < ?',
  )
  const removeHash = database.prepare(
    'DELETE FROM records WHERE partition = ? AND key >= ? AND key < ?',
  )
  const remove = database.prepare('DELETE FROM records WHERE partition = ? AND key = ?')
  const removeExpired = database.prepare(
    `DELETE FROM records WHERE rowid IN (SELECT rowid FROM records WHERE expires_at <= ? LIMIT ${sweptMax})`,
  )
  return {
    get: (partition, key) =>
      (select.get(partition, key)?.['bytes'] as Uint8Array | undefined) ?? null,
    put(partition, { key, bytes, expiresInMs }, nowMs) {
      if (bytes === null) remove.run(partition, key)
      else
        (placeInHash(key) === null ? upsert : upsertInHash).run(
          partition,
          key,
          bytes,
          expiresInMs === undefined ? null : expiryOf(nowMs, expiresInMs),
        )
    },
    hash: (partition, key) =>
      new Map(
        (selectHash.all(partition, ...boundsOf(key)) as KeyedRow[]).map((row) => [
          row.key.slice(key.length + 1),
          row.bytes,
        ]),
      ),
    expireHash(partition, { key, expiresInMs }, nowMs) {
      if (expiresInMs === 0) removeHash.run(partition, ...boundsOf(key))
      else expire.run(expiryOf(nowMs, expiresInMs), partition, ...boundsOf(key))
    },
    append: (partition, { key, bytes }) => void concatenate.run(partition, key, bytes),
    sweep: (nowMs) => void removeExpired.run(nowMs),
  }
}
