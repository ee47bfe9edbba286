import { getHeapStatistics, setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type { BenchCase, Sample } from './case.ts'

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void
const allocated = (): number => getHeapStatistics().total_allocated_bytes

/** One run in this process. What is left of the runs before is cleared away first, so that it is not charged to this one. */
export async function measure({ prepare, run }: BenchCase): Promise<Sample> {
  await prepare?.()
  collectGarbage()
  const allocatedBefore = allocated()
  const before = process.cpuUsage()
  const startedMs = performance.now()
  const events = await run()
  const wallMs = performance.now() - startedMs
  const { user, system } = process.cpuUsage(before)
  return {
    ...{ events, wallMs, cpuMs: (user + system) / 1_000 },
    ...{
      peakBytes: process.resourceUsage().maxRSS * 1_024,
      allocatedBytes: allocated() - allocatedBefore,
    },
  }
}
