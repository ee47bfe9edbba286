import { isIdleBot, queueAfter, type Course } from './course.ts'
import { observed } from './contact-credit.ts'
import { queueOfAssignment } from './counts.ts'
import type { Observation } from './observation.ts'

/** An offer of a contact to an agent that somebody asked for, and that was not taken back (semantics 11). */
export type Offer = {
  readonly agent: string
  readonly atMs: number
  readonly queue: string | null
  readonly how: 'accepted' | 'missed'
}

const overs = ['contact.ended', 'contact.abandoned', 'contact.resolved', 'contact.closed']

/** Accepted by the assignment to an agent for whom it rings, or missed: declined, whether or not its beginning was told. */
export function offersOf(course: Course): Offer[] {
  const offers: Offer[] = []
  let ringing = new Set<string>()
  for (const [index, { type, data, timeMs: atMs }] of course.events.entries()) {
    const agent = data.agentId!
    const counts = index >= course.requestIndex && !isIdleBot(course, index + 1)
    if (type === 'contact.presented') ringing.add(agent)
    if (type === 'contact.declined') {
      ringing.delete(agent)
      if (counts && data.reason !== 'withdrawn')
        offers.push({ agent, atMs, queue: queueAfter(course, index), how: 'missed' })
    }
    if (type === 'contact.assigned') {
      if (counts && ringing.has(agent))
        offers.push({ agent, atMs, queue: queueOfAssignment(course, index), how: 'accepted' })
      ringing = new Set()
    }
    if (overs.includes(type) || leavesQueue(course, index)) ringing = new Set()
  }
  return offers
}

function leavesQueue(course: Course, index: number): boolean {
  const { type, data } = course.events[index]!
  const queue = queueAfter(course, index)
  if (type === 'contact.queued') return queue !== null && queue !== data.queue
  return type === 'contact.dequeued' && (data.queue === undefined || data.queue === queue)
}

export function offerObservations(course: Course): Observation[] {
  return offersOf(course).map(({ agent, atMs, queue, how }) =>
    observed(course, `offer-${how}`, atMs, 1, queue, agent),
  )
}

/** Of each agent, how many offers it has missed since it last accepted one. */
export function missedInARow(courses: readonly Course[], asOfMs: number): Map<string, number> {
  const offers = courses.flatMap(offersOf).filter(({ atMs }) => atMs <= asOfMs)
  return new Map(
    [...Map.groupBy(offers, ({ agent }) => agent)].map(([agent, its]) => {
      const accepted = its.filter(({ how }) => how === 'accepted').map(({ atMs }) => atMs)
      const lastMs = Math.max(-Infinity, ...accepted)
      return [agent, its.filter(({ how, atMs }) => how === 'missed' && atMs > lastMs).length]
    }),
  )
}
