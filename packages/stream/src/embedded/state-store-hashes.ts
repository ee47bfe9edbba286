import type { DatabaseSync } from 'node:sqlite'
import type { PartitionId } from '../event-log.ts'
import type { Changed } from '../changed/changed.ts'
import type { FieldChange, HashQuery, HashResult } from '../state-store.ts'

export type Hashes = {
  change(partition: PartitionId, change: FieldChange): void
  whole(partition: PartitionId, key: string): ReadonlyMap<string, Uint8Array>
  /** `changed`: since the query's cursor; `null`: anything may have. */
  read(partition: PartitionId, query: HashQuery, changed: Changed | null): HashResult
}

type Row = { field: string; bytes: Uint8Array }

export function hashesIn(database: DatabaseSync): Hashes {
  const set = database.prepare('REPLACE INTO fields VALUES (?, ?, ?, ?)')
  const remove = database.prepare(
    'DELETE FROM fields WHERE partition = ? AND key = ? AND field = ?',
  )
  const all = database.prepare('SELECT field, bytes FROM fields WHERE partition = ? AND key = ?')
  const one = database.prepare(
    'SELECT bytes FROM fields WHERE partition = ? AND key = ? AND field = ?',
  )

  const whole = (partition: PartitionId, key: string): Map<string, Uint8Array> =>
    new Map((all.all(partition, key) as Row[]).map(({ field, bytes }) => [field, bytes]))
  const bytesOf = (partition: PartitionId, key: string, field: string): Uint8Array | null =>
    (one.get(partition, key, field)?.['bytes'] as Uint8Array | undefined) ?? null

  return {
    whole,
    change(partition, { key, field, bytes }) {
      if (bytes === null) remove.run(partition, key, field)
      else set.run(partition, key, field, bytes)
    },
    read(partition, { key, fields }, changed) {
      if (fields === null || changed === null)
        return { isWhole: true, fields: whole(partition, key) }
      const wanted = new Set([...fields, ...(changed.get(key) ?? [])])
      return {
        isWhole: false,
        fields: new Map([...wanted].map((field) => [field, bytesOf(partition, key, field)])),
      }
    },
  }
}
