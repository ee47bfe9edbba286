import {
  bucketStart,
  type DurationMs,
  type EpochMs,
  type Interval,
  minuteMs,
} from '../time/time.ts'

/** What is expected is counted in millionths of a contact: a forecast may be a fraction, and what is counted is whole. */
export const perContact = 1_000_000

/** No total of a forecast is larger: sums of several are exact. */
const totalMax = 1e15

/**
 * What is expected in an interval, spread evenly over it. `offered`: in millionths of a contact. `workMs`: the handle time of all that is offered; `agentMs`: the time
 * of all agents who are planned; `null`: nothing was told of it.
 */
export type Spreading = Interval & {
  readonly offered: number
  readonly workMs: DurationMs | null
  readonly agentMs: DurationMs | null
}

/** A forecast as an event tells it. */
type Told = Interval & {
  readonly offered: number
  readonly averageHandleMs: DurationMs | undefined
  readonly agents: number | undefined
}

/** The totals of a forecast, each a whole number. */
export function spreadingOf({ startMs, endMs, offered, averageHandleMs, agents }: Told): Spreading {
  const whole = (total: number): number => Math.min(Math.round(total), totalMax)
  return {
    startMs,
    endMs,
    offered: whole(offered * perContact),
    workMs: averageHandleMs === undefined ? null : whole(offered * averageHandleMs),
    agentMs: agents === undefined ? null : whole(agents * (endMs - startMs)),
  }
}

/** What of a total falls before an instant: rounded down, so that parts from instant to instant add up to the whole. */
function spreadTo(total: number, { startMs, endMs }: Interval, atMs: EpochMs): number {
  if (atMs <= startMs) return 0
  if (atMs >= endMs) return total
  return Number((BigInt(total) * BigInt(atMs - startMs)) / BigInt(endMs - startMs))
}

/** What of a total of an interval falls from one instant to another. */
export const spreadBetween = (
  total: number,
  interval: Interval,
  fromMs: EpochMs,
  toMs: EpochMs,
): number => spreadTo(total, interval, toMs) - spreadTo(total, interval, fromMs)

/** Where the minute ends, or the interval within it. */
export const minuteEnd = ({ endMs }: Interval, atMs: EpochMs): EpochMs =>
  Math.min(bucketStart(atMs, minuteMs) + minuteMs, endMs) as EpochMs
