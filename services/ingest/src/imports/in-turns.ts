import { setImmediate as otherWork } from 'node:timers/promises'

/** How long one file keeps everything else of the process waiting. */
const turnMs = 8

/** The same, with what else the process has to do in between. */
export async function* inTurns<One>(all: Iterable<One>): AsyncGenerator<One> {
  let endMs = performance.now() + turnMs
  for (const one of all) {
    yield one
    if (performance.now() < endMs) continue
    await otherWork()
    endMs = performance.now() + turnMs
  }
}
