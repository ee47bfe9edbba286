import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { finished } from 'node:stream/promises'
import { CommandFailure, exitCodes, reasonOf, type ExitCode } from '../command-line/failure.ts'
import type { Typed } from '../command-line/spec.ts'
import { createProgress } from '../output/progress.ts'
import { summaryOf } from '../output/summary.ts'
import { added, allAccepted, refusedTotal } from '../send/sender.ts'
import { runSimulation } from '../simulate/run.ts'
import { finishSimulation } from '../simulate/simulate.ts'
import type { Command, Context } from './command.ts'
import { destinationOf } from './destination.ts'
import { simulateOptionsOf, simulateSpec, type SimulateOptions } from './simulate-options.ts'

export const simulateCommand: Command = { spec: simulateSpec, run: simulateOrWrite }

async function simulateOrWrite(typed: Typed, context: Context): Promise<ExitCode> {
  const options = simulateOptionsOf(typed, context.clock.nowMs())
  return options.out === null ? play(typed, options, context) : write(options.out, options, context)
}

async function play(typed: Typed, options: SimulateOptions, context: Context): Promise<ExitCode> {
  const { clock, signal, terminal } = context
  const { simulation, endMs } = options
  const sender = await destinationOf(typed, simulation.tenant, context)
  const isEndless = endMs === Infinity
  const progress = createProgress(terminal, isEndless ? null : endMs - simulation.startMs, clock)
  const startedMs = clock.nowMs()
  const patience = new AbortController() // Of its own: what winds up a run must arrive after the interruption.
  let result = allAccepted(0)
  try {
    const send = async (lines: readonly string[]): Promise<void> => {
      result = added(result, await sender.send(lines, patience.signal))
    }
    await runSimulation({
      ...simulation,
      ...options,
      clock,
      signal,
      send: (events) => send(events.map((event) => JSON.stringify(event))),
      onSent: (reachedMs, sent) => progress.update(reachedMs - simulation.startMs, sent),
    })
  } finally {
    progress.end()
    await sender.close()
    const run = {
      from: `seed ${simulation.seed}`,
      to: sender.target,
      result,
      tellsRefusals: sender.tellsRefusals,
    }
    terminal.out(summaryOf({ ...run, elapsedMs: clock.nowMs() - startedMs }))
  }
  if (refusedTotal(result) > 0) return exitCodes.failed
  return signal.aborted && !isEndless ? exitCodes.interrupted : exitCodes.ok // Without --for an interruption is the normal end.
}

async function write(
  path: string,
  { simulation, endMs }: SimulateOptions,
  { signal }: Context,
): Promise<ExitCode> {
  const stream = path === '-' ? process.stdout : createWriteStream(path)
  try {
    for (const event of finishSimulation(simulation, -Infinity, endMs)) {
      if (signal.aborted) return exitCodes.interrupted
      if (!stream.write(`${JSON.stringify(event)}\n`)) await once(stream, 'drain')
    }
    if (path !== '-') {
      stream.end()
      await finished(stream)
    }
    return exitCodes.ok
  } catch (error) {
    throw new CommandFailure(`${path} cannot be written: ${reasonOf(error)}`, { cause: error })
  }
}
