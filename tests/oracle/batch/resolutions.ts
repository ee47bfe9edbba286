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

/** The limit of the resolution. `dueMs`: when it passes, on the clock of the class; `Infinity`: it stands still. */
export type ResolutionLimit = { readonly limitMs: number; readonly dueMs: number }

/**
 * As it stands before the event at `n`: it stands still while the contact is pended, where configuration says so, until it is resumed or reopened. `null`: there is none.
 */
export function resolutionLimit(course: Course, n: number): ResolutionLimit | null {
  const { config, requestIndex, inbound, opening, events } = course
  if (requestIndex >= events.length || course.offline) return null
  const priority = inbound
    ? opening?.data.priority
    : attributesAfter(events, requestIndex, opening).priority
  const queue = queueAtRequest(course)
  const limitMs = limitFor(course, 'resolutionMs', queue, priority)
  if (limitMs === null) return null
  const turns = turnsOf(course)
  const clock = clockOf(course)
  let [sinceMs, leftMs, isPaused] = [events[requestIndex]!.timeMs as number, limitMs, false]
  const dueMs = (): number =>
    isPaused ? Infinity : instantOn(clock, config, queue, sinceMs, leftMs)
  for (const [index, { type, timeMs }] of events.slice(0, n).entries()) {
    if (index < requestIndex || dueMs() < timeMs) continue
    const isReopened = turns.some((turn) => turn.kind === 'reopened' && turn.index === index)
    if (isPaused && (type === 'contact.resumed' || isReopened))
      [sinceMs, isPaused] = [timeMs, false]
    else if (!isPaused && type === 'contact.pended' && config.pendedPauses[course.class]) {
      leftMs = Math.max(0, leftMs - timeOn(clock, config, queue, sinceMs, timeMs))
      isPaused = true
    }
  }
  return { limitMs, dueMs: dueMs() }
}

/** Due once, at min(first resolution, limit): resolved by then is within; over without a resolution, or with a bot alone, when the limit passes is neither. */
export function resolutionDueObservations(course: Course, asOfMs: number): Observation[] {
  const { requestIndex, events } = course
  const [first] = resolutionsOf(course)
  const limit = resolutionLimit(course, first?.index ?? events.length)
  if (limit === null) return []
  const { dueMs } = limit
  if (first !== undefined && first.atMs <= dueMs) {
    const credit = resolutionCredit(course, first.index)
    return ['resolution-due', 'resolution-due-within'].map((what) =>
      observed(course, what, first.atMs, 1, ...credit),
    )
  }
  if (dueMs > asOfMs) return []
  const n = Math.max(requestIndex + 1, events.filter(({ timeMs }) => timeMs <= dueMs).length)
  if (!isOpenAfter(turnsOf(course), n) || isIdleBot(course, n)) return []
  const credit = creditOfTimer(course, dueMs, requestIndex)
  return [observed(course, 'resolution-due', dueMs, 1, ...credit)]
}

/** By whomever, or by one alone. */
export function isReopenedInWindow(
  course: Course,
  { index, atMs }: Resolution,
  by?: 'customer',
): boolean {
  const untilMs = atMs + course.config.fcrWindowMs
  return turnsOf(course).some(
    (turn) =>
      turn.kind === 'reopened' &&
      turn.index > index &&
      turn.atMs <= untilMs &&
      (by === undefined || turn.by === by),
  )
}
