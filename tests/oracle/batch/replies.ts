import type { Clock } from '@deskpulse/core/config'
import type { CanonicalEvent } from '@deskpulse/core/events'
import { instantOn, isInWindow, isOpen, timeOn } from './business.ts'
import {
  attributesAfter,
  hasBotAfter,
  isAnsweredAfter,
  isHumanReply,
  isIdleBot,
  ownerAfter,
  queueAfter,
  type Course,
} from './course.ts'
import { observed } from './contact-credit.ts'
import type { Observation } from './observation.ts'
import { isOpenAfter, turnsOf, type Turn } from './phases.ts'

/** One owed reply, from where it opens to where it is answered or cancelled (semantics 6); neither: it still stands. */
export type Owed = {
  readonly sinceMs: number
  /** The event that makes it owed; its `sinceMs` may lie before. */
  readonly index: number
  readonly limitMs: number
  /** The queue that held the contact then: on its calendar the wait runs. */
  readonly queue: string | null
  readonly first: boolean
  /** `lost`: it was given up, and the event at `index` begins the next one. */
  readonly end: {
    readonly index: number
    readonly atMs: number
    readonly kind: 'answered' | 'cancelled' | 'lost'
  } | null
}

export function owedReplies(course: Course): Owed[] {
  if (course.class === 'voice') return []
  const turns = turnsOf(course)
  const replies: Owed[] = []
  let open: Omit<Owed, 'end'> | null = null
  const end = (index: number, kind: 'answered' | 'cancelled' | 'lost'): void => {
    if (open !== null)
      replies.push({ ...open, end: { index, kind, atMs: course.events[index]!.timeMs } })
    open = null
  }
  for (const [index, event] of course.events.entries()) {
    const { type, data, timeMs } = event
    const isOpen = isOpenAfter(turns, index + 1)
    if (isHumanReply(event)) end(index, 'answered')
    if (!isOpen || (type === 'contact.handed_off' && data.to === 'bot')) end(index, 'cancelled')
    const asks = type === 'message.sent' && data.from === 'customer'
    const leavesBot =
      hasBotAfter(course, index) && !hasBotAfter(course, index + 1) && !isHumanReply(event)
    const handedToHumans = type === 'contact.handed_off' && data.to !== 'bot'
    const thanksMs = noThanksAfterAll(course, turns, index)
    if (!isOpen || index < course.requestIndex || hasBotAfter(course, index + 1)) continue
    if (!(asks || leavesBot || handedToHumans || thanksMs !== null)) continue
    if (open !== null && lostAtMs(course, open) < timeMs) end(index, 'lost')
    if (open !== null) continue
    const reopened = turns.some(
      (turn) => turn.kind === 'reopened' && turn.index <= index && !isIdleBot(course, turn.index),
    )
    const first: boolean =
      course.opening !== undefined && course.inbound && replies.length === 0 && !reopened
    const [limitMs, queue] = [limitOf(course, index + 1, first), queueAfter(course, index + 1)]
    open = { sinceMs: thanksMs ?? timeMs, index, first, limitMs, queue }
  }
  return open === null ? replies : [...replies, { ...open, end: null }]
}

/** Since when a reply is owed that seemed to be thanks, if this event reopens the contact within the gap: since the first message that nothing dealt with. */
function noThanksAfterAll(course: Course, turns: readonly Turn[], index: number): number | null {
  const at = turns.findIndex((turn) => turn.kind === 'reopened' && turn.index === index)
  const [over, { type, timeMs }] = [turns[at - 1], course.events[index]!]
  if (
    over === undefined ||
    type !== 'contact.reopened' ||
    timeMs - over.atMs > course.config.returnGapMs
  )
    return null
  const dealsWith = (event: CanonicalEvent, n: number): boolean =>
    isHumanReply(event) ||
    ['contact.resolved', 'contact.closed', 'contact.ended'].includes(event.type) ||
    (event.type === 'contact.abandoned' && !isAnsweredAfter(course, n))
  const last = course.events.findLastIndex(
    (event, n) => n < index && n >= over.index && (n === over.index || dealsWith(event, n)),
  )
  const asked = course.events
    .slice(last + 1, index)
    .find((event) => event.type === 'message.sent' && event.data.from === 'customer')
  return asked?.timeMs ?? null
}

/** When a wait that nothing ends is given up. */
export const lostAtMs = (course: Course, { sinceMs }: { readonly sinceMs: number }): number =>
  sinceMs + course.config.waitMaxMs[course.class]

/** Fixed when the clock starts. */
export function limitOf(course: Course, n: number, first: boolean): number {
  const { priority } = attributesAfter(course.events, n, course.opening)
  return limitFor(course, first ? 'firstResponseMs' : 'replyMs', queueAfter(course, n), priority)
}

type Clocks = Course['config']['limits']['live']

/** The most specific limit: queue + channel + priority, then queue + channel, and so on. */
export function limitFor<Name extends keyof Clocks>(
  course: Course,
  clock: Name,
  queue: string | null,
  priority: string | undefined,
): Clocks[Name] {
  const { config, channel } = course
  const fits = config.limitOverrides.filter(
    (override) =>
      override[clock] !== undefined &&
      (override.queue ?? queue) === queue &&
      (override.channel ?? channel) === channel &&
      (override.priority ?? priority) === priority,
  )
  const named = (override: (typeof fits)[number]): string =>
    [override.queue, override.channel, override.priority]
      .map((part) => (part === undefined ? '0' : '1'))
      .join('')
  const best = fits.toSorted((a, b) => (named(a) < named(b) ? 1 : -1))[0]
  const limit = best === undefined ? config.limits[course.class][clock] : best[clock]
  return limit as Clocks[Name]
}

