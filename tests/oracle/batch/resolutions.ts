import {
  attributesAfter,
  isIdleBot,
  lastHumanAfter,
  ownerAfter,
  queueAfter,
  type Course,
} from './course.ts'
import { instantOn, timeOn } from './business.ts'
import { observed, resolutionCredit } from './contact-credit.ts'
import { partEndsOf } from './counts.ts'
import type { Observation } from './observation.ts'
import { isOpenAfter, turnsOf } from './phases.ts'
import { clockOf, creditOfTimer, limitFor } from './replies.ts'

type Resolution = {
  readonly index: number
  readonly atMs: number
  readonly by: 'event' | 'release' | 'close'
}

/**
 * What resolves: every `contact.resolved`, the last release of a call, a close where that resolves and nothing did before; not what a bot did alone,
 * nor what happened before anybody asked.
 */
export function resolutionsOf(course: Course): Resolution[] {
  const turns = turnsOf(course)
  const found: Resolution[] = []
  for (const [index, { type, timeMs: atMs }] of course.events.entries()) {
    if (isIdleBot(course, index) || index < course.requestIndex) continue
    const openSince =
      turns.findLast((turn) => turn.kind === 'reopened' && turn.index < index)?.index ?? -1
    const isResolved = found.some((earlier) => earlier.index > openSince)
    const byRelease = turns.some(
      (turn) => turn.kind === 'over' && turn.byRelease && turn.index === index,
    )
    const closes =
      type === 'contact.closed' && course.config.resolvedBy[course.class] === 'close' && !isResolved
    if (type === 'contact.resolved') found.push({ index, atMs, by: 'event' })
    else if (byRelease || closes) found.push({ index, atMs, by: byRelease ? 'release' : 'close' })
  }
  return found
}

/** A `contact.resolved` that follows a release says the same resolution again: the event is the one that counts. */
function isSaidAgain(course: Course, { index, by }: Resolution): boolean {
  if (by !== 'release') return false
  const ends =
    turnsOf(course).find((turn) => turn.kind === 'reopened' && turn.index > index)?.index ??
    course.events.length
  const next = course.events
    .slice(index + 1, ends)
    .find(({ type }) => type === 'contact.resolved' || type === 'contact.closed')
  return next?.type === 'contact.resolved'
}

export function resolutionObservations(course: Course): Observation[] {
  const resolutions = resolutionsOf(course)
  const observations = resolutions
    .filter((resolution) => !isSaidAgain(course, resolution))
    .map(({ index, atMs }) =>
      observed(course, 'resolution', atMs, 1, ...resolutionCredit(course, index)),
    )
  const first = resolutions[0]
  if (first !== undefined) {
    const credit = resolutionCredit(course, first.index)
    observations.push(observed(course, 'resolved', first.atMs, 1, ...credit))
    if (isReopenedInWindow(course, first))
      observations.push(observed(course, 'resolved-reopened', first.atMs, 1, ...credit))
    const { timeMs } = course.events[course.requestIndex]!
    const queue = queueAtRequest(course)
    for (const [clock, suffix] of [
      [clockOf(course), ''],
      ['calendar', '@calendar'],
      ['business', '@business'],
    ] as const) {
      const tookMs = timeOn(clock, course.config, queue, timeMs, first.atMs)
      observations.push(observed(course, `resolution-time${suffix}`, first.atMs, tookMs, ...credit))
    }
  }
  for (const { index, atMs, kind } of turnsOf(course)) {
    if (
      kind !== 'reopened' ||
      isIdleBot(course, index) ||
      (!course.inbound && index <= course.requestIndex)
    )
      continue
    const agent = ownerAfter(course, index) ?? lastHumanAfter(course, index)
    observations.push(observed(course, 'reopened', atMs, 1, queueAfter(course, index), agent))
  }
  return observations
}

/** That of the opening holds it from its first event on. */
const queueAtRequest = (course: Course): string | null => queueAfter(course, course.requestIndex)

/**
 * Due once, at min(first resolution, limit): resolved by then is within; over without a resolution, or with a bot alone, when the limit passes is neither.
 * The limit stands still while the contact is pended, where configuration says so: until it is resumed or reopened.
 */
