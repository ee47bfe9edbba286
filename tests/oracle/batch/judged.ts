import type { DimensionValues } from '@deskpulse/core/measures'
import { creditOf } from './contact-credit.ts'
import { isHumanReply, ownerAfter, queueAfter, type Course } from './course.ts'

/** Whose work is judged after the first `n` events: before the last resolution, else the last release or end, else until now. */
export function judgedAfter(
  course: Course,
  n: number,
): readonly [queue: string | null, agent: string | null] {
  const past = course.events.slice(0, n)
  const solved = past.findLastIndex(({ type }) => type === 'contact.resolved')
  const left = past.findLastIndex(
    ({ type }) => type === 'contact.released' || type === 'contact.ended',
  )
  const at = solved >= 0 ? solved : left >= 0 ? left : n
  const named = at < n ? course.events[at]!.data.agentId : undefined
  const served = ownerAfter(course, at) ?? lastServed(course, at) ?? named ?? null
  return [queueAfter(course, at), served]
}

/** The last human who wrote, or owned it. */
export function lastServed(course: Course, n: number): string | null {
  for (let index = n - 1; index >= 0; index -= 1) {
    const event = course.events[index]!
    const owner = ownerAfter(course, index)
    if (owner !== null && ownerAfter(course, index + 1) !== owner) return owner
    const writer = isHumanReply(event) ? (event.data.agentId ?? owner) : null
    if (writer !== null) return writer
  }
  return null
}

/** Whose work a complaint or a review of a contact judges that came at an instant; what happened at that instant was before it. */
export function judgedAt(
  contactId: unknown,
  atMs: number,
  courses: readonly Course[],
): DimensionValues {
  const unknown = { queue: 'none', agent: 'none', channel: 'unknown', class: 'live' }
  const its = courses.filter(
    ({ id, events }) => id.split('\u001f')[0] === contactId && events.length > 0,
  )
  const course = its.findLast(({ events: [begin] }) => begin!.timeMs <= atMs) ?? its[0]
  if (contactId === undefined || course === undefined || course.discarded) return unknown
  const n = course.events.filter(({ timeMs }) => timeMs <= atMs).length
  return n === 0 ? creditOf(course, null, null) : creditOf(course, ...judgedAfter(course, n))
}
