import type { CanonicalEvent } from '@deskpulse/core/events'
import {
  endsHumanPart,
  endsSilentPart,
  isAnsweredAfter,
  isHumanReply,
  isIdleBot,
  isQueueToldLate,
  isTransfer,
  lastHumanAfter,
  ownerAfter,
  queueAfter,
  type Course,
} from './course.ts'
import { observed } from './contact-credit.ts'
import type { Observation } from './observation.ts'

/** Inbound contacts with an opening, at the opening, in their first queue; what was left as a message apart. */
export function openedObservations(course: Course): Observation[] {
  if (course.opening === undefined || !course.inbound) return []
  const { timeMs } = course.opening
  const what = course.offline ? 'left-message' : 'opened'
  return [observed(course, what, timeMs, 1, firstQueueOf(course), null, 'wide')]
}

export function firstQueueOf(course: Course): string | null {
  const told = toldQueues(course)
  if (course.inherited !== null) return told[0] ?? course.inherited
  const queues = course.events.map((_, index) => queueAfter(course, index))
  queues.push(queueAfter(course, course.events.length))
  return queues.find((queue) => queue !== null) ?? null
}

/** Those that events of its own say. */
function toldQueues({ events, opening }: Course): string[] {
  const placing = events.filter(
    (event) =>
      event === opening || event.type === 'contact.queued' || event.type === 'contact.assigned',
  )
  return placing.flatMap(({ data }) => data.queue ?? [])
}

/** A human answers it, since somebody asked: at the first such instant. Without messages the assignment was the answer, else the end of the human part. */
export function answeredObservations(course: Course): Observation[] {
  const { events } = course
  const index = events.findIndex(
    (event, n) => n >= course.requestIndex && answers(course, event, n),
  )
  if (index < 0) return []
  const isMessage = events[index]!.type === 'message.sent'
  const assigned =
    course.class === 'voice'
      ? index
      : events.findIndex(({ type }, n) => n < index && type === 'contact.assigned')
  if (!isMessage && assigned >= 0) {
    const { timeMs, data } = events[assigned]!
    return [
      observed(course, 'answered', timeMs, 1, queueOfAssignment(course, assigned), data.agentId!),
    ]
  }
  const writer = isMessage ? (events[index]!.data.agentId ?? ownerAfter(course, index)) : null
  return [observed(course, 'answered', events[index]!.timeMs, 1, queueAfter(course, index), writer)]
}

function answers(course: Course, event: CanonicalEvent, index: number): boolean {
  if (course.class === 'voice') return event.type === 'contact.assigned'
  return isHumanReply(event) || endsSilentPart(course, event, index)
}

type PartEnd = {
  readonly index: number
  readonly atMs: number
  readonly agent: string
  readonly queue: string | null
}

/** Where a human part of an answered contact ends, each time; where nobody is known, only if nobody's part ended before. */
export function partEndsOf(course: Course): PartEnd[] {
  return allPartEnds(course).filter(({ agent }, index) => agent !== 'none' || index === 0)
}

function allPartEnds(course: Course): PartEnd[] {
  return course.events.flatMap((event, index) => {
    if (
      index < course.requestIndex ||
      !endsHumanPart(course, event, index) ||
      !isAnsweredAfter(course, index + 1)
    )
      return []
    const named = event.type === 'contact.released' ? event.data.agentId : undefined
    const agent = named ?? ownerAfter(course, index) ?? lastHumanAfter(course, index) ?? 'none'
    return [{ index, atMs: event.timeMs, agent, queue: queueOfPart(course, index) }]
  })
}

/** Answered, and a human part ended: once in all at the first such end, once for each agent at the agent's first. */
export function handledObservations(course: Course): Observation[] {
  const ends = partEndsOf(course)
  const ofAgents = ends.filter(
    ({ agent }, index) => ends.findIndex((end) => end.agent === agent) === index,
  )
  const whats = [
    'handled',
    ...(isPassedOnBefore(course) ? ['handled-transferred'] : []),
    ...(isEscalatedBefore(course) ? ['handled-escalated'] : []),
  ]
  return whats.flatMap((what) => [
    ...ends
      .slice(0, 1)
      .map(({ atMs, queue }) => observed(course, what, atMs, 1, queue, null, 'wide')),
    ...ofAgents.map(({ atMs, queue, agent }) =>
      observed(course, what, atMs, 1, queue, agent, 'agent'),
    ),
  ])
}

/** At least once before the event at `n`; without it, anywhere in its course. A consult or a conference passes nothing on, and what a bot passes on alone is a hand-off. */
export function isPassedOnBefore(course: Course, n = Infinity): boolean {
  return hasHumanEvent(
    course,
    n,
    ({ type, data }) => type === 'contact.transferred' && isTransfer(data),
  )
}

export function isEscalatedBefore(course: Course, n = Infinity): boolean {
  return hasHumanEvent(course, n, ({ type }) => type === 'contact.escalated')
}

function hasHumanEvent(
  course: Course,
  n: number,
  isOne: (event: CanonicalEvent) => boolean,
): boolean {
  return course.events.some(
    (event, index) =>
      index < n && index >= course.requestIndex && isOne(event) && !isIdleBot(course, index),
  )
}

/** The queue at the assignment; without one, the queue then. */
export function queueOfPart(course: Course, index: number): string | null {
  const { events } = course
  const assignment = events.findLastIndex(
    ({ type, data }, at) =>
      at < index && type === 'contact.assigned' && ownerAfter(course, at) !== data.agentId,
  )
  return assignment < 0 ? queueAfter(course, index) : queueOfAssignment(course, assignment, index)
}

/** Also one that is told just after it, before the event at `untilIndex`. */
export function queueOfAssignment(
  course: Course,
  index: number,
  untilIndex = course.events.length,
): string | null {
  const { events } = course
  const { agentId } = events[index]!.data
  const again = events.findIndex(
    ({ type, data }, at) => at > index && (type !== 'contact.assigned' || data.agentId !== agentId),
  )
  const from = queueAfter(course, index + 1)
  return from === null && again >= 0 && again < untilIndex && isQueueToldLate(course, again)
    ? events[again]!.data.queue!
    : from
}
