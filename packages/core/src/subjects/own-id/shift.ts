import type { CanonicalEvent } from '../../events/event.ts'
import type { AgentState } from '../../events/types.ts'
import { aroundMs, type Shift } from '../../folds/agent/shift.ts'
import { dayMs, type EpochMs, hourMs, type Interval } from '../../time/time.ts'
import { nextDayMs, type OwnIdKind } from './own-id.ts'

/** A longer one is none. */
export const shiftMaxMs = 24 * hourMs
/** What begins so long after it was told, or was over so long before, counts nowhere: a shift of the year 9999 would be kept for good. */
const [aheadMaxMs, behindMaxMs] = [366 * dayMs, 35 * dayMs]

/** When an agent is to work, and on what: the last word counts. It tells the days of its agent, whose rows are of it. */
export const shift: OwnIdKind = {
  name: 'shift',
  types: ['agent.scheduled'],
  /** Either id may have any sign in it: the length says where the first one ends. */
  idOf: ({ agentId = '', shiftId }) => `${agentId.length}/${agentId}/${shiftId as string}`,
  tell(events, nowMs) {
    const aheadMs = nextDayMs(daysOf(events.at(-1)!), nowMs)
    return aheadMs === undefined ? { rows: [] } : { rows: [], aheadMs }
  },
  ofAgent: {
    daysOf,
    says: (event) => ({ shifts: [{ shiftId: idIn(event), shift: shiftOf(event) }] }),
    takesBack: (event) => ({ shifts: [{ shiftId: idIn(event), shift: null }] }),
  },
}

const idIn = ({ data }: CanonicalEvent): string => data['shiftId'] as string

type Told = { readonly start: string; readonly end: string }

const intervalOf = ({ start, end }: Told): Interval => ({
  startMs: Date.parse(start) as EpochMs,
  endMs: Date.parse(end) as EpochMs,
})

function shiftOf({ data }: CanonicalEvent): Shift {
  const { activities = [], ...its } = data as unknown as Told & {
    readonly activities?: readonly (Told & { readonly state: AgentState })[]
  }
  return {
    ...intervalOf(its),
    activities: activities.map((one) => ({ ...intervalOf(one), state: one.state })),
  }
}

/** Those in which the shift lies, and the time around it. */
function daysOf(event: CanonicalEvent): number[] {
  const { startMs, endMs } = shiftOf(event)
  const isCounted =
    endMs - startMs <= shiftMaxMs &&
    startMs <= event.timeMs + aheadMaxMs &&
    endMs >= event.timeMs - behindMaxMs
  if (!isCounted) return []
  const first = Math.floor((startMs - aroundMs) / dayMs)
  const last = Math.floor((endMs + aroundMs - 1) / dayMs)
  return Array.from({ length: last - first + 1 }, (_, place) => first + place)
}
