import type { CanonicalEvent } from '@deskpulse/core/events'
import { hourMs } from '@deskpulse/core/time'
import { isAnsweredAfter, ownerAfter, type Course } from './course.ts'
import { isOpenAfter, turnsOf } from './phases.ts'

export type Span = { readonly startMs: number; readonly endMs: number }

/** A call, or a piece of deferred work, whose end never came engages its agent no longer. */
const engagementMaxMs = 48 * hourMs

/** When an agent was engaged with a contact (semantics 13); a span that goes on ends at `asOfMs`. Discarding a contact takes nothing from it. */
export function engagedSpans(course: Course, agentId: string, asOfMs: number): Span[] {
  const turns = turnsOf(course)
  const stretches: { startMs: number; endMs: number; activeMs: number[] }[] = []
  let isOn = false
  for (const [index, event] of course.events.entries()) {
    const { type, data, timeMs } = event
    const was = isOn
    const owns = ownerAfter(course, index + 1) === agentId
    if (course.class === 'deferred')
      isOn =
        data.agentId === agentId && type.startsWith('contact.work_')
          ? type === 'contact.work_started'
          : isOn
    else isOn = owns && (course.class === 'voice' || isOpenAfter(turns, index + 1))
    const last = stretches.at(-1)
    if (was && last !== undefined && isPublicMessage(event)) last.activeMs.push(timeMs)
    if (was && !isOn && last !== undefined) last.endMs = timeMs
    if (!was && isOn) stretches.push({ startMs: timeMs, endMs: asOfMs, activeMs: [timeMs] })
  }
  const ended = stretches.map(({ startMs, endMs }) => ({
    startMs,
    endMs: Math.min(endMs, startMs + engagementMaxMs),
  }))
  if (course.class === 'deferred') return ended
  const worked = afterContactWork(course, agentId)
  if (course.class === 'voice') return [...ended, ...worked]
  const active = stretches.flatMap(({ endMs, activeMs }) =>
    activeMs.map((startMs) => ({
      startMs,
      endMs: Math.min(startMs + course.config.engagedIdleMs, endMs),
    })),
  )
  return [...active, ...worked]
}

export const isPublicMessage = ({ type, data }: CanonicalEvent): boolean =>
  type === 'message.sent' && data.visibility !== 'private'

/** From the end of the agent's conversation to the end of its work on it, where that is told before the agent has the contact again. */
function afterContactWork(course: Course, agentId: string): Span[] {
  return course.events.flatMap(({ type, data, timeMs: endMs }, end) => {
    if (type !== 'contact.wrapped_up' || data.agentId !== agentId) return []
    const start = workBegins(course, agentId, end)
    return start === null ? [] : [{ startMs: course.events[start]!.timeMs, endMs }]
  })
}

/** The end of the conversation that the work before this event follows. `null`: the agent had the contact since, or had told of that work before. */
export function workBegins(course: Course, agentId: string, end: number): number | null {
  const releases = (index: number): boolean => {
    const { type, data } = course.events[index]!
    if (type === 'contact.released') return data.agentId === agentId
    const leaves =
      type === 'contact.ended' || (type === 'contact.abandoned' && isAnsweredAfter(course, index))
    return leaves && ownerAfter(course, index) === agentId
  }
  const before = course.events.slice(0, end)
  const start = before.findLastIndex((_, index) => releases(index))
  const again = before.some(
    (event, index) =>
      index > start &&
      ((event.type === 'contact.wrapped_up' && event.data.agentId === agentId) ||
        isEngagedBy(course, agentId, index)),
  )
  return start < 0 || again ? null : start
}

/** The agent is engaged anew, or on, with this event. */
function isEngagedBy(course: Course, agentId: string, index: number): boolean {
  const isOpen = isOpenAfter(turnsOf(course), index + 1)
  return ownerAfter(course, index + 1) === agentId && (course.class === 'voice' || isOpen)
}

/** Agents that an event of the contact names. */
export function namesOf(course: Course): { readonly agentId: string; readonly atMs: number }[] {
  return course.events.flatMap(({ data, timeMs: atMs }) =>
    [data.agentId, data['fromAgentId'], data['toAgentId'], data['byAgentId']].flatMap((agentId) =>
      typeof agentId === 'string' ? [{ agentId, atMs }] : [],
    ),
  )
}
