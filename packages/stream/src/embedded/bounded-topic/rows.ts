import type { EpochMs } from '@deskpulse/core/time'
import type { DatabaseSync } from 'node:sqlite'
import type { LogRecord, NewRecord, Offset } from '../../event-log.ts'
import type { Rewriting } from '../../rewritable-topic.ts'
import { transaction } from './transaction.ts'

/** The records of the file. Everything here is one synchronous step, atomic where it writes. */
export type TopicRows = {
  /** Append times are what the clock says, also where it is put back: one that was ahead for once must not keep all that comes after. */
  append(records: readonly NewRecord[], nowMs: EpochMs): void
  /** Within [from, to], at least one if there is one. */
  page(from: number, to: number, limit: number): LogRecord[]
  /** `-1`: there is none. */
  lastOffset(): number
  rewrite(fates: readonly { readonly record: LogRecord; readonly fate: Rewriting }[]): void
  /** @returns how many went. */
  removeBefore(beforeMs: EpochMs): number
}

const pageBytesMax = 4 * 1024 * 1024

export function topicRows(db: DatabaseSync): TopicRows {
  const insert = db.prepare(
    'INSERT INTO records (appended_ms, key, value, headers) VALUES (?, ?, ?, ?)',
  )
  const last = db.prepare('SELECT "offset" FROM records ORDER BY "offset" DESC LIMIT 1')
  const select = db.prepare(
    'SELECT * FROM records WHERE "offset" >= ? AND "offset" <= ? ORDER BY "offset"',
  )
  const remove = db.prepare('DELETE FROM records WHERE "offset" = ?')
  const replace = db.prepare(
    'UPDATE records SET key = ?, value = ?, headers = ? WHERE "offset" = ?',
  )
  const removeOlder = db.prepare('DELETE FROM records WHERE appended_ms < ?')

  return {
    append(records, nowMs) {
      transaction(db, () => {
        for (const record of records) insert.run(nowMs, ...columnsOf(record))
      })
    },
    page(from, to, limit) {
      const records: LogRecord[] = []
      let bytes = 0
      for (const row of select.iterate(from, to)) {
        const record = recordOf(row)
        bytes += record.value?.length ?? 0
        if (records.length > 0 && bytes > pageBytesMax) break
        records.push(record)
        if (records.length >= limit) break
      }
      return records
    },
    lastOffset: () => Number(last.get()?.['offset'] ?? -1),
    rewrite(fates) {
      transaction(db, () => {
        for (const { record, fate } of fates) {
          if (fate === 'remove') remove.run(record.offset)
          else if (fate !== 'keep') replace.run(...columnsOf(fate), record.offset)
        }
      })
    },
    removeBefore: (beforeMs) => Number(removeOlder.run(beforeMs).changes),
  }
}

function columnsOf({
  key,
  value,
  headers,
}: NewRecord): [Uint8Array | null, Uint8Array | null, string | null] {
  const isBare = headers === undefined || Object.keys(headers).length === 0
  return [
    typeof key === 'string' ? Buffer.from(key, 'utf8') : key,
    value,
    isBare ? null : JSON.stringify(headers),
  ]
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
