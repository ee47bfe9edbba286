import type { ChannelClass, TenantConfig } from '@deskpulse/core/config'
import type { CanonicalEvent, EventData } from '@deskpulse/core/events'
import { attributeNames, type ContactAttributes } from '@deskpulse/core/measures'
import { timelineOf } from './order.ts'

/** The events of a contact, or of a session of a thread, in order, and what they say of the whole of it. `after n` below: how things stand once its first n events have happened. */
export type Course = {
  readonly id: string
  readonly events: readonly CanonicalEvent[]
  readonly config: TenantConfig
  readonly channel: string
  readonly class: ChannelClass
  /** Its first opening, wherever it stands: it says what the whole contact is. Without one it was opened by system. */
  readonly opening: CanonicalEvent | undefined
  /** The queue that a session of a thread is in until something says where it is; `null`: none. */
  readonly inherited: string | null
  readonly openedBy: string
  readonly inbound: boolean
  /** Its customer left a message, as nobody was there. */
  readonly offline: boolean
  /** From this event on it is somebody's request: the first one; of an outbound contact the customer's first message, `Infinity` without one. */
  readonly requestIndex: number
  readonly customerId: string | undefined
  readonly discarded: boolean
  /** The last words, for the whole contact. */
  readonly attributes: ContactAttributes
}

const hides = ({ type }: CanonicalEvent): boolean =>
  type === 'contact.discarded' || type === 'contact.restored'

/** A contact that is no thread. */
export function courseOf(id: string, all: readonly CanonicalEvent[], config: TenantConfig): Course {
  const events = timelineOf(all)
  const opening = events.find(({ type }) => type === 'contact.opened')
  return sessionCourse({ id, events, config, opening, inherited: null })
}

type Given = Pick<Course, 'id' | 'events' | 'config' | 'opening' | 'inherited'>

/** `events`: in order. */
export function sessionCourse({ id, events: told, config, opening, inherited }: Given): Course {
  const begin = told.findIndex((event) => !hides(event))
  const events = begin < 0 ? [] : told.slice(begin) // It does not begin with being discarded, or restored.
  const openedBy = opening === undefined ? 'system' : (opening.data.openedBy ?? 'customer')
  const channel = opening?.data.channel ?? 'unknown'
  const inbound =
    opening?.data.direction === undefined
      ? openedBy !== 'agent'
      : opening.data.direction === 'inbound'
  const written = events.findIndex(
    ({ type, data }) => type === 'message.sent' && data.from === 'customer',
  )
  return {
    id,
    events,
    config,
    channel,
    class: config.channelClasses[channel] ?? 'live',
    opening,
    inherited,
    openedBy,
    inbound,
    offline: opening?.data.offline === true,
    requestIndex: inbound ? 0 : written < 0 ? Infinity : written,
    customerId: events.find(({ data }) => data.customerId !== undefined)?.data.customerId,
    discarded: told.findLast(hides)?.type === 'contact.discarded',
    attributes: attributesAfter(events, events.length, opening),
  }
}

/** Attributes are said by the opening, updates and resolutions; the last word counts. */
export function attributesAfter(
  events: readonly CanonicalEvent[],
  n: number,
  opening: CanonicalEvent | undefined,
): ContactAttributes {
  const tells = events
    .slice(0, n)
    .filter(
      (event) =>
        event === opening || event.type === 'contact.updated' || event.type === 'contact.resolved',
    )
  return Object.fromEntries(
    attributeNames.map((name) => [
      name,
      tells.findLast(({ data }) => data[name] !== undefined)?.data[name],
    ]),
  )
}

/** The queue that holds it: it stays in its queue after an assignment. That of the opening holds it from its first event on. */
export function queueAfter({ events, opening, inherited }: Course, n: number): string | null {
  let queue: string | null = opening?.data.queue ?? inherited
  for (const { type, data } of events.slice(0, n)) {
    if (type === 'contact.queued' || type === 'contact.assigned') queue = data.queue ?? queue
    if (type === 'contact.dequeued' && (data.queue === undefined || data.queue === queue))
      queue = null
  }
  return queue
}

/** Its owner: the last one assigned, unless that part has ended. */
export function ownerAfter(course: Course, n: number): string | null {
  let owner: string | null = null
  for (const [index, { type, data }] of course.events.slice(0, n).entries()) {
    if (type === 'contact.assigned') owner = data.agentId!
    if (type === 'contact.released' && (data.agentId === undefined || data.agentId === owner))
      owner = null
    if (type === 'contact.unassigned' && (data.agentId === undefined || data.agentId === owner))
      owner = null
    if (type === 'contact.ended' || isPassedOnBy(owner, { type, data })) owner = null
    if (type === 'contact.abandoned' && isAnsweredAfter(course, index)) owner = null // After an answer it is a release.
  }
  return owner
}

export const isHumanReply = ({ type, data }: CanonicalEvent): boolean =>
  type === 'message.sent' &&
  data.from === 'agent' &&
  data.visibility !== 'private' &&
  data.automatic !== true

