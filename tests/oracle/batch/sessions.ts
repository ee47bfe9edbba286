import type { TenantConfig } from '@deskpulse/core/config'
import type { CanonicalEvent } from '@deskpulse/core/events'
import { queueAfter, sessionCourse, type Course } from './course.ts'
import { timelineOf } from './order.ts'
import { turnsOf } from './phases.ts'

/** What the events of one id make: a contact, or the sessions of a thread, each of which is a contact of its own (semantics 8). */
export function sessionsOf(
  contactId: string,
  all: readonly CanonicalEvent[],
  config: TenantConfig,
): Course[] {
  const courses: Course[] = []
  let events = timelineOf(all)
  let opening = firstOpening(events, config)
  let inherited: string | null = null
  for (;;) {
    const id = courses.length === 0 ? contactId : `${contactId}\u001f${courses.length + 1}`
    const isFirst = courses.length === 0
    const courseOf = (its: readonly CanonicalEvent[]): Course => {
      const described = its.map((event) => (isFirst || event === opening ? event : asUpdate(event)))
      return sessionCourse({ id, events: described, config, opening, inherited })
    }
    const cut = events.findIndex((_, index) => begins(courseOf, events, index, config))
    if (cut < 0) return [...courses, courseOf(events)]
    const event = events[cut]!
    const past = events.slice(0, cut)
    const silent: CanonicalEvent = { ...event, type: 'contact.ended', data: { by: 'system' } }
    const before = courseOf(isOver(courseOf(past)) ? past : [...past, silent])
    courses.push(before)
    inherited = queueAfter(before, before.events.length)
    opening = openingBy(event, before)
    const rest = events.slice(cut + 1)
    const begin = event.type === 'contact.opened' ? [opening] : [opening, event]
    events = [...begin, ...assignedAhead(past, event, config), ...rest]
  }
}

const isThread = (config: TenantConfig, { source }: CanonicalEvent): boolean =>
  config.threadSources.includes(source)

const mayBegin = ({ type, data }: CanonicalEvent): boolean =>
  type === 'contact.opened' || (type === 'message.sent' && data.from === 'customer')

const isPublic = ({ type, data }: CanonicalEvent): boolean =>
  type === 'message.sent' && data.visibility !== 'private'

function isOver(course: Course): boolean {
  return turnsOf(course).at(-1)?.kind === 'over'
}

/** The customer comes back long after the end, or after everybody fell silent; or the source says that it is another one. */
function begins(
  courseOf: (events: readonly CanonicalEvent[]) => Course,
  events: readonly CanonicalEvent[],
  index: number,
  config: TenantConfig,
): boolean {
  const event = events[index]!
  if (!mayBegin(event) || !isThread(config, event) || event.timeMs === events[0]!.timeMs)
    return false
  const past = events.slice(0, index)
  const last = turnsOf(courseOf(past)).at(-1)
  if (last?.kind === 'over')
    return event.type === 'contact.opened' || event.timeMs - last.atMs > config.returnGapMs
  const spoken = past.findLast((one) => isPublic(one) && isThread(config, one))
  return spoken !== undefined && event.timeMs - spoken.timeMs > config.idleGapMs
}

/** The last event before was an assignment, told as soon before as clocks differ: it is of the session that begins. */
function assignedAhead(
  past: readonly CanonicalEvent[],
  event: CanonicalEvent,
  { clockSkewMs }: TenantConfig,
): CanonicalEvent[] {
  const last = past.at(-1)
  if (last?.type !== 'contact.assigned' || event.timeMs - last.timeMs > clockSkewMs) return []
  return [{ ...event, type: 'contact.assigned', data: { agentId: last.data.agentId! } }]
}

/** The first one, wherever it stands, but none that stands behind an end or a long silence of a thread. */
function firstOpening(
  events: readonly CanonicalEvent[],
  config: TenantConfig,
): CanonicalEvent | undefined {
  const index = events.findIndex(({ type }) => type === 'contact.opened')
  if (index < 0) return undefined
  const ends = ['contact.resolved', 'contact.closed', 'contact.ended', 'contact.abandoned']
  const isLater = events.slice(0, index + 1).some((event, place) => {
    if (!mayBegin(event) || !isThread(config, event)) return false
    const past = events.slice(0, place)
    const spoken = past.findLast((one) => isPublic(one) && isThread(config, one))
    const isSilent = spoken !== undefined && event.timeMs - spoken.timeMs > config.idleGapMs
    return isSilent || past.some(({ type }) => ends.includes(type))
  })
  return isLater ? undefined : events[index]
}

/** As if it had said what it leaves out as it was in the session before, but the queue. */
function openingBy(
  event: CanonicalEvent,
  { channel, attributes, customerId }: Course,
): CanonicalEvent {
  const told = event.type === 'contact.opened' ? event.data : {}
  const { shop } = attributes
  return {
    ...event,
    type: 'contact.opened',
    data: {
      channel,
      ...(shop !== undefined && { shop }),
      ...told,
      customerId: customerId ?? event.data.customerId,
    },
  }
}

/** An opening within a session that has begun describes it. */
function asUpdate(event: CanonicalEvent): CanonicalEvent {
  return event.type === 'contact.opened' ? { ...event, type: 'contact.updated' } : event
}
