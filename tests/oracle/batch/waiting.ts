import type { Clock } from '@deskpulse/core/config'
import { timeOn } from './business.ts'
import { ownerAfter, queueAfter, type Course } from './course.ts'
import { creditOf, observed } from './contact-credit.ts'
import type { Observation } from './observation.ts'
import { callWaits } from './passes.ts'
import { isOpenAfter, turnsOf } from './phases.ts'
import { resolutionLimit } from './resolutions.ts'
import { clockOf, creditOfTimer, dueAtMs, lostAtMs, owedReplies } from './replies.ts'

/** Something that goes on now. */
export type Ongoing = {
  readonly sinceMs: number
  readonly dueAtMs: number
  readonly dimensions: Observation['dimensions']
}

/** A contact that is open, and how old its request is, on each clock and on that of its class. */
export type Open = {
  readonly ageMs: Readonly<Record<Clock | 'class', number>>
  /** By how many of its resolution limits it is past it; `null`: it is not. */
  readonly cyclesLate: number | null
  readonly dimensions: Observation['dimensions']
}

type Wait = { readonly sinceMs: number; readonly dueAtMs: number; readonly index: number }

/** What nothing has ended yet: an owed reply, or a call's wait in a queue. */
function standingWait(course: Course): Wait | null {
  if (course.requestIndex >= course.events.length || course.offline) return null
  return course.class === 'voice' ? queueWait(course) : owedWait(course)
}

function queueWait(course: Course): Wait | null {
  const wait = callWaits(course).find(({ end }) => end === null)
  return wait === undefined ? null : { ...wait, dueAtMs: wait.sinceMs + wait.limitMs }
}

function owedWait(course: Course): Wait | null {
  const owed = owedReplies(course).find(({ end }) => end === null)
  return owed === undefined ? null : { ...owed, dueAtMs: dueAtMs(course, owed) }
}

/** The owed reply of a live contact, or the queue wait of a call, where one stands that is not given up. */
export function waitOf(course: Course, asOfMs: number): Ongoing | null {
  const n = course.events.length
  const dimensions = creditOf(course, queueAfter(course, n), ownerAfter(course, n))
  const wait = standingWait(course)
  if (wait === null || course.class === 'deferred' || lostAtMs(course, wait) <= asOfMs) return null
  return { sinceMs: wait.sinceMs, dueAtMs: wait.dueAtMs, dimensions }
}

/** Of whom a reply is owed and not given up; a contact without a customer stands for itself. */
export type Unreplied = {
  readonly customer: string
  readonly dimensions: Observation['dimensions']
}

export function unrepliedIn(course: Course, asOfMs: number): Unreplied | null {
  const n = course.events.length
  const wait = course.class === 'voice' ? null : standingWait(course)
  if (wait === null || lostAtMs(course, wait) <= asOfMs) return null
  return {
    customer: JSON.stringify([course.customerId ?? null, course.customerId ? null : course.id]),
    dimensions: creditOf(course, queueAfter(course, n), ownerAfter(course, n)),
  }
}

/** The waits that were given up: counted at that instant. */
export function lostObservations(course: Course, asOfMs: number): Observation[] {
  const standing = standingWait(course)
  const left = owedReplies(course).filter(({ end }) => end?.kind === 'lost')
  return [...left, ...(standing === null ? [] : [standing])].flatMap((wait) => {
    const atMs = lostAtMs(course, wait)
    const isBeforeRequest = atMs < course.events[course.requestIndex]!.timeMs
    return atMs > asOfMs || isBeforeRequest
      ? []
      : [observed(course, 'lost', atMs, 1, ...creditOfTimer(course, atMs, wait.index))]
  })
}

/** A contact that is open, and no call whose caller was given up. */
export function openContact(course: Course, asOfMs: number): Open | null {
  const n = course.events.length
  if (course.requestIndex >= n || !isOpenAfter(turnsOf(course), n)) return null
  const wait = course.class === 'voice' ? standingWait(course) : null
  if (wait !== null && lostAtMs(course, wait) <= asOfMs) return null
  const sinceMs = course.events[course.requestIndex]!.timeMs
  const queue = queueAfter(course, course.requestIndex)
  const ageOn = (clock: Clock): number => timeOn(clock, course.config, queue, sinceMs, asOfMs)
  return {
    cyclesLate: cyclesLate(course, asOfMs),
    ageMs: {
      class: ageOn(clockOf(course)),
      calendar: ageOn('calendar'),
      business: ageOn('business'),
    },
    dimensions: creditOf(course, queueAfter(course, n), ownerAfter(course, n)),
  }
}

function cyclesLate(course: Course, asOfMs: number): number | null {
  const limit = resolutionLimit(course, course.events.length)
  if (limit === null || limit.dueMs > asOfMs) return null
  const queue = queueAfter(course, course.requestIndex)
  return timeOn(clockOf(course), course.config, queue, limit.dueMs, asOfMs) / limit.limitMs
}
