import type { DimensionValues } from '@deskpulse/core/measures'
import { lastHumanAfter, ownerAfter, queueAfter, type Course } from './course.ts'
import type { Observation } from './observation.ts'

/** An observation of a contact, credited to a queue and an agent; nobody is `none`. */
export function observed(
  course: Course,
  what: string,
  atMs: number,
  value: number,
  queue: string | null,
  agent: string | null,
  scope: Observation['scope'] = 'both',
): Observation {
  const { customerId } = course
  const customer = customerId === undefined ? {} : { customer: customerId }
  return { what, atMs, value, dimensions: creditOf(course, queue, agent), scope, ...customer }
}

export function creditOf(
  { channel, class: channelClass, attributes }: Course,
  queue: string | null,
  agent: string | null,
): DimensionValues {
  return {
    ...attributes,
    channel,
    class: channelClass,
    queue: queue ?? 'none',
    agent: agent ?? 'none',
  }
}

/** The queue then; who resolved it, else its owner, else the last human who wrote. */
export function resolutionCredit(
  course: Course,
  index: number,
): readonly [queue: string | null, agent: string | null] {
  const { type, data } = course.events[index]!
  const named = type === 'contact.resolved' ? data.agentId : undefined
  return [
    queueAfter(course, index),
    named ?? ownerAfter(course, index) ?? lastHumanAfter(course, index),
  ]
}
