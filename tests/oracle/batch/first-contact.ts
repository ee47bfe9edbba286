import { observed, resolutionCredit } from './contact-credit.ts'
import { firstQueueOf, isEscalatedBefore, isPassedOnBefore, partEndsOf } from './counts.ts'
import { attributesAfter, lastHumanAfter, ownerAfter, queueAfter, type Course } from './course.ts'
import type { Observation } from './observation.ts'
import { isReopenedInWindow, resolutionsOf } from './resolutions.ts'

/**
 * First-contact resolution, gross (semantics 20): of sessions that customers opened and humans handled, those that were not reopened by the
 * customer and not followed by another session of the same customer and topic within the window. Mature ones are those whose window has passed.
 * Net: of those within authority, with those closed without any resolution.
 */
export function fcrObservations(
  course: Course,
  all: readonly Course[],
  asOfMs: number,
): Observation[] {
  if (!isSession(course) || course.openedBy !== 'customer') return []
  const first = resolutionsOf(course)[0]
  if (first === undefined) return closedObservations(course)
  if (!isHandledBy(course, first.index)) return []
  const isSolved =
    !isReopenedInWindow(course, first, 'customer') && !all.some((other) => repeats(other, course))
  const isMature = first.atMs + course.config.fcrWindowMs <= asOfMs
  const isIdentified = course.customerId !== undefined
  const isNet = isInAuthority(course)
  const whats: readonly (readonly [string, boolean])[] = [
    ['fcr-due', true],
    ['fcr-solved', isSolved],
    ['fcr-mature-due', isMature],
    ['fcr-mature-solved', isMature && isSolved],
    ['fcr-identified', isIdentified],
    ['fcr-net-due', isNet],
    ['fcr-net-solved', isNet && isSolved],
    ['fcr-net-identified', isNet && isIdentified],
  ]
  const credit = resolutionCredit(course, first.index)
  return whats.flatMap(([what, counts]) =>
    counts ? [withTopicOf(course, first.index, what, credit)] : [],
  )
}

/** Never resolved, and archived once humans had handled it. */
function closedObservations(course: Course): Observation[] {
  const index = course.events.findIndex(
    ({ type }, n) => type === 'contact.closed' && isHandledBy(course, n),
  )
  if (index < 0 || !isInAuthority(course)) return []
  const agent = ownerAfter(course, index) ?? lastHumanAfter(course, index)
  const whats = course.customerId === undefined ? [] : ['fcr-net-identified']
  return ['fcr-net-due', ...whats].map((what) =>
    withTopicOf(course, index, what, [queueAfter(course, index), agent]),
  )
}

/** The topic is that of the event; what else describes the contact, its last word. */
function withTopicOf(
  course: Course,
  index: number,
  what: string,
  credit: readonly [string | null, string | null],
): Observation {
  const { topic } = attributesAfter(course.events, index + 1, course.opening)
  const made = observed(course, what, course.events[index]!.timeMs, 1, ...credit)
  return { ...made, dimensions: { ...made.dimensions, topic } }
}

const isHandledBy = (course: Course, index: number): boolean =>
  partEndsOf(course).some((end) => end.index <= index)

/** Of first resolutions within authority those without a transfer or an escalation before. */
export function firstLevelObservations(course: Course): Observation[] {
  const first = resolutionsOf(course)[0]
  if (first === undefined || !isInAuthority(course)) return []
  const isFirstLevel =
    !isPassedOnBefore(course, first.index) && !isEscalatedBefore(course, first.index)
  return ['resolved-in-authority', ...(isFirstLevel ? ['resolved-first-level'] : [])].map((what) =>
    observed(course, what, first.atMs, 1, ...resolutionCredit(course, first.index)),
  )
}

/** Of contacts that were not resolved as their first human part ended those that were resolved after it. */
export function followedUpObservations(course: Course): Observation[] {
  const end = partEndsOf(course)[0]
  if (end === undefined) return []
  const first = resolutionsOf(course)[0]
  if (first !== undefined && first.atMs <= end.atMs) return []
  return ['part-unresolved', ...(first === undefined ? [] : ['part-resolved-later'])].map((what) =>
    observed(course, what, end.atMs, 1, end.queue, end.agent),
  )
}

/** At the opening: resolved within a day of it; opened in the window after another session of the customer was resolved. */
export function openedOutcomes(course: Course, all: readonly Course[]): Observation[] {
  const { opening } = course
  if (opening === undefined || !course.inbound) return []
  const first = resolutionsOf(course)[0]
  const isResolved = first !== undefined && first.atMs <= opening.timeMs + 24 * 3_600_000
  const isRepeat = all.some((other) => repeats(course, other))
  return [...(isResolved ? ['opened-resolved'] : []), ...(isRepeat ? ['opened-repeat'] : [])].map(
    (what) => observed(course, what, opening.timeMs, 1, firstQueueOf(course), null, 'wide'),
  )
}

/** The customer opened one in the window after the other was resolved for the first time; any topic, where either has none. */
function repeats(later: Course, earlier: Course): boolean {
  const [resolution, opening] = [resolutionsOf(earlier)[0], later.opening]
  if (later === earlier || !isSession(later) || !isSession(earlier)) return false
  if (resolution === undefined || opening === undefined) return false
  if (later.customerId === undefined || later.customerId !== earlier.customerId) return false
  const [a, b] = [later.attributes.topic, earlier.attributes.topic]
  const isSameTopic = a === undefined || b === undefined || a === b
  const afterMs = opening.timeMs - resolution.atMs
  return isSameTopic && 0 < afterMs && afterMs <= earlier.config.fcrWindowMs
}

const isSession = (course: Course): boolean =>
  course.inbound && course.opening !== undefined && !course.discarded && !course.offline

/** Unless the last word of it says otherwise. */
function isInAuthority({ events, opening }: Course): boolean {
  const told = events.filter(
    (event) =>
      event.data.inAuthority !== undefined &&
      (event === opening || event.type === 'contact.updated' || event.type === 'contact.resolved'),
  )
  return told.at(-1)?.data.inAuthority !== false
}
