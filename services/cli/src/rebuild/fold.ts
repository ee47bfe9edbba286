import { type Rebuild, startRebuild, type RebuildDeps } from '@deskpulse/aggregator'
import { CommandFailure } from '../command-line/failure.ts'
import type { Context } from '../commands/command.ts'
import { createProgress } from '../output/progress.ts'

export type FoldedLog = { readonly entries: number; readonly elapsedMs: number }

/**
 * Folds the log into a new state, telling how far it is, until it is at the log's end; then `finish`, during which it goes on with what comes.
 * @param finish what it waits for is raced with `interrupted`, which rejects.
 * @throws CommandFailure when it is interrupted before, and what the log and the stores throw.
 */
export async function foldLog(
  deps: Omit<RebuildDeps, 'progress' | 'waiting'>,
  { terminal, clock, signal }: Context,
  finish: (rebuild: Rebuild, interrupted: Promise<never>) => Promise<void> = () =>
    Promise.resolve(),
): Promise<FoldedLog> {
  const startMs = clock.nowMs()
  const progress = createProgress(terminal, 1, clock, { estimates: true })
  const interruption = interruptedBy(signal)
  let entries = 0
  let said = ''
  const rebuild = await startRebuild({
    ...deps,
    progress(now) {
      entries = now.entries
      progress.update(now.records / Math.max(1, now.records + now.left), entries)
    },
    waiting({ message }) {
      if (message !== said) terminal.err(`waiting: ${message}\n`)
      said = message
    },
  })
  try {
    await Promise.race([rebuild.caughtUp, interruption.happened])
    await finish(rebuild, interruption.happened)
  } finally {
    interruption.forget()
    progress.end()
    await rebuild.stop()
  }
  return { entries, elapsedMs: clock.nowMs() - startMs }
}

function interruptedBy(signal: AbortSignal): { readonly happened: Promise<never>; forget(): void } {
  const { promise, reject } = Promise.withResolvers<never>()
  promise.catch(() => {}) // Nobody may be waiting for it.
  const interrupt = (): void =>
    reject(new CommandFailure('interrupted: the state that stood before stays'))
  if (signal.aborted) interrupt()
  signal.addEventListener('abort', interrupt)
  return { happened: promise, forget: () => signal.removeEventListener('abort', interrupt) }
}
