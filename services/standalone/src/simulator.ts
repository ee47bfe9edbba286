import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import type { WireEvent } from '@deskpulse/contract'
import { finishSimulation, runSimulation, type Clock, type SimulationOptions } from '@deskpulse/cli'
import { simulatedTenant } from '@deskpulse/runtime'

/** What is kept of a run, so that a start after a crash can end it: nobody is to wait for ever. */
type Mark = {
  readonly simulation: SimulationOptions
  /** Simulated time up to which everything has been taken. */
  readonly reachedMs: number
  /** Simulated time up to which something may have been taken. */
  readonly sendingMs: number
  readonly isWoundUp: boolean
}

export type SimulatorOptions = {
  readonly file: string
  readonly clock: Clock
  readonly signal: AbortSignal
  /** Resolves when the events are taken for good. */
  readonly send: (tenant: string, events: readonly WireEvent[]) => Promise<void>
}

const historyMs = 2 * 3_600_000 // A wallboard that starts empty shows nothing for minutes.
const runMs = 24 * 3_600_000 // A run is simulated again from its start to end it after a crash: this bounds the work.
const sentAtOnce = 500

function readMark(file: string): Mark | null {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Mark
  } catch {
    return null // The first start, or a mark that a crash cut short: only the simulated tenant is concerned.
  }
}

function writeMark(file: string, mark: Mark): void {
  writeFileSync(`${file}.new`, JSON.stringify(mark))
  renameSync(`${file}.new`, file)
}

/** Sends what a run that was cut off left open, and its end. Events that were taken before are sent again, which changes nothing. */
async function finish({ file, send }: SimulatorOptions, mark: Mark): Promise<void> {
  const rest = [...finishSimulation(mark.simulation, mark.reachedMs, mark.sendingMs)]
  for (let at = 0; at < rest.length; at += sentAtOnce)
    await send(simulatedTenant, rest.slice(at, at + sentAtOnce))
  writeMark(file, { ...mark, isWoundUp: true })
}

/** One day of the simulated contact center, beginning where the last one ended if that is not long ago. */
async function playRun(
  { clock, file, signal, send }: SimulatorOptions,
  previous: Mark | null,
): Promise<Mark> {
  const nowMs = clock.nowMs()
  const startMs = Math.max(nowMs - historyMs, previous?.sendingMs ?? 0)
  const simulation: SimulationOptions = {
    tenant: simulatedTenant,
    startMs,
    seed: startMs % 1_000_000,
  }
  let mark: Mark = { simulation, reachedMs: startMs, sendingMs: startMs, isWoundUp: false }
  const keep = (change: Partial<Mark>): void => {
    mark = { ...mark, ...change }
    writeMark(file, mark)
  }
  await runSimulation({
    ...simulation,
    clock,
    signal,
    warmUpMs: nowMs - startMs,
    endMs: nowMs + runMs,
    send(events) {
      keep({ sendingMs: Date.parse(events.at(-1)?.time ?? '') })
      return send(simulatedTenant, events)
    },
    onSent: (reachedMs) => keep({ reachedMs }),
  })
  keep({ isWoundUp: true })
  return mark
}

/** Plays the simulated contact center until `signal` aborts, then winds it up. */
export async function runSimulator(options: SimulatorOptions): Promise<void> {
  let previous = readMark(options.file)
  if (previous !== null && !previous.isWoundUp) await finish(options, previous)
  while (!options.signal.aborted) previous = await playRun(options, previous)
}
