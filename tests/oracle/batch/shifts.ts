import type { TenantConfig } from '@deskpulse/core/config'
import type { CanonicalEvent } from '@deskpulse/core/events'
import type { Stretch } from './agent-time.ts'
import type { Observation } from './observation.ts'
import { timelineOf } from './order.ts'
import { dateAt } from './rosters.ts'

/** A stretch of an agent's time in a shift, or within six hours of one (`scheduled` is `null`). */
export type ShiftTime = {
  readonly agent: string
  readonly startMs: number
  readonly endMs: number
  readonly scheduled: string | null
  readonly actual: string
}

type Span = { readonly startMs: number; readonly endMs: number }
type Activity = Span & { readonly state: string }
type Shift = Span & { readonly id: string; readonly activities: readonly Activity[] }

const [quarterMs, hour, day] = [900_000, 3_600_000, 86_400_000]

const classes: Readonly<Record<string, string>> = {
  ...{ available: 'productive', on_contact: 'productive', wrap_up: 'productive' },
  ...{ break: 'break', meal: 'break', meeting: 'meeting', training: 'training' },
  ...{ not_ready: 'other', other: 'other', offline: 'off' },
}

/** Time in and around shifts, of the quarter-hours that are over by `asOfMs`, cut wherever anything may change. */
export function shiftTimesOf(
  agent: string,
  stretches: readonly Stretch[],
  events: readonly CanonicalEvent[],
  asOfMs: number,
): ShiftTime[] {
  const shifts = shiftsOf(agent, events)
  const isIn = ({ startMs, endMs }: Span, atMs: number): boolean => startMs <= atMs && atMs < endMs
  const around = shifts.map(({ startMs, endMs }) => ({
    startMs: startMs - 6 * hour,
    endMs: endMs + 6 * hour,
  }))
  const spans: readonly Span[] = [
    ...shifts,
    ...around,
    ...shifts.flatMap(({ activities }) => activities),
    ...stretches,
  ]
  const overMs = Math.floor(asOfMs / quarterMs) * quarterMs
  const cuts = [...new Set([overMs, ...spans.flatMap((one) => [one.startMs, one.endMs])])].sort(
    (a, b) => a - b,
  )
  const remaining = [...stretches].reverse() // They are in order, and there may be thousands.
  return cuts.slice(1).flatMap((endMs, place): ShiftTime[] => {
    const startMs = cuts[place]!
    while ((remaining.at(-1)?.endMs ?? Infinity) <= startMs) remaining.pop()
    const last = remaining.at(-1)
    const stretch = last !== undefined && isIn(last, startMs) ? last : undefined
    if (endMs > overMs || stretch === undefined || stretch.state === null) return []
    const actual =
      stretch.class === null
        ? 'off'
        : stretch.class === 'not-ready'
          ? classes[stretch.state]!
          : 'productive'
    const its = { agent, startMs, endMs, actual }
    const covering = shifts.filter((one) => isIn(one, startMs)).sort(laterFirst)[0]
    if (covering === undefined)
      return around.some((one) => isIn(one, startMs)) ? [{ ...its, scheduled: null }] : []
    const state = covering.activities.findLast((one) => isIn(one, startMs))?.state ?? 'available'
    return [{ ...its, scheduled: classes[state]! }]
  })
}

const laterFirst = (a: Shift, b: Shift): number => b.startMs - a.startMs || (a.id < b.id ? 1 : -1)

/** Shifts that are over, but those of dates that were told by hand; and these dates. */
export function attendanceObservations(
  agent: string,
  stretches: readonly Stretch[],
  events: readonly CanonicalEvent[],
  config: TenantConfig,
  asOfMs: number,
): Observation[] {
  const of = (what: string, atMs: number, value = 1): Observation => ({
    ...{ what, atMs, value, dimensions: { agent }, scope: 'both' },
  })
  const dates = datesOf(agent, events)
  const ofShifts = shiftsOf(agent, events).flatMap(({ startMs, endMs }) => {
    const isOver = Math.ceil(endMs / quarterMs) * quarterMs <= asOfMs
    const isKnown = stretches.some((one) => one.state !== null && one.startMs < endMs)
    if (!isOver || !isKnown || dates.has(dateAt(startMs, config))) return []
    const signedInMs = stretches
      .filter((one) => one.class !== null)
      .map((one) => Math.min(one.endMs, endMs) - Math.max(one.startMs, startMs))
      .reduce((sum, ms) => sum + Math.max(0, ms), 0)
    const due = of('attendance-due', endMs)
    return signedInMs < (endMs - startMs) / 2 ? [due] : [due, of('attendance-kept', endMs)]
  })
  const ofDates = [...dates].flatMap(([date, { scheduled, attended, violations = 0 }]) => {
    if (Date.parse(`${date}T12:00:00Z`) > asOfMs) return []
    const atMs = Temporal.PlainDate.from(date).toZonedDateTime(config.timeZone).epochMilliseconds
    return [
      ...(scheduled ? [of('attendance-due', atMs)] : []),
      ...(scheduled && attended ? [of('attendance-kept', atMs)] : []),
      ...(violations > 0 ? [of('violation', atMs, violations)] : []),
    ]
  })
  return [...ofShifts, ...ofDates]
}

/** What was told last, within reach of when it was told. */
function lastOf(
  agent: string,
  events: readonly CanonicalEvent[],
  type: 'agent.scheduled' | 'agent.attendance',
  id: 'shiftId' | 'date',
): CanonicalEvent[] {
  const its = timelineOf(events.filter((one) => one.type === type && one.data.agentId === agent))
  return [...Map.groupBy(its, ({ data }) => data[id]).values()].map((told) => told.at(-1)!)
}

const isInReach = (startMs: number, endMs: number, toldMs: number): boolean =>
  startMs - toldMs <= 366 * day && toldMs - endMs <= 35 * day

function shiftsOf(agent: string, events: readonly CanonicalEvent[]): Shift[] {
  type Told = { readonly start: string; readonly end: string; readonly state: string }
  const spanOf = ({ start, end }: Pick<Told, 'start' | 'end'>): Span => ({
    startMs: Date.parse(start),
    endMs: Date.parse(end),
  })
  return lastOf(agent, events, 'agent.scheduled', 'shiftId').flatMap(({ data, timeMs }) => {
    const told = data as unknown as Told & {
      readonly shiftId: string
      readonly activities?: readonly Told[]
    }
    const span = spanOf(told)
    const isCounted =
      span.endMs - span.startMs <= day && isInReach(span.startMs, span.endMs, timeMs)
    const activities = (told.activities ?? []).map((one) => ({ ...spanOf(one), state: one.state }))
    return isCounted ? [{ ...span, id: told.shiftId, activities }] : []
  })
}

type Attendance = {
  readonly scheduled: boolean
  readonly attended: boolean
  readonly violations?: number
}

function datesOf(agent: string, events: readonly CanonicalEvent[]): Map<string, Attendance> {
  const told = lastOf(agent, events, 'agent.attendance', 'date').filter(({ data, timeMs }) => {
    const midnightMs = Date.parse(data['date'] as string)
    return isInReach(midnightMs, midnightMs + day, timeMs)
  })
  return new Map(
    told.map(({ data }) => [data['date'] as string, data as unknown as Attendance] as const),
  )
}
