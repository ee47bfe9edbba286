import type { EpochMs } from '@deskpulse/core'
import type { DatabaseSync } from 'node:sqlite'
import { DeskpulseError } from '../../errors.ts'
import type { LogRecord, NewRecord, Offset } from '../../event-log.ts'
import type { RewritableTopic, Rewriting } from '../../rewritable-topic.ts'
import { logError } from '../event-log-errors.ts'
import { bound, type Dropped, makeRoom } from './bounds.ts'
import { forgetRemoved, openBoundedTopicFile } from './schema.ts'

export type BoundedTopicOptions = {
  /** Made when missing. Unlike the log's it may be open in several processes. */
  readonly file: string
  readonly now?: () => EpochMs
  /** Bytes that the file may take: past it the oldest records go. Default: what the disk has. */
  readonly maxBytes?: number
  /** Told of what went because the file, or the disk, was full. */
  readonly onDropped?: (dropped: Dropped) => void
}

export type BoundedTopic = RewritableTopic & {
  /** Removes what was appended before. */
  removeBefore(beforeMs: EpochMs): void
}

const pageLimits = { records: 100, bytes: 4 * 1024 * 1024 } as const

/** A topic in a SQLite file of its own, which is never full. Removed records are overwritten. @throws DeskpulseError LOG_UNAVAILABLE. */
export function boundedTopic(options: BoundedTopicOptions): BoundedTopic {
  const { file, now = () => Date.now() as EpochMs, maxBytes = null, onDropped = () => {} } = options
  const db = openBoundedTopicFile(file)
  const insert = db.prepare('INSERT INTO records (appended_ms, key, value, headers) VALUES (?, ?, ?, ?)')
  const lastAppended = db.prepare(`SELECT appended_ms FROM records ORDER BY "offset" DESC LIMIT 1`)
  const select = db.prepare(`SELECT * FROM records WHERE "offset" >= ? AND "offset" <= ? ORDER BY "offset"`)
  const lastOffset = db.prepare(`SELECT max("offset") AS last FROM records`)
  const remove = db.prepare(`DELETE FROM records WHERE "offset" = ?`)
  const replace = db.prepare(`UPDATE records SET key = ?, value = ?, headers = ? WHERE "offset" = ?`)
  let isClosed = false

  function step<Result>(act: () => Result): Result {
    if (isClosed) throw new DeskpulseError('LOG_UNAVAILABLE', `${file} is closed`)
    try {
      return act()
    } catch (error) {
      throw logError(error, file)
    }
  }

  function dropped(records: Dropped): boolean {
    if (records.length > 0) onDropped(records)
    return records.length > 0
  }

  function write(records: readonly NewRecord[]): void {
    transaction(db, () => {
      const atMs = Math.max(now(), Number(lastAppended.get()?.['appended_ms'] ?? 0))
      for (const record of records) insert.run(atMs, ...columnsOf(record))
    })
  }

  /** What does not fit takes the place of the oldest. */
  function writeInBounds(records: readonly NewRecord[]): void {
    for (;;) {
      try {
        return step(() => write(records))
      } catch (error) {
        const isFull = error instanceof DeskpulseError && error.code === 'LOG_FULL'
        if (!isFull || !dropped(step(() => makeRoom(db, bytesOf(records), maxBytes)))) throw error
      }
    }
  }

  function page(from: number, to: number, limit: number): LogRecord[] {
    const records: LogRecord[] = []
    let bytes = 0
    for (const row of select.iterate(from, to)) {
      const record = recordOf(row)
      bytes += record.value?.length ?? 0
      if (records.length > 0 && bytes > pageLimits.bytes) break
      records.push(record)
      if (records.length >= limit) break
    }
    return records
  }

  function rewriteOne(record: LogRecord, fate: Rewriting): void {
    if (fate === 'remove') remove.run(record.offset)
    else if (fate !== 'keep') replace.run(...columnsOf(fate), record.offset)
  }

  if (maxBytes !== null) step(() => dropped(bound(db, maxBytes)))

  return {
    async append(records) {
      if (records.length > 0) writeInBounds(records)
    },
    async read(from, limit) {
      return step(() => page(from, Number.MAX_SAFE_INTEGER, limit))
    },
    async rewrite(decide) {
      const last = step(() => Number(lastOffset.get()?.['last'] ?? -1))
      let next = 0
      while (next <= last) {
        const records = step(() => page(next, last, pageLimits.records))
        const fates = records.map((record) => ({ record, fate: decide(record) }))
        step(() => transaction(db, () => fates.forEach(({ record, fate }) => rewriteOne(record, fate))))
        next = records.length === 0 ? last + 1 : Number(records.at(-1)!.offset) + 1
      }
      step(() => forgetRemoved(db))
    },
    removeBefore(beforeMs) {
      step(() => {
        // Append times do not go back, so that the scan ends at the first record that stays.
        const kept = db.prepare(`SELECT "offset" FROM records WHERE appended_ms >= ? ORDER BY "offset" LIMIT 1`).get(beforeMs)
        const { changes } = db.prepare(`DELETE FROM records WHERE "offset" < ?`).run(Number(kept?.['offset'] ?? Number.MAX_SAFE_INTEGER))
        if (Number(changes) > 0) forgetRemoved(db)
      })
    },
    async close() {
      isClosed = true
      if (db.isOpen) db.close()
    },
  }
}

function transaction(db: DatabaseSync, act: () => void): void {
  db.exec('BEGIN IMMEDIATE')
  try {
    act()
    db.exec('COMMIT')
  } catch (error) {
    if (db.isTransaction) db.exec('ROLLBACK')
    throw error
  }
}

function columnsOf({ key, value, headers }: NewRecord): [Uint8Array | null, Uint8Array | null, string | null] {
  const isBare = headers === undefined || Object.keys(headers).length === 0
  return [typeof key === 'string' ? Buffer.from(key, 'utf8') : key, value, isBare ? null : JSON.stringify(headers)]
}

function bytesOf(records: readonly NewRecord[]): number {
  return records.reduce((sum, record) => sum + (record.value?.length ?? 0) + JSON.stringify(record.headers ?? {}).length, 0)
}

function recordOf(row: Readonly<Record<string, unknown>>): LogRecord {
  const headers = row['headers'] as string | null
  return {
    offset: row['offset'] as Offset,
    appendedAtMs: row['appended_ms'] as EpochMs,
    key: row['key'] as Uint8Array | null,
    value: row['value'] as Uint8Array | null,
    headers: headers === null ? {} : (JSON.parse(headers) as Record<string, string>),
  }
}
