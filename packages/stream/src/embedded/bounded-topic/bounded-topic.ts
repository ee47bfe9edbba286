import { setImmediate as otherWork } from 'node:timers/promises'
import type { EpochMs } from '@deskpulse/core/time'
import { DeskpulseError } from '../../errors.ts'
import type { NewRecord } from '../../event-log.ts'
import type { RewritableTopic } from '../../rewritable-topic.ts'
import { logError } from '../event-log-errors.ts'
import { bound, type Dropped, makeRoom } from './bounds.ts'
import { topicRows } from './rows.ts'
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

const pageRecords = 20

/** A topic in a SQLite file of its own, which is never full. Removed records are overwritten. @throws DeskpulseError LOG_UNAVAILABLE. */
export function boundedTopic(options: BoundedTopicOptions): BoundedTopic {
  const { file, now = () => Date.now() as EpochMs, maxBytes = null, onDropped = () => {} } = options
  const db = openBoundedTopicFile(file)
  const rows = topicRows(db)
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

  /** What does not fit takes the place of the oldest. */
  function append(records: readonly NewRecord[]): void {
    for (;;) {
      try {
        return step(() => rows.append(records, now()))
      } catch (error) {
        const isFull = error instanceof DeskpulseError && error.code === 'LOG_FULL'
        if (!isFull || !dropped(step(() => makeRoom(db, bytesOf(records), maxBytes)))) throw error
      }
    }
  }

  if (maxBytes !== null) step(() => dropped(bound(db, maxBytes)))

  return {
    async append(records) {
      if (records.length > 0) append(records)
    },
    async read(from, limit) {
      return step(() => rows.page(from, Number.MAX_SAFE_INTEGER, limit))
    },
    async rewrite(decide) {
      const last = step(() => rows.lastOffset())
      for (let next = 0; next <= last;) {
        const records = step(() => rows.page(next, last, pageRecords))
        if (records.length === 0) break
        const fates = records.map((record) => ({ record, fate: decide(record) }))
        step(() => rows.rewrite(fates))
        next = Number(records.at(-1)!.offset) + 1
        await otherWork() // What decides may take its time, and the process has others to serve.
      }
      step(() => forgetRemoved(db))
    },
    removeBefore(beforeMs) {
      step(() => {
        if (rows.removeBefore(beforeMs) > 0) forgetRemoved(db)
      })
    },
    async close() {
      isClosed = true
      if (db.isOpen) db.close()
    },
  }
}

function bytesOf(records: readonly NewRecord[]): number {
  return records.reduce(
    (sum, record) =>
      sum + (record.value?.length ?? 0) + JSON.stringify(record.headers ?? {}).length,
    0,
  )
}
