import { attributesAfter, isIdleBot, lastHumanAfter, ownerAfter, queueAfter, type Course } from './course.ts'
import { observed, resolutionCredit } from './contact-credit.ts'
import { partEndsOf } from './counts.ts'
import type { Observation } from './observation.ts'
import { turnsOf } from './phases.ts'

/** Events that resolve: every `contact.resolved`, the last release of a call, a close where that resolves; not what a bot did alone. */
export function resolutionsOf(course: Course): { readonly index: number; readonly atMs: number; readonly isEvent: boolean }[] {
  const turns = turnsOf(course)
  return course.events.flatMap(({ type, timeMs: atMs }, index) => {
    if (isIdleBot(course, index)) return []
    const isEvent = type === 'contact.resolved'
    const byRelease = turns.some((turn) => turn.kind === 'over' && turn.byRelease && turn.index === index)
    const byClose = type === 'contact.closed' && course.config.resolvedBy[course.class] === 'close'
    return isEvent || byRelease || byClose ? [{ index, atMs, isEvent }] : []
  })
}

export function resolutionObservations(course: Course): Observation[] {
  const resolutions = resolutionsOf(course)
  const observations = resolutions
    .filter(({ isEvent }) => isEvent)
    .map(({ index, atMs }) => observed(course, 'resolution', atMs, 1, ...resolutionCredit(course, index)))
  const first = resolutions[0]
  if (first !== undefined) {
    const credit = resolutionCredit(course, first.index)
    observations.push(observed(course, 'resolved', first.atMs, 1, ...credit))
    observations.push(observed(course, 'resolution-time', first.atMs, first.atMs - course.events[0]!.timeMs, ...credit))
  }
  for (const { index, atMs, kind } of turnsOf(course)) {
    if (kind !== 'reopened' || isIdleBot(course, index)) continue
    const agent = ownerAfter(course, index) ?? lastHumanAfter(course, index)
    observations.push(observed(course, 'reopened', atMs, 1, queueAfter(course, index), agent))
  }
  return observations
}

/**
 * First-contact resolution, gross (semantics 20): of sessions that customers opened and humans handled, those that were not reopened by the
 * customer and not followed by another session of the same customer and topic within the window.
 */
export function fcrObservations(course: Course, all: readonly Course[]): Observation[] {
  const first = resolutionsOf(course)[0]
  if (first === undefined || !isSession(course) || course.openedBy !== 'customer') return []
  if (!partEndsOf(course).some(({ index }) => index <= first.index)) return []
  const untilMs = first.atMs + course.config.fcrWindowMs
  const isInWindow = (atMs: number): boolean => atMs <= untilMs
  const reopened = turnsOf(course).some(
    (turn) => turn.kind === 'reopened' && turn.by === 'customer' && turn.index > first.index && isInWindow(turn.atMs),
  )
  const repeated = all.some(
    (other) =>
      other !== course &&
      isSession(other) &&
      other.customerId !== undefined &&
      other.customerId === course.customerId &&
      other.events[0]!.timeMs > first.atMs &&
      isInWindow(other.events[0]!.timeMs) &&
      isSameTopic(other.attributes.topic, course.attributes.topic),
  )
  // The topic is that of the resolution; what else describes the contact, its last word.
  const { topic } = attributesAfter(course.events, first.index + 1, course.explicit)
  const at = (what: string): Observation => {
    const made = observed(course, what, first.atMs, 1, ...resolutionCredit(course, first.index))
    return { ...made, dimensions: { ...made.dimensions, topic } }
  }
  return [
    at('fcr-due'),
    ...(reopened || repeated ? [] : [at('fcr-solved')]),
    ...(course.customerId === undefined ? [] : [at('fcr-identified')]),
  ]
}

/** Any topic, where either has none. */
const isSameTopic = (a: string | undefined, b: string | undefined): boolean => a === undefined || b === undefined || a === b

const isSession = (course: Course): boolean => course.inbound && course.explicit && !course.discarded
