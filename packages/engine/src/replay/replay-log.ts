import type { EpochMs } from '@deskpulse/core/time'
import type { Offset } from '@deskpulse/stream'
import { type LogPart, pagesFrom } from './log-pages.ts'
import type { OwnRecord, OwnRecords } from './own-records.ts'
import type { TenantReplay } from './tenant-replay.ts'

export type ReplayBounds = {
  /** Log time: ends before the first record at or after it. Default: the end of the part. */
  readonly toMs?: EpochMs
  /** Ends with the record that has this entry of the tenant. */
  readonly entriesMax?: number
  /** Asked at each record: ends with it. */
  readonly isOver?: () => boolean
  /** After each page that is folded. */
  readonly progress?: (progress: ReplayProgress) => void
}

export type ReplayProgress = {
  /** Of the tenant, folded so far. */
  readonly entries: number
  /** To be read next. */
  readonly offset: Offset
}

/** `end`: whether all was read that lies within the part and before `toMs`, or which bound ended it earlier. */
export type Replayed = ReplayProgress & { readonly end: 'all' | 'entries' | 'over' }

/** Reads a part of the log from an offset on, and folds the tenant's own records of it. */
export async function replayLog(
  replay: TenantReplay,
  own: OwnRecords,
  { part, from }: { readonly part: LogPart; readonly from: Offset },
  { toMs = Infinity as EpochMs, entriesMax = Infinity, isOver, progress }: ReplayBounds = {},
): Promise<Replayed> {
  let at: ReplayProgress = { entries: 0, offset: from }
  for await (const page of pagesFrom(part, from)) {
    const taken: OwnRecord[] = []
    let end: Replayed['end'] | null = null
    for (const record of page) {
      const next = own.next(record)
      if (next.nowMs >= toMs) end = 'all'
      else {
        taken.push(next)
        at = { entries: at.entries + next.entries, offset: (record.offset + 1) as Offset }
        if (at.entries >= entriesMax) end = 'entries'
        else if (isOver?.() === true) end = 'over'
      }
      if (end !== null) break
    }
    await replay.fold(taken)
    progress?.(at)
    if (end !== null) return { ...at, end }
  }
  return { ...at, end: 'all' }
}
