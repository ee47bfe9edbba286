import { setTimeout as pause } from 'node:timers/promises'
import type { Random } from '../../../services/cli/src/simulate/random.ts'
import { until } from '../../support/until.ts'
import type { Report } from '../report.ts'
import type { Plant } from '../plant/plant.ts'
import { inWords, type Fault, type FaultKind } from './faults.ts'

/** How many are under way at most: what comes together is what nobody thought of. */
const atOnce = 3
const pauseMs = 1_000
/** A fault waits so long for something to be counted since the one before: what strikes while nothing happens proves nothing. */
const progressMs = 15_000

/** Lets all of the plan happen, several faults at once. `reached` is told how many have begun. @throws Error when one cannot be done or put right. */
export async function struckBy(
  plan: readonly Fault[],
  plant: Plant,
  random: Random,
  reached: (count: number) => void,
): Promise<Pick<Report, 'struck' | 'kills'>> {
  const struck: Partial<Record<FaultKind, number>> = {}
  const kills: Record<string, number> = {}
  const waiting = plan.entries()
  let counted = ''
  async function untilMoreIsCounted(): Promise<void> {
    const hasChanged = (now: string): boolean => now !== counted
    counted = await until('more is counted', () => plant.counted(), hasChanged, {
      withinMs: progressMs,
      everyMs: 200,
    }).catch(() => counted)
  }
  async function worker(): Promise<void> {
    for (const [number, fault] of waiting) {
      reached(number + 1)
      await untilMoreIsCounted()
      await plant.strike(fault).catch((error: unknown) => {
        throw new Error(`the fault could not be done or put right: ${inWords(fault)}`, {
          cause: error,
        })
      })
      struck[fault.kind] = (struck[fault.kind] ?? 0) + 1
      const ended =
        fault.kind === 'kill' ? fault.target : fault.kind === 'older-snapshot' ? 'redis' : null
      if (ended !== null) kills[ended] = (kills[ended] ?? 0) + 1
      await pause(random.exponential(pauseMs))
    }
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
  return { struck, kills }
}
