import { judge, type LogClock, newLogClock, type EpochMs } from '@deskpulse/core/time'
import {
  decodeFrame,
  DeskpulseError,
  encodeFrame,
  type Entry,
  type Frame,
  type LogRecord,
} from '@deskpulse/stream'

/** A record of the log as one tenant's replay sees it. */
export type OwnRecord = {
  /** With no entries but the tenant's; its clocks and its sender are as they were. */
  readonly record: LogRecord
  /** How many entries are left in it. */
  readonly entries: number
  /** Log time once it is passed, as the folds judge it from the first record on that was read. */
  readonly nowMs: EpochMs
}

/** Leaves in the records of a log, one after the other, the entries of the tenant that `keeps` says yes to. */
export class OwnRecords {
  readonly #tenant: string
  readonly #keeps: (entry: Entry) => boolean
  #clock: LogClock = newLogClock(0 as EpochMs)

  constructor(tenant: string, keeps: (entry: Entry) => boolean = () => true) {
    this.#tenant = tenant
    this.#keeps = keeps
  }

  next(record: LogRecord): OwnRecord {
    const { appendedAtMs } = record
    const frame = frameOf(record)
    this.#clock = judge(this.#clock, { appendedAtMs, sender: frame?.clock })
    const { nowMs } = this.#clock
    if (frame === null) return { record, entries: 0, nowMs } // The fold refuses it, and time passes.
    const entries = frame.entries.filter(
      (entry) => entry.tenant === this.#tenant && this.#keeps(entry),
    )
    const isWhole = entries.length === frame.entries.length
    const own = isWhole ? record : { ...record, value: encodeFrame({ ...frame, entries }) }
    return { record: own, entries: entries.length, nowMs }
  }
}

/** What comes before the entries of a record: time passes. */
export function withoutEntries({ record, nowMs }: OwnRecord): OwnRecord {
  const frame = frameOf(record)
  const value = frame === null ? record.value : encodeFrame({ ...frame, entries: [] })
  return { record: { ...record, value }, entries: 0, nowMs }
}

/** `null`: it cannot be read. */
function frameOf({ value }: LogRecord): Frame | null {
  try {
    return decodeFrame(value ?? new Uint8Array(0))
  } catch (error) {
    if (error instanceof DeskpulseError) return null
    throw error
  }
}
