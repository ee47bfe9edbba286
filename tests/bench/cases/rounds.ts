import { startWorker, type Worker } from '../measuring/worker.ts'
import type { Sample } from './case.ts'

/** By the names of what is measured. */
export type Samples<Name extends string> = ReadonlyMap<Name, readonly Sample[]>

export type RoundsOptions<Name extends string> = {
  /** Of cases, or of points of curves. */
  readonly names: readonly Name[]
  readonly events: number
  readonly runs: number
  readonly onRound?: (round: number) => void
}

/**
 * Measures cases side by side: each has a process of its own, and a round runs every one of them once, one after another, so that a busy machine is
 * busy for all of them. A round before the first warms them up and is not counted.
 */
export async function runRounds<Name extends string>({
  names,
  events,
  runs,
  onRound = () => {},
}: RoundsOptions<Name>): Promise<Samples<Name>> {
  const workers = new Map<Name, Worker<'run', Sample>>()
  const samples = new Map<Name, Sample[]>(names.map((name) => [name, []]))
  try {
    for (const name of names)
      workers.set(name, await startWorker('cases/worker.ts', [name, String(events)]))
    for (let round = 0; round <= runs; round++) {
      onRound(round)
      for (const [name, worker] of workers) {
        const sample = await worker.ask('run')
        if (round > 0) samples.get(name)!.push(sample)
      }
    }
    return samples
  } finally {
    await Promise.all([...workers.values()].map((worker) => worker.end()))
  }
}
