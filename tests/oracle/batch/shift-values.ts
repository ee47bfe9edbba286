import type { ReadSlice } from '@deskpulse/core/measures'
import { isIn } from './observation.ts'
import { daysOf } from './rosters.ts'
import type { ShiftTime } from './shifts.ts'
import type { World } from './world.ts'

/** Time in and around shifts of which something is so. */
export function shiftTime(
  world: World,
  slice: ReadSlice,
  isSo: (time: ShiftTime) => boolean,
  [startMs, endMs]: readonly [number, number],
  rosterMs: number | null,
): number {
  let total = 0
  for (const { agent, ...time } of world.shiftTimes.filter(isSo)) {
    const [from, to] = [Math.max(time.startMs, startMs), Math.min(time.endMs, endMs)]
    if (from >= to) continue
    for (const piece of daysOf(from, to, world.config))
      if (isIn(slice, { dimensions: { agent }, scope: 'both' }, world, rosterMs ?? piece.startMs))
        total += piece.endMs - piece.startMs
  }
  return total
}
