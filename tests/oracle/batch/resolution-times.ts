import type { Clock } from '@deskpulse/core/config'
import { timeOn } from './business.ts'
import { observed, resolutionCredit } from './contact-credit.ts'
import { queueOfAssignment } from './counts.ts'
import { isHumanReply, ownerAfter, queueAfter, type Course } from './course.ts'
import type { Observation } from './observation.ts'
import { turnsOf } from './phases.ts'
import { clockOf } from './replies.ts'
import { resolutionsOf } from './resolutions.ts'

const clocksOf = (course: Course) =>
  [
    [clockOf(course), ''],
    ['calendar', '@calendar'],
    ['business', '@business'],
  ] as const

/** Semantics 19: until an agent starts, and until the first and the last resolution, since the request and since that start; each also less the pended time. */
export function resolutionTimeObservations(course: Course): Observation[] {
  const { events, requestIndex } = course
  if (requestIndex >= events.length) return []
  const resolutions = resolutionsOf(course)
  const [first, last] = [resolutions[0], resolutions.at(-1)]
  const start = startOf(course)
  const found: Observation[] = []
  for (const [clock, suffix] of clocksOf(course)) {
    const time = (fromIndex: number, toIndex: number): number =>
      onClock(course, clock, events[fromIndex]!.timeMs, events[toIndex]!.timeMs)
    if (start !== null) {
      const { index, queue, agent } = start
      const { timeMs } = events[index]!
      const tookMs = time(requestIndex, index)
      found.push(observed(course, `start-time${suffix}`, timeMs, tookMs, queue, agent))
    }
    const add = (what: string, fromIndex: number, toIndex: number): void => {
      const { timeMs } = events[toIndex]!
      const tookMs = time(fromIndex, toIndex)
      const netMs = tookMs - pendedMs(course, clock, fromIndex, toIndex)
      const credit = resolutionCredit(course, toIndex)
      found.push(observed(course, `${what}${suffix}`, timeMs, tookMs, ...credit))
      found.push(observed(course, `${what}-active${suffix}`, timeMs, netMs, ...credit))
    }
    if (first !== undefined) add('resolution-time', requestIndex, first.index)
    if (last !== undefined) add('resolution-to-last', requestIndex, last.index)
    if (first !== undefined && start !== null && start.index < first.index)
      add('resolution-from-start', start.index, first.index)
  }
  return found
}

/** The first assignment, or public message of a human, since somebody asked. */
function startOf(course: Course) {
  const { events, requestIndex } = course
  const index = events.findIndex(
    (event, n) => n >= requestIndex && (event.type === 'contact.assigned' || isHumanReply(event)),
  )
  if (index < 0) return null
  const { type, data } = events[index]!
  return type === 'contact.assigned'
    ? { index, queue: queueOfAssignment(course, index), agent: data.agentId! }
    : { index, queue: queueAfter(course, index), agent: data.agentId ?? ownerAfter(course, index) }
}

const onClock = (course: Course, clock: Clock, fromMs: number, toMs: number): number =>
  timeOn(clock, course.config, queueAfter(course, course.requestIndex), fromMs, toMs)

/** From each pend that is not within another one to its end, as far as it lies between two events. */
function pendedMs(course: Course, clock: Clock, fromIndex: number, toIndex: number): number {
  const { events } = course
  const [fromMs, toMs] = [events[fromIndex]!.timeMs, events[toIndex]!.timeMs]
  let total = 0
  let since: number | null = null
  const add = (untilMs: number): void => {
    const startMs = Math.max(since ?? Infinity, fromMs)
    if (startMs < untilMs) total += onClock(course, clock, startMs, untilMs)
    since = null
  }
  for (const [index, { type, timeMs }] of events.slice(0, toIndex).entries()) {
    if (endsPend(course, index)) add(timeMs)
    if (type === 'contact.pended') since ??= timeMs
  }
  add(toMs)
  return total
}

function endsPend(course: Course, index: number): boolean {
  const { type } = course.events[index]!
  return (
    type === 'contact.resumed' ||
    type === 'contact.resolved' ||
    (type === 'contact.closed' && course.config.resolvedBy[course.class] === 'close') ||
    turnsOf(course).some((turn) => turn.kind === 'reopened' && turn.index === index)
  )
}
