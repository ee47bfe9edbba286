import { judge, newLogClock, type LogClock, type Stamp } from './log-clock.ts'
import type { EpochMs } from './time.ts'

/** A Monday, 08:00 UTC: where the right time begins. */
export const beginMs = Date.UTC(2026, 2, 2, 8)
export const empty = newLogClock(0 as EpochMs)

/** What a frame is off by: its append time, its sender's wall clock, its sender's monotonic clock. */
export type Off = { readonly append?: number; readonly wall?: number; readonly monotonic?: number }

/** A frame of `name`, `rightMs` after the beginning. */
export function frameAt(
  rightMs: number,
  { append = 0, wall = 0, monotonic = 0 }: Off = {},
  name = 'boot',
): Stamp {
  const atMs = beginMs + rightMs
  const sender = {
    name,
    wallMs: (atMs + wall) as EpochMs,
    monotonicMs: 1_000_000 + rightMs + monotonic,
  }
  return { appendedAtMs: (atMs + append) as EpochMs, sender }
}

/** Heartbeats every 250 ms over `[fromMs, toMs)`. `both`: append time and wall clock are one and the same, as in one machine. */
export function beats(fromMs: number, toMs: number, both = 0, name?: string): Stamp[] {
  const count = Math.ceil((toMs - fromMs) / 250)
  return Array.from({ length: count }, (_, beat) =>
    frameAt(fromMs + 250 * beat, { append: both, wall: both }, name),
  )
}

export const judged = (stamps: readonly Stamp[], from: LogClock = empty): LogClock =>
  stamps.reduce(judge, from)
/** Log time, in ms after the beginning. */
export const passed = ({ nowMs }: LogClock): number => nowMs - beginMs