/** Voice: assigned. Else the first public human message, or a human part that ended without any message event. */
export function isAnsweredAfter(course: Course, n: number): boolean {
  const past = course.events.slice(0, n)
  if (course.class === 'voice') return past.some(({ type }) => type === 'contact.assigned')
  return (
    past.some(isHumanReply) || past.some((event, index) => endsSilentPart(course, event, index))
  )
}

/** A human part that ends without any message event is its own answer: by its assignment, else because somebody resolved or closed. */
export function endsSilentPart(course: Course, event: CanonicalEvent, index: number): boolean {
  const past = course.events.slice(0, index)
  if (
    course.offline ||
    index < course.requestIndex ||
    past.some(({ type }) => type === 'message.sent') ||
    isIdleBot(course, index)
  )
    return false
  if (event.type === 'contact.resolved' || event.type === 'contact.closed') return true
  if (!past.some(({ type }) => type === 'contact.assigned')) return false
  return (
    endsPart(course, event, index) ||
    event.type === 'contact.ended' ||
    event.type === 'contact.abandoned'
  )
}

export const isTransfer = ({ mode = 'cold' }: EventData): boolean =>
  mode === 'cold' || mode === 'warm'

/** The owner passes it on, and is not only asking about it. */
export const isPassedOnBy = (
  owner: string | null,
  { type, data }: Pick<CanonicalEvent, 'type' | 'data'>,
): boolean =>
  owner !== null &&
  type === 'contact.transferred' &&
  isTransfer(data) &&
  (data['fromAgentId'] === undefined || data['fromAgentId'] === owner)

/** The owner's part ends with this event: released, unassigned, reassigned, transferred. */
function endsPart(course: Course, { type, data }: CanonicalEvent, index: number): boolean {
  if (type === 'contact.released') return true
  const owner = ownerAfter(course, index)
  if (owner === null) return false
  if (type === 'contact.assigned') return data.agentId !== owner
  if (type === 'contact.transferred') return isPassedOnBy(owner, { type, data })
  return type === 'contact.unassigned' && (data.agentId === undefined || data.agentId === owner)
}

/** Events at which a human part ends, whether or not it was answered. */
export function endsHumanPart(course: Course, event: CanonicalEvent, index: number): boolean {
  if (isIdleBot(course, index)) return false
  if (['contact.resolved', 'contact.closed', 'contact.ended'].includes(event.type)) return true
  if (event.type === 'contact.abandoned') {
    return (
      isAnsweredAfter(course, index) ||
      course.events.slice(0, index).some(({ type }) => type === 'contact.assigned')
    )
  }
  return endsPart(course, event, index)
}

/** A bot has the contact, and no human ever had a part in it. */
export function isIdleBot(course: Course, n: number): boolean {
  const wasAssigned = course.events.slice(0, n).some(({ type }) => type === 'contact.assigned')
  return hasBotAfter(course, n) && !wasAssigned && !isAnsweredAfter(course, n)
}

/** Whether a bot had the contact from its opening: it was said, or its first message shows it. */
function hadBotAtOpening({ events, opening }: Course): boolean {
  const { handledBy, queue } = opening?.data ?? {}
  if (handledBy !== undefined) return handledBy === 'bot'
  if (queue !== undefined) return false
  const index = events.findIndex(({ type, data }) => type === 'message.sent' && data.from === 'bot')
  if (index < 0 || events[index]!.data.automatic === true) return false
  const decides = ['contact.queued', 'contact.assigned', 'contact.handed_off']
  return !events
    .slice(0, index)
    .some(
      ({ type, data }) =>
        decides.includes(type) || (type === 'message.sent' && data.from === 'agent'),
    )
}

/** Until it is handed off, queued, assigned, or a human writes to the customer. */
export function hasBotAfter(course: Course, n: number): boolean {
  let has = hadBotAtOpening(course)
  for (const event of course.events.slice(0, n)) {
    const { type, data } = event
    if (type === 'contact.handed_off') has = data.to === 'bot'
    if (type === 'contact.queued' || type === 'contact.assigned' || isHumanReply(event)) has = false
  }
  return has
}

/** Two clocks: the queue that an agent took the contact from is told just after the assignment, with nothing between. It is no new stay. */
export function isQueueToldLate(course: Course, index: number): boolean {
  const [before, event] = [course.events[index - 1], course.events[index]!]
  if (event.type !== 'contact.queued' || before?.type !== 'contact.assigned') return false
  const from = queueAfter(course, index)
  return (
    event.timeMs - before.timeMs <= course.config.clockSkewMs &&
    (from === null || from === event.data.queue)
  )
}

/** The last human who wrote (for all to see); of a call, the last who was on it. */
export function lastHumanAfter(course: Course, n: number): string | null {
  let last: string | null = null
  for (const [index, event] of course.events.slice(0, n).entries()) {
    const owner = ownerAfter(course, index)
    if (isHumanReply(event)) last = event.data.agentId ?? owner ?? last
    if (course.class === 'voice' && owner !== null && ownerAfter(course, index + 1) !== owner)
      last = owner
  }
  return last
}
