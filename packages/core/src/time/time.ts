/** A nominal type: two numbers or strings of different meaning cannot be mixed up. */
export type Brand<Value, Name extends string> = Value & { readonly __brand: Name }

/** Milliseconds since 1970-01-01T00:00:00Z, an integer. */
export type EpochMs = Brand<number, 'EpochMs'>

/** A duration in milliseconds, an integer. */
export type DurationMs = number

/** Half-open: `[startMs, endMs)`. */
export type Interval = { readonly startMs: EpochMs; readonly endMs: EpochMs }

export const secondMs = 1_000
export const minuteMs = 60 * secondMs
export const slotMs = 15 * minuteMs
export const hourMs = 60 * minuteMs
export const dayMs = 24 * hourMs

/** The start of the bucket of `sizeMs`, aligned to UTC, that holds `atMs`. */
export function bucketStart(atMs: EpochMs, sizeMs: DurationMs): EpochMs {
  return (Math.floor(atMs / sizeMs) * sizeMs) as EpochMs
}
