import type { CanonicalEvent } from '@deskpulse/core/events'
import { hourMs } from '@deskpulse/core/time'
import { isAnsweredAfter, isPassedOnBy, ownerAfter, type Course } from './course.ts'
import { isOpenAfter, turnsOf } from './phases.ts'

export type Span = { readonly startMs: number; readonly endMs: number }

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
    if (was && last !== undefined && isGoingOn(course, agentId, index)) last.activeMs.push(timeMs)
    if (was && !isOn && last !== undefined) last.endMs = timeMs
    if (!was && isOn) stretches.push({ startMs: timeMs, endMs: asOfMs, activeMs: [timeMs] })
  }
  const quietMs = course.class === 'live' ? course.config.engagedIdleMs : engagementMaxMs
  const active = stretches.flatMap(({ endMs, activeMs }) =>
    activeMs.map((startMs) => ({ startMs, endMs: Math.min(startMs + quietMs, endMs) })),
  )
  return course.class === 'deferred' ? active : [...active, ...afterContactWork(course, agentId)]
}

/** A call, deferred work or after-contact work whose end never came is over after so long. */
export const engagementMaxMs = 48 * hourMs

/** Live: a public message. A call: it is reopened. Deferred: the same work is begun again. */
function isGoingOn(course: Course, agentId: string, index: number): boolean {
  const event = course.events[index]!
  if (course.class === 'live') return isPublicMessage(event)
  if (course.class === 'deferred')
    return event.type === 'contact.work_started' && event.data.agentId === agentId
  return turnsOf(course).some((turn) => turn.kind === 'reopened' && turn.index === index)
}

export const isPublicMessage = ({ type, data }: CanonicalEvent): boolean =>
  type === 'message.sent' && data.visibility !== 'private'

/** From the end of the agent's conversation to the end of its work on it, where that is told before the agent has the contact again. */
function afterContactWork(course: Course, agentId: string): Span[] {
  return course.events.flatMap(({ type, data, timeMs: endMs }, end) => {
    if (type !== 'contact.wrapped_up' || data.agentId !== agentId) return []
    const start = workBegins(course, agentId, end)
    const startMs = start === null ? -Infinity : course.events[start]!.timeMs
    return endMs - startMs > engagementMaxMs ? [] : [{ startMs, endMs }]
  })
}

/** The end of the conversation that the work before this event follows. `null`: the agent had the contact since, or had told of that work before. */
export function workBegins(course: Course, agentId: string, end: number): number | null {
  const releases = (index: number): boolean => {
    const { type, data } = course.events[index]!
    if (type === 'contact.released') return data.agentId === agentId
    const leaves =
      type === 'contact.ended' ||
      (type === 'contact.abandoned' && isAnsweredAfter(course, index)) ||
      isPassedOnBy(agentId, course.events[index]!)
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
