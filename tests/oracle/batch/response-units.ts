import { instantOn, timeOn } from './business.ts'
import { observed } from './contact-credit.ts'
import { openedObservations } from './counts.ts'
import { lastHumanAfter, ownerAfter, queueAfter, type Course } from './course.ts'
import type { Observation } from './observation.ts'
import { turnsOf } from './phases.ts'
import {
  clockOf,
  creditOfTimer,
  dueAtMs,
  outsideOf,
  repliesInWindow,
  writerOf,
  type Owed,
} from './replies.ts'
import { resolutionsOf } from './resolutions.ts'

const dayMs = 86_400_000

/** What platforms judge that do not count replies alone: waits up to a cap, customers, sessions, contacts. */
export function responseUnitObservations(course: Course, asOfMs: number): Observation[] {
  if (course.requestIndex >= course.events.length || outsideOf(course) !== null) return []
  const replies = repliesInWindow(course)
  return [
    ...replies.flatMap((owed) => cappedObservations(course, owed, asOfMs)),
    ...replies.flatMap((owed) => missedObservations(course, owed, asOfMs)),
    ...sessionObservations(course, replies),
    ...replyRateObservations(course, replies),
  ]
}

/** By name on the clock of the class, and as `…@calendar`, `…@business`. */
function cappedObservations(course: Course, owed: Owed, asOfMs: number): Observation[] {
  const { config } = course
  const { index, sinceMs, queue, end } = owed
  const capMs = config.responseCapSeconds * 1_000
  return (['', '@calendar', '@business'] as const).flatMap((suffix) => {
    const clock = suffix === '' ? clockOf(course) : suffix === '@calendar' ? 'calendar' : 'business'
    const capAtMs = instantOn(clock, config, queue, sinceMs, capMs)
    const isOver = end !== null && end.atMs <= capAtMs
    if (isOver && end.kind === 'answered') {
      const waitMs = timeOn(clock, config, queue, sinceMs, end.atMs)
      const credit = [queueAfter(course, end.index), writerOf(course, end.index)] as const
      return [observed(course, `capped${suffix}`, end.atMs, waitMs, ...credit)]
    }
    if (isOver || capAtMs > asOfMs) return []
    const credit = creditOfTimer(course, capAtMs, index)
    return [observed(course, `capped${suffix}`, capAtMs, capMs, ...credit)]
  })
}

/** Not answered, nor over, by the limit. */
function missedObservations(course: Course, owed: Owed, asOfMs: number): Observation[] {
  const atMs = dueAtMs(course, owed)
  if (atMs > asOfMs || (owed.end !== null && owed.end.atMs <= atMs)) return []
  return [observed(course, 'missed', atMs, 1, ...creditOfTimer(course, atMs, owed.index))]
}

/** At its last end, of what had been answered or missed by then. */
function sessionObservations(course: Course, replies: readonly Owed[]): Observation[] {
  const over = turnsOf(course).findLast(({ kind }) => kind === 'over')
  if (over === undefined) return []
  const { config } = course
  const limitMs = config.sessionMeanSeconds * 1_000
  const ended = replies.flatMap(({ sinceMs, queue, end }) => {
    if (end === null || end.index > over.index) return []
    const clock = clockOf(course)
    if (end.kind === 'answered') return [timeOn(clock, config, queue, sinceMs, end.atMs)]
    return end.atMs > instantOn(clock, config, queue, sinceMs, limitMs) ? [null] : []
  })
  if (ended.length === 0) return []
  const waits = ended.filter((waitMs) => waitMs !== null)
  const meanMs = waits.reduce((sum, ms) => sum + ms, 0) / Math.max(1, waits.length)
  const isWithin = meanMs <= limitMs && waits.length === ended.length
  const agent = ownerAfter(course, over.index) ?? lastHumanAfter(course, over.index)
  return ['session', ...(isWithin ? ['session-within'] : [])].map((what) =>
    observed(course, what, over.atMs, 1, queueAfter(course, over.index), agent),
  )
}

/** At the opening, in its first queue. */
function replyRateObservations(course: Course, replies: readonly Owed[]): Observation[] {
  const first = replies.find((owed) => owed.first)
  if (first === undefined) return []
  const [resolution] = resolutionsOf(course)
  return openedObservations(course).flatMap((opened) => {
    const isWithin = first.end?.kind === 'answered' && first.end.atMs <= dueAtMs(course, first)
    const isResolved = resolution !== undefined && resolution.atMs - opened.atMs <= dayMs
    const owed = { ...opened, what: 'first-owed' }
    return isWithin && isResolved ? [owed, { ...owed, what: 'first-kept' }] : [owed]
  })
}
