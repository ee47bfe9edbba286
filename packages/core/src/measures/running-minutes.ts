import { ByteReader, ByteWriter } from '../open/bytes.ts'
import type { EpochMs } from '../time/time.ts'

/** A minute whose measures are not yet all in its slot and its day. `dayStartMs`: of its local day, in the zone in force at the slot's start. */
export type RunningMinute = { readonly startMs: EpochMs; readonly dayStartMs: EpochMs }

/**
 * The record `running:<tenant>`, in order of time: the minute that runs, those that are over and not yet added to slot and day, and those ahead of log
 * time. A reader of a slot or a day adds their records. Of the first minute, slices below the number in `rolled-to:<tenant>` are in slot and day already.
 */
export type RunningMinutes = readonly RunningMinute[]

const writer = new ByteWriter()

/** `null`: there are none. */
export function encodeRunning(minutes: RunningMinutes): Uint8Array | null {
  if (minutes.length === 0) return null
  writer.count(minutes.length)
  for (const { startMs, dayStartMs } of minutes) {
    writer.time(startMs)
    writer.time(dayStartMs)
  }
  return writer.take()
}

export function decodeRunning(bytes: Uint8Array | null): RunningMinutes {
  if (bytes === null) return []
  const reader = new ByteReader(bytes)
  return Array.from({ length: reader.count() }, () => ({
    startMs: reader.time(),
    dayStartMs: reader.time(),
  }))
}

/** `slice`: that from which on the first running minute is still to be rolled. `null`: 0. */
export function encodeRolledTo(slice: number): Uint8Array | null {
  if (slice === 0) return null
  writer.count(slice)
  return writer.take()
}

export const decodeRolledTo = (bytes: Uint8Array | null): number =>
  bytes === null ? 0 : new ByteReader(bytes).count()
