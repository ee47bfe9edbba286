import { observed } from './contact-credit.ts'
import { isAnsweredAfter, lastHumanAfter, ownerAfter, queueAfter, type Course } from './course.ts'
import { isForNextBefore } from './phases.ts'
import type { Observation } from './observation.ts'

/** Which side ended an answered call that did not wait for the next agent, by the first end that says so: at that end, credited as things stood before it. */
export function hangUpObservations(course: Course): Observation[] {
  if (course.class !== 'voice') return []
  const index = course.events.findIndex(
    ({ type, data }, n) =>
      n >= course.requestIndex &&
      type === 'contact.ended' &&
      (data.by === 'agent' || data.by === 'customer') &&
      isAnsweredAfter(course, n) &&
      !isForNextBefore(course, n),
  )
  if (index < 0) return []
  const { timeMs, data } = course.events[index]!
  const agent = ownerAfter(course, index) ?? lastHumanAfter(course, index)
  return ['hang-up', ...(data.by === 'agent' ? ['hang-up-by-agent'] : [])].map((what) =>
    observed(course, what, timeMs, 1, queueAfter(course, index), agent),
  )
}
