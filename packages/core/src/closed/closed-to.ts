import { ByteReader, ByteWriter } from '../open/bytes.ts'
import type { DurationMs, EpochMs } from '../time/time.ts'

/**
 * How far a tenant's periods are closed: those that end in (`beganMs`, `toMs`]. What ended before the tenant's first entry was never closed; it is issued
 * where something falls into it.
 */
export type ClosedTo = {
  readonly beganMs: EpochMs
  readonly toMs: EpochMs
  /** By which periods are closed, and what matures has matured. */
  readonly graceMs: DurationMs
  readonly fcrWindowMs: DurationMs
}

const writer = new ByteWriter()

export function encodeClosedTo({ beganMs, toMs, graceMs, fcrWindowMs }: ClosedTo): Uint8Array {
  writer.time(beganMs)
  writer.time(toMs)
  writer.count(graceMs)
  writer.count(fcrWindowMs)
  return writer.take()
}

/** @throws RangeError */
export function decodeClosedTo(bytes: Uint8Array): ClosedTo {
  const reader = new ByteReader(bytes)
  return {
    ...{ beganMs: reader.time(), toMs: reader.time() },
    ...{ graceMs: reader.count(), fcrWindowMs: reader.count() },
  }
}
