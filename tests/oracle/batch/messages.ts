import type { CanonicalEvent } from '@deskpulse/core/events'
import { observed } from './contact-credit.ts'
import { answeredObservations } from './counts.ts'
import { hasBotAfter, isHumanReply, ownerAfter, queueAfter, type Course } from './course.ts'
import { endOf } from './ends.ts'
import type { Observation } from './observation.ts'

const isCustomers = ({ type, data }: CanonicalEvent): boolean =>
  type === 'message.sent' && data.from === 'customer'

/** What customers and humans write to each other, each message at its own instant; and what it amounts to where the contact is over. */
export function messageObservations(course: Course): Observation[] {
  if (course.class === 'voice' || course.requestIndex >= course.events.length) return []
  const written = course.events.flatMap((event, index) => [
    ...customerMessage(course, event, index),
    ...humanMessage(course, event, index),
  ])
  return [...written, ...overObservations(course, written)]
}

function customerMessage(course: Course, event: CanonicalEvent, index: number): Observation[] {
  const { events, requestIndex } = course
  if (!isCustomers(event) || hasBotAfter(course, index)) return []
  const at = (what: string, value: number): Observation => {
    const credit = [queueAfter(course, index), ownerAfter(course, index)] as const
    return observed(course, what, event.timeMs, value, ...credit)
  }
  const before = events.findLastIndex((other, n) => n < index && isCustomers(other))
  const human = events.find(
    (other, n) => n > before && n < index && n >= requestIndex && isHumanReply(other),
  )
  return [
    at('customer-message', 1),
    ...(human === undefined ? [] : [at('customer-response', event.timeMs - human.timeMs)]),
  ]
}

function humanMessage(course: Course, event: CanonicalEvent, index: number): Observation[] {
  if (!isHumanReply(event) || index < course.requestIndex) return []
  const writer = event.data.agentId ?? ownerAfter(course, index)
  const queue = queueAfter(course, index)
  return [observed(course, 'human-message', event.timeMs, 1, queue, writer)]
}

function overObservations(course: Course, written: readonly Observation[]): Observation[] {
  const { events, inbound, opening, class: channelClass } = course
  const over = endOf(course)
  if (over === null) return []
  const { index, atMs, at } = over
  const messages = written.filter(({ what }) => what.endsWith('-message')).length
  const ofAnswered =
    answeredObservations(course).length === 0
      ? []
      : [at('answered-over', 1), at('messages-over', messages)]
  if (channelClass !== 'live') return ofAnswered
  const last = events.slice(0, index).findLast(isCustomers)
  return [
    ...ofAnswered,
    ...(last === undefined ? [] : [at('close', atMs - last.timeMs)]),
    ...(inbound && opening !== undefined ? [at('opened-over', 1)] : []),
    ...(inbound && opening !== undefined && !events.some(isCustomers) ? [at('silent', 1)] : []),
  ]
}
