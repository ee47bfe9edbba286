import type { CanonicalEvent } from '../../events/event.ts'
import { dimensionSet } from '../../measures/dimension-set.ts'
import { dateStartIn } from '../../time/local-time.ts'
import { dayMs, type EpochMs, hourMs } from '../../time/time.ts'
import type { AttendanceRow } from '../row.ts'
import { begunEverywhereMs, latestMs, nextDayMs, type OwnIdKind } from './own-id.ts'
import { shiftMaxMs } from './shift.ts'

/** What is of a date so long after it was told, or so long before, counts nowhere. */
const [aheadMaxMs, behindMaxMs] = [366 * dayMs, 35 * dayMs]
/** So long before midnight UTC a date begins where clocks are furthest ahead. */
const earliestMs = 14 * hourMs

/**
 * Whether an agent was to work on a local date, and did, told by hand: the last word counts. It counts where the date begins, once that has come everywhere, as a later
 * configuration may still say where it begins. Shifts that begin on that date are no longer counted: their days are told.
 */
export const attendance: OwnIdKind = {
  name: 'attendance',
  types: ['agent.attendance'],
  /** A date has no slash. */
  idOf: ({ date, agentId }) => `${date as string}/${agentId}`,
  tell(events, nowMs, localTime) {
    const told = events.at(-1)!
    if (!isCounted(told)) return { rows: [] }
    const begunMs = begunEverywhereMs(dateIn(told))
    const rows = begunMs <= nowMs ? [rowOf(told, dateStartIn(localTime, dateIn(told)))] : []
    const nexts = [nextDayMs(daysOf(told), nowMs), begunMs > nowMs ? begunMs : undefined]
    const [aheadMs] = nexts.filter((atMs) => atMs !== undefined).sort((a, b) => a - b)
    return aheadMs === undefined ? { rows } : { rows, aheadMs }
  },
  ofAgent: {
    daysOf,
    says: (event) => ({ dates: [{ date: dateIn(event), isTold: true }] }),
    takesBack: (event) => ({ dates: [{ date: dateIn(event), isTold: false }] }),
  },
}

const dateIn = ({ data }: CanonicalEvent): string => data['date'] as string

/** Midnight UTC of the date. */
const dateOf = (event: CanonicalEvent): number => Date.parse(dateIn(event))

const isCounted = (told: CanonicalEvent): boolean =>
  dateOf(told) <= told.timeMs + aheadMaxMs && dateOf(told) + dayMs >= told.timeMs - behindMaxMs

/** Those on which a shift may end that begins on the date, wherever the tenant is. */
function daysOf(told: CanonicalEvent): number[] {
  if (!isCounted(told)) return []
  const midnightMs = dateOf(told)
  const first = Math.floor((midnightMs - earliestMs) / dayMs)
  const last = Math.floor((midnightMs + dayMs + latestMs + shiftMaxMs - 1) / dayMs)
  return Array.from({ length: last - first + 1 }, (_, place) => first + place)
}

function rowOf({ data }: CanonicalEvent, atMs: EpochMs): AttendanceRow {
  const { agentId = 'none', scheduled, attended, violations = 0 } = data
  return {
    grain: 'attendance',
    begun: { atMs, credit: dimensionSet({ agent: agentId }) },
    isScheduled: scheduled as boolean,
    isAttended: attended as boolean,
    violations: violations as number,
  }
}
