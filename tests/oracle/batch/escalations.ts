import { observed } from './contact-credit.ts'
import {
  isHumanReply,
  isIdleBot,
  lastHumanAfter,
  ownerAfter,
  queueAfter,
  type Course,
} from './course.ts'
import type { Observation } from './observation.ts'

/** Each escalation, until another agent than the one who held it is assigned or writes to the customer. */
export function escalationObservations(course: Course): Observation[] {
  const { events, requestIndex } = course
  return events.flatMap(({ type, timeMs, data }, index) => {
    if (type !== 'contact.escalated' || index < requestIndex || isIdleBot(course, index)) return []
    const holder = ownerAfter(course, index) ?? data.byAgentId ?? lastHumanAfter(course, index)
    const reaction = events.findIndex((_, n) => {
      const agent = n > index ? reactsAt(course, n) : null
      return agent !== null && agent !== holder
    })
    if (reaction < 0) return []
    const atMs = events[reaction]!.timeMs
    const { kind } = data
    return ['reaction', ...(kind === undefined ? [] : [`reaction-${kind}`])].map((what) =>
      observed(
        course,
        what,
        atMs,
        atMs - timeMs,
        queueAfter(course, reaction + 1),
        reactsAt(course, reaction),
      ),
    )
  })
}

/** Who gets to it with this event; `null`: nobody, or nobody knows who. */
function reactsAt(course: Course, index: number): string | null {
  const event = course.events[index]!
  if (event.type === 'contact.assigned') return event.data.agentId!
  return isHumanReply(event) ? (event.data.agentId ?? ownerAfter(course, index)) : null
}
