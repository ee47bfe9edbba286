import { dayMs, type EpochMs } from '@deskpulse/core/time'
import type { LogRecord, Wake } from '@deskpulse/stream'
import { type Incoming, type IncomingRecord, readRecord } from './inbox.ts'
import type { JudgedRecord } from './log-time.ts'

/** A fold takes whole records until it has this many entries: a commit stays near a few thousand keys. */
const entriesPerFold = 2_000
/** A fold passes at most so many wakes, so that what hours of silence or an expiring back-fill make due is no single huge commit. */
export const wakesPerFold = 1_000
/** Each wake may begin or end an alert of each rule: a fold announces about so many at most. */
const transitionsPerFold = 5_000
/** How many wakes a fold passes where a tenant has so many rules that folds decide, of which it has 500 at most; `Infinity` without any. */
export const wakesFor = (rules: number): number => Math.floor(transitionsPerFold / rules)

/**
 * The records that one fold is to take, as far as their own size goes. What follows new rules is another fold's: all that waits is decided by them first. A
 * new configuration has a fold of its own: what a fold decides once, at its end, is decided by one configuration.
 */
export function* readRecords(records: readonly LogRecord[]): Generator<IncomingRecord> {
  let entries = 0
  for (const [place, record] of records.entries()) {
    const read = readRecord(record)
    const isConfig = has(read, 'config')
    if (isConfig && place > 0) return
    yield read
    entries += read.entries.length
    if (entries >= entriesPerFold || isConfig || has(read, 'rules')) return
  }
}

const has = ({ entries }: IncomingRecord, kind: Incoming['kind']): boolean =>
  entries.some((entry) => entry.kind === kind)

/** Log time after the records. */
export function latestOf(nowMs: EpochMs, records: readonly JudgedRecord[]): EpochMs {
  return Math.max(nowMs, records.at(-1)?.clock.nowMs ?? nowMs) as EpochMs
}

/** What a fold passes: `records` may be none of those offered, and then wakes alone. All wakes at or before `logTimeMs` are in `wakes`, or, without records, the first ones. */
export type Taken = {
  readonly records: readonly JudgedRecord[]
  readonly wakes: readonly Wake[]
  readonly logTimeMs: EpochMs
}

/**
 * A fold stays within one UTC day of log time: lifetimes are counted in such days, so that they do not depend on batches. More wakes may be due by the
 * last record than `due` holds (`wakesMax` of them, the first ones). Then the records go as far as it is sure that all are there; where that is before the
 * first record, log time goes no further than the last wake.
 */
export function takenOf(
  offered: readonly JudgedRecord[],
  due: readonly Wake[],
  wakesMax: number,
  nowMs: EpochMs,
): Taken {
  const firstMs = Math.min(due[0]?.atMs ?? Infinity, offered[0]?.clock.nowMs ?? Infinity)
  const dayEndMs = (Math.floor(Math.max(nowMs, firstMs) / dayMs) + 1) * dayMs
  const wakes = due.filter(({ atMs }) => atMs < dayEndMs)
  const last = wakes.at(-1)
  const sureMs = last === undefined || wakes.length < wakesMax ? dayEndMs : last.atMs
  const unsure = offered.findIndex(({ clock }) => clock.nowMs >= sureMs)
  const records = unsure < 0 ? offered : offered.slice(0, unsure)
  if (records.length === 0)
    return { records, wakes, logTimeMs: Math.max(nowMs, last?.atMs ?? nowMs) as EpochMs }
  const logTimeMs = latestOf(nowMs, records)
  return { records, wakes: wakes.filter(({ atMs }) => atMs <= logTimeMs), logTimeMs }
}
