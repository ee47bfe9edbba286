import { batchesOf } from '../send/batches.ts'
import { added, allAccepted, refusedTotal } from '../send/sender.ts'
import { createProgress } from '../output/progress.ts'
import { summaryOf } from '../output/summary.ts'
import { exitCodes, type ExitCode } from '../command-line/failure.ts'
import { openInputFile } from '../replay/input-file.ts'
import { reversed } from '../replay/reversed.ts'
import type { Typed } from '../command-line/spec.ts'
import type { Command, Context } from './command.ts'
import { destinationOf } from './destination.ts'
import { replayOptionsOf, replaySpec } from './replay-options.ts'
import { eventLines } from './replay-input.ts'

export const replayCommand: Command = { spec: replaySpec, run: replay }

async function replay(typed: Typed, context: Context): Promise<ExitCode> {
  const { clock, signal, terminal } = context
  const options = await replayOptionsOf(typed)
  const file = await openInputFile(options.path)
  const sender = await destinationOf(typed, options.tenant, context)
  const lines = eventLines(file, options)
  const batchMax = Math.min(options.batchMax, sender.batchMax)
  const progress = createProgress(terminal, file.sizeBytes, clock)
  const startMs = clock.nowMs()
  let result = allAccepted(0)
  try {
    for await (const batch of batchesOf(options.reverse ? reversed(lines) : lines, {
      ...options,
      batchMax,
      clock,
      signal,
    })) {
      result = added(result, await sender.send(batch, signal))
      progress.update(file.readBytes(), result.accepted + refusedTotal(result))
    }
  } finally {
    progress.end()
    await sender.close()
    const run = {
      from: file.name,
      to: sender.target,
      result,
      tellsRefusals: sender.tellsRefusals,
      elapsedMs: clock.nowMs() - startMs,
    }
    terminal.out(summaryOf(run))
  }
  if (signal.aborted) return exitCodes.interrupted
  return refusedTotal(result) > 0 ? exitCodes.failed : exitCodes.ok
}
