import type { TenantConfig } from '@deskpulse/core/config'
import type { CanonicalEvent } from '@deskpulse/core/events'
import { agentStretches, type Stretch } from './agent-time.ts'
import { answeredObservations, handledObservations, openedObservations } from './counts.ts'
import { courseOf, type Course } from './course.ts'
import { namesOf } from './engaged.ts'
import { forecastObservations } from './forecasts.ts'
import { handlingObservations } from './handling.ts'
import type { Observation } from './observation.ts'
import { ownIdObservations } from './own-ids.ts'
import { ownValues, type OwnValues } from './own-values.ts'
import { passObservations } from './passes.ts'
import { replyObservations } from './replies.ts'
import {
  fcrObservations,
  resolutionDueObservations,
  resolutionObservations,
} from './resolutions.ts'
import { lostObservations, openContact, waitOf, type Ongoing, type Open } from './waiting.ts'

/** All that one tenant's events amount to at a log time, computed from the whole list at once. */
export type World = {
  readonly config: TenantConfig
  readonly own: OwnValues
  readonly asOfMs: number
  readonly observations: readonly Observation[]
  readonly waits: readonly Ongoing[]
  readonly open: readonly Open[]
  /** By agent. */
  readonly agents: ReadonlyMap<string, readonly Stretch[]>
}

/** `events`: in the order of the log. */
export function worldOf(
  events: readonly CanonicalEvent[],
  config: TenantConfig,
  asOfMs: number,
): World {
  const courses = coursesOf(events, config)
  const counting = courses.filter(({ discarded }) => !discarded)
  const names = new Set(
    events.flatMap(({ type, data }) =>
      type.startsWith('agent.') && data.agentId !== undefined ? [data.agentId] : [],
    ),
  )
  return {
    config,
    own: ownValues(events, config),
    asOfMs,
    observations: [
      ...ownIdObservations(events, asOfMs),
      ...forecastObservations(events, asOfMs),
      ...counting.flatMap((course) => [
        ...openedObservations(course),
        ...answeredObservations(course),
        ...handledObservations(course),
        ...handlingObservations(course),
        ...resolutionObservations(course),
        ...resolutionDueObservations(course, asOfMs),
        ...fcrObservations(course, courses, asOfMs),
        ...replyObservations(course, asOfMs),
        ...lostObservations(course, asOfMs),
        ...passObservations(course, asOfMs),
      ]),
    ],
    waits: counting.flatMap((course) => waitOf(course, asOfMs) ?? []),
    open: counting.flatMap((course) => openContact(course, asOfMs) ?? []),
    agents: new Map(
      [...names].map((agentId) => [
        agentId,
        agentStretches(agentId, events, namingOf(courses, agentId), config, asOfMs),
      ]),
    ),
  }
}

function coursesOf(events: readonly CanonicalEvent[], config: TenantConfig): Course[] {
  const byContact = Map.groupBy(
    events.filter(({ type }) => type.startsWith('contact.') || type === 'message.sent'),
    ({ data }) => data.contactId!,
  )
  return [...byContact].map(([contactId, its]) => courseOf(contactId, its, config))
}

function namingOf(courses: readonly Course[], agentId: string): Course[] {
  return courses.filter((course) => namesOf(course).some((name) => name.agentId === agentId))
}
