import { hasBotAfter, ownerAfter, queueAfter, type Course } from './course.ts'
import { creditOf } from './contact-credit.ts'
import type { Observation } from './observation.ts'
import { isOpenAfter, turnsOf } from './phases.ts'
import { limitOf, owedReplies } from './replies.ts'

/** Something that goes on now. */
export type Ongoing = { readonly sinceMs: number; readonly dueAtMs: number; readonly dimensions: Observation['dimensions'] }

/** The owed reply of a live contact, or the queue wait of a call, where one stands. */
export function waitOf(course: Course): Ongoing | null {
  const n = course.events.length
  const dimensions = creditOf(course, queueAfter(course, n), ownerAfter(course, n))
  const wait =
    course.class === 'voice' ? queueWait(course) : course.class === 'live' ? owedReplies(course).find(({ end }) => end === null) : null
  return wait === null || wait === undefined ? null : { sinceMs: wait.sinceMs, dueAtMs: wait.sinceMs + wait.limitMs, dimensions }
}

/** A contact that is open. */
export function openContact(course: Course): Ongoing | null {
  const n = course.events.length
  if (!isOpenAfter(turnsOf(course), n)) return null
  const sinceMs = course.events[0]!.timeMs
  return { sinceMs, dueAtMs: Infinity, dimensions: creditOf(course, queueAfter(course, n), ownerAfter(course, n)) }
}

/** From the queue, else from the opening, until an agent takes the call or it is over. The same queue again while waiting does not restart it. */
function queueWait(course: Course): { readonly sinceMs: number; readonly limitMs: number } | null {
  const turns = turnsOf(course)
  let wait: { sinceMs: number; limitMs: number } | null = null
  for (const [index, { type, data, timeMs }] of course.events.entries()) {
    const started = { sinceMs: timeMs, limitMs: limitOf(course, index + 1, true) }
    if (index === 0 && type === 'contact.opened' && (data.queue !== undefined || !hasBotAfter(course, 1))) wait = started
    if (type === 'contact.queued' && isOpenAfter(turns, index) && (wait === null || queueAfter(course, index) !== data.queue))
      wait = started
    if (['contact.assigned', 'contact.ended', 'contact.abandoned'].includes(type) || !isOpenAfter(turns, index + 1)) wait = null
    if (type === 'contact.dequeued' && (data.queue === undefined || data.queue === queueAfter(course, index))) wait = null
  }
  return wait
}
