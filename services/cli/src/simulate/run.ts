import type { WireEvent } from '@deskpulse/contract'
import type { Clock } from '../clock.ts'
import type { SimulationOptions } from './options.ts'
import { simulate } from './simulate.ts'

export type RunOptions = SimulationOptions & {
  /** Gets events in time order, a few at a time; the next batch waits for it. A rejection ends the run. */
  send(events: readonly WireEvent[]): Promise<void>
  readonly clock: Clock
  /** Ends the run: what is under way is wound up and sent. */
  readonly signal: AbortSignal
  /** Simulated seconds per second, until the simulated time has caught up with the clock; never ahead of it. Default 1. */
  readonly speed?: number
  /** This much history, from `startMs` on, is sent as fast as it is taken. Default 0. */
  readonly warmUpMs?: number
  /** Simulated time at which to stop. Default: never. */
  readonly endMs?: number
  /** After each batch: the simulated time up to which everything has been sent, and how many events. To be kept for `finishSimulation`. */
  onSent?(reachedMs: number, sent: number): void
}

export type RunOutcome = {
  readonly sent: number
  readonly reachedMs: number
  readonly ended: 'stopped' | 'complete'
}

const batchMax = 500
const flushMs = 100 // Events of a tenth of a second travel together.

/** Plays a simulation against the clock. */
export async function runSimulation(options: RunOptions): Promise<RunOutcome> {
  const { clock, signal } = options
  const simulation = simulate(options)
  const dueMs = schedule(options)
  let batch: WireEvent[] = []
  let sent = 0
  let reachedMs = options.startMs
  let ended: RunOutcome['ended'] = 'complete'

  const flush = async (): Promise<void> => {
    if (batch.length === 0) return
    await options.send(batch)
    sent += batch.length
    batch = []
    options.onSent?.(reachedMs, sent)
  }

  for (const event of simulation.events) {
    const timeMs = Date.parse(event.time)
    for (
      let waitMs = dueMs(timeMs) - clock.nowMs();
      waitMs > 0 && !signal.aborted;
      waitMs = dueMs(timeMs) - clock.nowMs()
    ) {
      await flush()
      await clock.sleep(Math.max(waitMs, flushMs), signal)
    }
    batch.push(event)
    reachedMs = timeMs
    if (signal.aborted) ended = 'stopped'
    if (signal.aborted || timeMs >= (options.endMs ?? Infinity)) break
    if (batch.length >= batchMax) await flush()
  }
  batch.push(...simulation.windUp())
  await flush()
  return { sent, reachedMs, ended }
}

/** When an event of simulated time t is due by the clock: at speed, but not before t itself; history at once. */
function schedule({
  clock,
  startMs,
  speed = 1,
  warmUpMs = 0,
}: RunOptions): (timeMs: number) => number {
  const warmMs = startMs + warmUpMs
  const beginsMs = clock.nowMs()
  return (timeMs) =>
    timeMs <= warmMs
      ? Math.min(timeMs, beginsMs)
      : Math.max(timeMs, beginsMs + (timeMs - warmMs) / speed)
}
