import type { TenantConfig } from '@deskpulse/core/config'
import type { CanonicalEvent } from '@deskpulse/core/events'
import { agentStretches, type Stretch } from './agent-time.ts'
import { type Exclusion, exclusionsOf } from './appeals.ts'
import { botObservations } from './bots.ts'
import { contractObservations } from './contracts.ts'
import { conversionObservations } from './conversions.ts'
import { answeredObservations, handledObservations, openedObservations } from './counts.ts'
import type { Course } from './course.ts'
import { effectiveObservations, staffedOf, type Staffed } from './effective-time.ts'
import { namesOf } from './engaged.ts'
import { escalationObservations } from './escalations.ts'
import {
  fcrObservations,
  firstLevelObservations,
  followedUpObservations,
  openedOutcomes,
} from './first-contact.ts'
import { forecastObservations } from './forecasts.ts'
import { handlingObservations } from './handling.ts'
import { hangUpObservations } from './hang-ups.ts'
import { manualObservations } from './manual.ts'
import { messageObservations } from './messages.ts'
import type { Observation } from './observation.ts'
import { orderObservations } from './orders.ts'
import { ownIdObservations } from './own-ids.ts'
import { ownValues, type OwnValues } from './own-values.ts'
import { endObservations } from './ends.ts'
import { missedInARow, offerObservations } from './offers.ts'
import { passObservations } from './passes.ts'
import { rostersOf, type Rosters } from './rosters.ts'
import { replyObservations } from './replies.ts'
import { resolutionTimeObservations } from './resolution-times.ts'
import { resolutionDueObservations, resolutionObservations } from './resolutions.ts'
import { responseUnitObservations } from './response-units.ts'
import { invitedObservations, surveyObservations } from './surveys.ts'
import { answeredSessions, ordersIn } from './sales.ts'
import { sessionsOf } from './sessions.ts'
import { attendanceObservations, type ShiftTime, shiftTimesOf } from './shifts.ts'
import {
  lostObservations,
  openContact,
  unrepliedIn,
  waitOf,
  type Ongoing,
  type Open,
  type Unreplied,
} from './waiting.ts'

/** All that one tenant's events amount to at a log time, computed from the whole list at once. */
export type World = {
  readonly config: TenantConfig
  readonly own: OwnValues
  readonly rosters: Rosters
  readonly asOfMs: number
  /** It is what appeals leave out of an agent's: nobody has days in it. */
  readonly isLeftOut?: true
  /** By appeals. */
  readonly exclusions: readonly Exclusion[]
  readonly observations: readonly Observation[]
  readonly waits: readonly Ongoing[]
  readonly unreplied: readonly Unreplied[]
  readonly open: readonly Open[]
  /** By agent. */
  readonly agents: ReadonlyMap<string, readonly Stretch[]>
  /** Offers that each agent missed since it last accepted one. */
  readonly missed: ReadonlyMap<string, number>
  readonly staffed: readonly Staffed[]
  readonly shiftTimes: readonly ShiftTime[]
}

/** `events`: in the order of the log. */
export function worldOf(
  events: readonly CanonicalEvent[],
  config: TenantConfig,
  asOfMs: number,
): World {
  const courses = coursesOf(events, config)
  const counting = courses.filter(({ discarded, events: its }) => !discarded && its.length > 0)
  const [orders, answered] = [ordersIn(events), answeredSessions(counting)]
  const names = new Set(
    events.flatMap(({ type, data }) =>
      type.startsWith('agent.') && data.agentId !== undefined ? [data.agentId] : [],
    ),
  )
  const agents = new Map(
    [...names].map((agentId) => [
      agentId,
      agentStretches(agentId, events, namingOf(courses, agentId), config, asOfMs),
    ]),
  )
  return {
    config,
    own: ownValues(events, config),
    rosters: rostersOf(events),
    asOfMs,
    exclusions: exclusionsOf(events),
    observations: [
      ...ownIdObservations(events, courses, asOfMs),
      ...orderObservations(events, orders, answered),
      ...conversionObservations(orders, answered),
      ...contractObservations(events),
      ...surveyObservations(events, courses, config),
      ...invitedObservations(events, courses),
      ...manualObservations(events, config, asOfMs),
      ...effectiveObservations(courses),
      ...forecastObservations(events, asOfMs),
      ...[...agents].flatMap(([agentId, stretches]) =>
        attendanceObservations(agentId, stretches, events, config, asOfMs),
      ),
      ...counting.flatMap((course) =>
        [
          ...openedObservations(course),
          ...handlingObservations(course),
          ...(course.offline ? [] : requestObservations(course, courses, asOfMs)),
        ].map((one) => ({ ...one, of: `contact/${course.id.split('\u001f')[0]}` })),
      ),
    ],
    waits: counting.flatMap((course) => waitOf(course, asOfMs) ?? []),
    unreplied: counting.flatMap((course) => unrepliedIn(course, asOfMs) ?? []),
    open: counting.flatMap((course) => openContact(course, asOfMs) ?? []),
    missed: missedInARow(
      counting.filter(({ offline }) => !offline),
      asOfMs,
    ),
    agents,
    staffed: [...agents].flatMap(([agentId, stretches]) =>
      staffedOf(agentId, stretches, namingOf(courses, agentId), asOfMs),
    ),
    shiftTimes: [...agents].flatMap(([agentId, stretches]) =>
      shiftTimesOf(agentId, stretches, events, asOfMs),
    ),
  }
}

/** What a left message, and in part an outbound contact, does not count in. */
function requestObservations(
  course: Course,
  courses: readonly Course[],
  asOfMs: number,
): Observation[] {
  return [
    ...answeredObservations(course),
    ...handledObservations(course),
    ...hangUpObservations(course),
    ...messageObservations(course),
    ...resolutionObservations(course),
    ...resolutionDueObservations(course, asOfMs),
    ...resolutionTimeObservations(course),
    ...fcrObservations(course, courses, asOfMs),
    ...firstLevelObservations(course),
    ...followedUpObservations(course),
    ...openedOutcomes(course, courses),
    ...escalationObservations(course),
    ...replyObservations(course, asOfMs),
    ...responseUnitObservations(course, asOfMs),
    ...lostObservations(course, asOfMs),
    ...passObservations(course, asOfMs),
    ...offerObservations(course),
    ...endObservations(course),
    ...botObservations(course, asOfMs),
  ]
}

function coursesOf(events: readonly CanonicalEvent[], config: TenantConfig): Course[] {
  const byContact = Map.groupBy(
    events.filter(({ type }) => type.startsWith('contact.') || type === 'message.sent'),
    ({ data }) => data.contactId!,
  )
  return [...byContact].flatMap(([contactId, its]) => sessionsOf(contactId, its, config))
}

function namingOf(courses: readonly Course[], agentId: string): Course[] {
  return courses.filter((course) => namesOf(course).some((name) => name.agentId === agentId))
}