export function resolutionDueObservations(course: Course, asOfMs: number): Observation[] {
  const { config, requestIndex, inbound, opening, events } = course
  if (requestIndex >= events.length) return []
  const priority = inbound
    ? opening?.data.priority
    : attributesAfter(events, requestIndex, opening).priority
  const queue = queueAtRequest(course)
  const limitMs = limitFor(course, 'resolutionMs', queue, priority)
  if (limitMs === null) return []
  const turns = turnsOf(course)
  const [first] = resolutionsOf(course)
  const clock = clockOf(course)
  let [sinceMs, leftMs, isPaused] = [events[requestIndex]!.timeMs as number, limitMs, false]
  const dueMs = (): number =>
    isPaused ? Infinity : instantOn(clock, config, queue, sinceMs, leftMs)
  for (const [index, { type, timeMs }] of events.entries()) {
    if (index < requestIndex || dueMs() < timeMs) continue
    if (index === first?.index) break
    const isReopened = turns.some((turn) => turn.kind === 'reopened' && turn.index === index)
    if (isPaused && (type === 'contact.resumed' || isReopened))
      [sinceMs, isPaused] = [timeMs, false]
    else if (!isPaused && type === 'contact.pended' && config.pendedPauses[course.class]) {
      leftMs = Math.max(0, leftMs - timeOn(clock, config, queue, sinceMs, timeMs))
      isPaused = true
    }
  }
  const limitAtMs = dueMs()
  if (first !== undefined && first.atMs <= limitAtMs) {
    const credit = resolutionCredit(course, first.index)
    return ['resolution-due', 'resolution-due-within'].map((what) =>
      observed(course, what, first.atMs, 1, ...credit),
    )
  }
  if (limitAtMs > asOfMs) return []
  const n = Math.max(requestIndex + 1, events.filter(({ timeMs }) => timeMs <= limitAtMs).length)
  if (!isOpenAfter(turns, n) || isIdleBot(course, n)) return []
  const credit = creditOfTimer(course, limitAtMs, requestIndex)
  return [observed(course, 'resolution-due', limitAtMs, 1, ...credit)]
}

/**
 * First-contact resolution, gross (semantics 20): of sessions that customers opened and humans handled, those that were not reopened by the
 * customer and not followed by another session of the same customer and topic within the window. Mature ones are those whose window has passed.
 */
export function fcrObservations(
  course: Course,
  all: readonly Course[],
  asOfMs: number,
): Observation[] {
  const first = resolutionsOf(course)[0]
  if (first === undefined || !isSession(course) || course.openedBy !== 'customer') return []
  if (!partEndsOf(course).some(({ index }) => index <= first.index)) return []
  const isInWindow = (atMs: number): boolean => atMs <= first.atMs + course.config.fcrWindowMs
  const reopened = isReopenedInWindow(course, first, 'customer')
  const repeated = all.some(
    (other) =>
      other !== course &&
      isSession(other) &&
      other.customerId !== undefined &&
      other.customerId === course.customerId &&
      other.opening!.timeMs > first.atMs &&
      isInWindow(other.opening!.timeMs) &&
      isSameTopic(other.attributes.topic, course.attributes.topic),
  )
  // The topic is that of the resolution; what else describes the contact, its last word.
  const { topic } = attributesAfter(course.events, first.index + 1, course.opening)
  const at = (what: string): Observation => {
    const made = observed(course, what, first.atMs, 1, ...resolutionCredit(course, first.index))
    return { ...made, dimensions: { ...made.dimensions, topic } }
  }
  const isSolved = !reopened && !repeated
  const isMature = first.atMs + course.config.fcrWindowMs <= asOfMs
  return [
    at('fcr-due'),
    ...(isSolved ? [at('fcr-solved')] : []),
    ...(isMature ? [at('fcr-mature-due')] : []),
    ...(isMature && isSolved ? [at('fcr-mature-solved')] : []),
    ...(course.customerId === undefined ? [] : [at('fcr-identified')]),
  ]
}

/** By whomever, or by one alone. */
function isReopenedInWindow(course: Course, { index, atMs }: Resolution, by?: 'customer'): boolean {
  const untilMs = atMs + course.config.fcrWindowMs
  return turnsOf(course).some(
    (turn) =>
      turn.kind === 'reopened' &&
      turn.index > index &&
      turn.atMs <= untilMs &&
      (by === undefined || turn.by === by),
  )
}

/** Any topic, where either has none. */
const isSameTopic = (a: string | undefined, b: string | undefined): boolean =>
  a === undefined || b === undefined || a === b

const isSession = (course: Course): boolean =>
  course.inbound && course.opening !== undefined && !course.discarded && !course.offline