/** What limits of the contact's class run on. */
export const clockOf = ({ config, class: channelClass }: Course): Clock =>
  channelClass === 'voice' ? 'calendar' : config.clock[channelClass]

/** When it is due, on the clock of its class. */
export function dueAtMs(course: Course, { sinceMs, limitMs, queue }: Owed): number {
  return instantOn(clockOf(course), course.config, queue, sinceMs, limitMs)
}

/** What becomes of it, where the contact began outside of its hours; `null`: it counts like all others. */
export function outsideOf(course: Course): 'exclude' | 'separate' | null {
  const { config, class: channelClass, requestIndex: index } = course
  const rule = channelClass === 'voice' ? 'count' : config.outsideHours[channelClass]
  const queue = queueAfter(course, course.inbound ? 0 : index + 1)
  const isOutside = !isOpen(config, queue, course.events[index]!.timeMs)
  return rule === 'count' || !isOutside ? null : rule
}

/** Those that begin within the window of the day: all others are in no KPI of response. */
export const repliesInWindow = (course: Course): Owed[] =>
  owedReplies(course).filter(({ sinceMs }) => isInWindow(course.config, sinceMs))

/** Answers at the answer; dues at min(answer, since + limit); cancellations before the limit. By name on the clock of the class, and as `…@calendar`, `…@business`. */
export function replyObservations(course: Course, asOfMs: number): Observation[] {
  if (course.requestIndex >= course.events.length) return []
  const outside = outsideOf(course)
  if (outside === 'exclude') return []
  const observations: Observation[] = []
  for (const owed of repliesInWindow(course)) {
    observations.push(...observationsOn(course, owed, clockOf(course), '', asOfMs))
    for (const clock of ['calendar', 'business'] as const)
      observations.push(...observationsOn(course, owed, clock, `@${clock}`, asOfMs))
    if (owed.end?.kind === 'cancelled' && owed.end.atMs <= dueAtMs(course, owed)) {
      const { index, atMs } = owed.end
      const credit = [queueAfter(course, index), ownerAfter(course, index)] as const
      observations.push(observed(course, 'cancelled', atMs, 1, ...credit))
    }
  }
  return outside === null
    ? observations
    : observations.map((one) => ({ ...one, what: `after-hours-${one.what}` }))
}

function observationsOn(
  course: Course,
  owed: Owed,
  clock: Clock,
  suffix: string,
  asOfMs: number,
): Observation[] {
  const { config } = course
  const { sinceMs, limitMs, queue, first, end } = owed
  const after = (ms: number): number => instantOn(clock, config, queue, sinceMs, ms)
  const observations: Observation[] = []
  if (end?.kind === 'answered') {
    const credit = [queueAfter(course, end.index), writerOf(course, end.index)] as const
    const at = (what: string, value: number): Observation =>
      observed(course, `${what}${suffix}`, end.atMs, value, ...credit)
    const waitMs = timeOn(clock, config, queue, sinceMs, end.atMs)
    observations.push(at('reply', waitMs))
    if (first) {
      const queueMs = queuePartMs(course, owed, end, clock)
      observations.push(at('first-reply', waitMs))
      observations.push(at('first-reply-queue', queueMs), at('first-reply-agent', waitMs - queueMs))
    }
    if (end.atMs <= after(limitMs)) observations.push(at('reply-within', 1))
  }
  const due = (what: string, ms: number): Observation[] =>
    dueObservations(course, owed, [what, suffix], after(ms), asOfMs)
  observations.push(...due('due', limitMs))
  if (first) observations.push(...due('first-due', limitMs))
  for (const seconds of config.thresholdsSeconds)
    observations.push(...due(`due-${seconds}s`, seconds * 1_000))
  return observations
}

/** How much of the wait was before the assignment with which its owner at the answer became so; without an owner the queue that holds it had all of it. */
function queuePartMs(
  course: Course,
  { sinceMs, queue }: Owed,
  end: { readonly index: number; readonly atMs: number },
  clock: Clock,
): number {
  const until = (atMs: number): number => timeOn(clock, course.config, queue, sinceMs, atMs)
  const owner = ownerAfter(course, end.index)
  if (owner === null) return queueAfter(course, end.index) === null ? 0 : until(end.atMs)
  const assignment = course.events.findLast(
    ({ type, data }, n) =>
      n < end.index && type === 'contact.assigned' && ownerAfter(course, n) !== data.agentId,
  )
  return until(Math.max(sinceMs, assignment!.timeMs))
}

function dueObservations(
  course: Course,
  { index, end }: Owed,
  [what, suffix]: readonly [string, string],
  limitAtMs: number,
  asOfMs: number,
): Observation[] {
  if (end !== null && end.atMs <= limitAtMs) {
    if (end.kind !== 'answered') return []
    const credit = [queueAfter(course, end.index), writerOf(course, end.index)] as const
    return [
      observed(course, `${what}${suffix}`, end.atMs, 1, ...credit),
      observed(course, `${what}-within${suffix}`, end.atMs, 1, ...credit),
    ]
  }
  if (limitAtMs > asOfMs) return []
  const credit = creditOfTimer(course, limitAtMs, index)
  return [observed(course, `${what}${suffix}`, limitAtMs, 1, ...credit)]
}

/** A timer applies after all events of its instant, and after the event that set it. */
export function creditOfTimer(
  course: Course,
  atMs: number,
  setBy: number,
): readonly [queue: string | null, agent: string | null] {
  const n = Math.max(setBy + 1, course.events.filter(({ timeMs }) => timeMs <= atMs).length)
  return [queueAfter(course, n), ownerAfter(course, n)]
}

export function writerOf(course: Course, index: number): string | null {
  return course.events[index]!.data.agentId ?? ownerAfter(course, index)
}
