import type { AgentState } from '../../events/types.ts'
import { bucketStart, hourMs, slotMs, type EpochMs, type Interval } from '../../time/time.ts'
import { activityOf, type ActivityClass } from './activity.ts'

/** A shift as it was told last. */
export type Shift = Interval & {
  /** In the order in which they were listed. */
  readonly activities: readonly (Interval & { readonly state: AgentState })[]
}

/** So long before and after a shift productive time is work that belongs to it: an early start, a late customer, overtime. */
export const aroundMs = 6 * hourMs

/** A part of a quarter-hour of which one thing is scheduled; `null`: nothing, but it is around a shift. */
export type PlannedPiece = Interval & { readonly scheduled: ActivityClass | null }

/** The quarter-hour of the end of a shift is over: it counts. */
export const shiftOverMs = ({ endMs }: Shift): EpochMs =>
  (bucketStart((endMs - 1) as EpochMs, slotMs) + slotMs) as EpochMs

const covers = ({ startMs, endMs }: Interval, atMs: number): boolean =>
  startMs <= atMs && atMs < endMs

/** A shift with the time around it. */
const withAround = ({ startMs, endMs }: Interval): Interval => ({
  startMs: (startMs - aroundMs) as EpochMs,
  endMs: (endMs + aroundMs) as EpochMs,
})

/** What is scheduled in an interval, in order. Of several shifts the one that begins last counts, of these the last by id; in it, of several activities the one that is listed last. */
export function plannedIn(
  shifts: Iterable<readonly [shiftId: string, Shift]>,
  { startMs, endMs }: Interval,
): PlannedPiece[] {
  const near = [...shifts].filter(([, shift]) => {
    const around = withAround(shift)
    return around.startMs < endMs && around.endMs > startMs
  })
  if (near.length === 0) return []
  near.sort(([a, one], [b, other]) => other.startMs - one.startMs || (a < b ? 1 : -1))
  const cuts = new Set<number>([startMs, endMs])
  for (const [, shift] of near)
    for (const its of [shift, withAround(shift), ...shift.activities])
      for (const atMs of [its.startMs, its.endMs])
        if (atMs > startMs && atMs < endMs) cuts.add(atMs)
  const bounds = [...cuts].sort((a, b) => a - b) as EpochMs[]
  return bounds.slice(1).flatMap((toMs, place): PlannedPiece[] => {
    const fromMs = bounds[place]!
    if (!near.some(([, shift]) => covers(withAround(shift), fromMs))) return []
    const shift = near.find(([, one]) => covers(one, fromMs))?.[1]
    const scheduled = shift === undefined ? null : scheduledAt(shift, fromMs)
    return [{ startMs: fromMs, endMs: toMs, scheduled }]
  })
}

function scheduledAt({ activities }: Shift, atMs: EpochMs): ActivityClass {
  const activity = activities.findLast((one) => covers(one, atMs))
  return activity === undefined ? 'productive' : activityOf(activity.state)
}
