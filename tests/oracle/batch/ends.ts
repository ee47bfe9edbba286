import { isIdleBot, lastHumanAfter, ownerAfter, queueAfter, type Course } from './course.ts'
import { observed } from './contact-credit.ts'
import type { Observation } from './observation.ts'
import { callWaits } from './passes.ts'
import { turnsOf } from './phases.ts'

/** The event with which the contact was last over, if it still is; and what is observed there, of the queue after it and of who had the contact before. */
export function endOf(course: Course) {
  const over = turnsOf(course).at(-1)
  if (over?.kind !== 'over' || over.index < course.requestIndex) return null
  if (isIdleBot(course, over.index + 1)) return null
  const agent = ownerAfter(course, over.index) ?? lastHumanAfter(course, over.index + 1)
  const at = (what: string, value: number): Observation =>
    observed(course, what, over.atMs, value, queueAfter(course, over.index + 1), agent)
  return { ...over, at }
}

/** A contact that is over: which queues and agents it was in by then, and how long it waited in queues. */
export function endObservations(course: Course): Observation[] {
  const over = endOf(course)
  if (over === null) return []
  const { at } = over
  const past = course.events.slice(0, over.index + 1)
  const placing = past.filter(
    ({ type }) => type === 'contact.queued' || type === 'contact.assigned',
  )
  const told = new Set(
    [course.opening?.data.queue, ...placing.map(({ data }) => data.queue)].filter(
      (queue) => queue !== undefined,
    ),
  )
  const queues = told.size === 0 && course.inherited !== null ? [course.inherited] : [...told]
  const agents = new Set(
    past.flatMap(({ type, data }) => (type === 'contact.assigned' ? [data.agentId] : [])),
  )
  const passes = callWaits(course).flatMap(({ index, queue, sinceMs, end }) =>
    queue === null || end === null || index < course.requestIndex ? [] : [end.atMs - sinceMs],
  )
  return [
    at('contact-end', 1),
    at('stations', queues.length + agents.size),
    ...(passes.length === 0
      ? []
      : [
          at(
            'total-queue-wait',
            passes.reduce((sum, waitMs) => sum + waitMs, 0),
          ),
        ]),
  ]
}
