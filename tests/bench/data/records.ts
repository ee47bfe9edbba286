import type { CanonicalEvent } from '@deskpulse/core/events'
import type { EpochMs } from '@deskpulse/core/time'
import type { LogRecord } from '@deskpulse/stream'
import { recordOf } from '../../../packages/engine/src/testing/fold-log.ts'

/** What a frame of a busy ingest holds. */
const entriesPerRecordMax = 100
/** From the last event of a frame to its append. */
const appendDelayMs = 5

/**
 * `live`: each record was appended just after its events happened. `late`: all of them were appended after the last event, as in a back-fill, so that
 * every deadline has passed before its event comes.
 */
export type Arrival = 'live' | 'late'

export type RecordsOptions = {
  readonly arrival?: Arrival
  readonly entriesPerRecord?: number
  /** How many records the partition has before them. */
  readonly fromOffset?: number
}

/** Events as records of one partition of the log, in order. */
export function recordsOf(
  events: readonly CanonicalEvent[],
  { arrival = 'live', entriesPerRecord = entriesPerRecordMax, fromOffset = 0 }: RecordsOptions = {},
): LogRecord[] {
  const records: LogRecord[] = []
  const endMs = events.at(-1)?.timeMs ?? 0
  for (let at = 0; at < events.length; at += entriesPerRecord) {
    const entries = events.slice(at, at + entriesPerRecord)
    const lastMs = arrival === 'late' ? endMs : entries.at(-1)!.timeMs
    records.push(
      recordOf(fromOffset + records.length, (lastMs + appendDelayMs) as EpochMs, entries),
    )
  }
  return records
}

/** How many records of how many entries are folded together so that a commit holds about `entries`. */
export function cutInto(entries: number): {
  readonly entriesPerRecord: number
  readonly recordsPerCommit: number
} {
  return {
    entriesPerRecord: Math.min(entries, entriesPerRecordMax),
    recordsPerCommit: Math.max(1, Math.round(entries / entriesPerRecordMax)),
  }
}
