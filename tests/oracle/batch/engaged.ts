import { ownerAfter, type Course } from './course.ts'
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
      isOn = data.agentId === agentId && type.startsWith('contact.work_') ? type === 'contact.work_started' : isOn
    else isOn = owns && (course.class === 'voice' || isOpenAfter(turns, index + 1))
    const last = stretches.at(-1)
    const isPublic = type === 'message.sent' && data.visibility !== 'private'
    if (was && last !== undefined && isPublic) last.activeMs.push(timeMs)
    if (was && !isOn && last !== undefined) last.endMs = timeMs
    if (!was && isOn) stretches.push({ startMs: timeMs, endMs: asOfMs, activeMs: [timeMs] })
  }
  if (course.class !== 'live') return stretches
  return stretches.flatMap(({ endMs, activeMs }) =>
    activeMs.map((startMs) => ({ startMs, endMs: Math.min(startMs + course.config.engagedIdleMs, endMs) })),
  )
}

/** Agents that an event of the contact names. */
export function namesOf(course: Course): { readonly agentId: string; readonly atMs: number }[] {
  return course.events.flatMap(({ data, timeMs: atMs }) =>
    [data.agentId, data['fromAgentId'], data['toAgentId'], data['byAgentId']].flatMap((agentId) =>
      typeof agentId === 'string' ? [{ agentId, atMs }] : [],
    ),
  )
}
