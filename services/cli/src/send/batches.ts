import type { Clock } from '../clock.ts'

export type Pace = {
  readonly batchMax: number
  /** Events per second; `null` = as fast as the receiver takes them. */
  readonly ratePerSecond: number | null
  readonly clock: Clock
  readonly signal: AbortSignal
}

/** Batches of at most `batchMax`, never empty, in order; ends early when `signal` aborts. With a rate, event k (from 0) does not leave before k ÷ rate seconds. */
export async function* batchesOf(
  lines: AsyncIterable<string>,
  pace: Pace,
): AsyncGenerator<readonly string[]> {
  const startMs = pace.clock.nowMs()
  let batch: string[] = []
  let taken = 0
  for await (const line of lines) {
    if (pace.signal.aborted) return
    const waitMs =
      pace.ratePerSecond === null
        ? 0
        : startMs + (taken * 1000) / pace.ratePerSecond - pace.clock.nowMs()
    if (waitMs > 0) {
      if (batch.length > 0) yield batch
      batch = []
      await pace.clock.sleep(Math.ceil(waitMs), pace.signal)
      if (pace.signal.aborted) return
    }
    batch.push(line)
    taken++
    if (batch.length >= pace.batchMax) {
      yield batch
      batch = []
    }
  }
  if (batch.length > 0 && !pace.signal.aborted) yield batch
}
