import type { DatabaseSync } from 'node:sqlite'
import type { PartitionId } from '../event-log.ts'
import type { OutboxEntry, OutboxId } from '../state-store.ts'

export type Outbox = {
  add(partition: PartitionId, entry: OutboxEntry): void
  oldest(
    partition: PartitionId,
    limit: number,
  ): readonly { readonly position: OutboxId; readonly entry: OutboxEntry }[]
  trim(partition: PartitionId, published: readonly OutboxId[]): void
}

type Row = {
  position: number
  id: string
  topic: string
  key: string
  bytes: Uint8Array
  headers: string | null
}

export function outboxIn(database: DatabaseSync): Outbox {
  const insert = database.prepare(
    'INSERT INTO outbox (partition, id, topic, key, bytes, headers) VALUES (?, ?, ?, ?, ?, ?)',
  )
  const select = database.prepare(
    'SELECT position, id, topic, key, bytes, headers FROM outbox WHERE partition = ? ORDER BY position LIMIT ?',
  )
  const remove = database.prepare('DELETE FROM outbox WHERE partition = ? AND position = ?')
  return {
    add(partition, { id, topic, key, bytes, headers }) {
      insert.run(
        partition,
        id,
        topic,
        key,
        bytes,
        headers === undefined ? null : JSON.stringify(headers),
      )
    },
    oldest: (partition, limit) => (select.all(partition, limit) as Row[]).map(toEntry),
    trim(partition, published) {
      for (const position of published) remove.run(partition, Number(position))
    },
  }
}

function toEntry({ position, headers, id, topic, key, bytes }: Row): {
  position: OutboxId
  entry: OutboxEntry
} {
  const entry = { id, topic, key, bytes }
  return {
    position: `${position}` as OutboxId,
    entry: headers === null ? entry : { ...entry, headers: JSON.parse(headers) },
  }
}
