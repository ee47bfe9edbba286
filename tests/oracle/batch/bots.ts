import type { CanonicalEvent } from '@deskpulse/core/events'
import {
  hasBotAfter,
  isAnsweredAfter,
  isHumanReply,
  lastHumanAfter,
  queueAfter,
  type Course,
} from './course.ts'
import { observed } from './contact-credit.ts'
import { firstQueueOf } from './counts.ts'
import type { Observation } from './observation.ts'
import { isOpenAfter, turnsOf, type Turn } from './phases.ts'
import type { Expected } from './values.ts'

const weekMs = 7 * 24 * 3_600_000

type How = 'handed-off' | 'taken' | 'resolved' | 'closed' | 'dropped'

/** A stay of a contact with a bot: from event to event; `begin` is −1 where the bot had it before the first one. */
export type Stay = {
  readonly begin: number
  readonly end: number | null
  readonly how: How | null
}

/** From where a bot gets it, or has it again, to where humans get it, or it is said that the contact is over. */
export function staysOf(course: Course): Stay[] {
  const turns = turnsOf(course)
  const stays: Stay[] = []
  let begin: number | null = course.events.length > 0 && hasBotAfter(course, 0) ? -1 : null
  for (const [index, event] of course.events.entries()) {
    const hasBot = hasBotAfter(course, index + 1)
    if (begin === null) {
      const isReopened = turns.some((turn) => turn.kind === 'reopened' && turn.index === index)
      const isGiven = event.type === 'contact.handed_off' && goesOn(course, turns, index + 1)
      if (hasBot && (isReopened || isGiven)) begin = index
      continue
    }
    const how = hasBot ? overBy(course, event, index) : leftBy(event)
    if (how === null) continue
    stays.push({ begin, end: index, how })
    begin = null
  }
  return begin === null ? stays : [...stays, { begin, end: null, how: null }]
}

/** Open, or over by nothing but the release of a call. */
function goesOn({ events }: Course, turns: readonly Turn[], n: number): boolean {
  if (isOpenAfter(turns, n)) return true
  const over = turns.findLast(({ index }) => index < n)!
  const said = ['contact.resolved', 'contact.closed']
  return (
    over.kind === 'over' &&
    over.byRelease &&
    !events.slice(over.index + 1, n).some(({ type }) => said.includes(type))
  )
}

const leftBy = ({ type }: CanonicalEvent): How =>
  type === 'contact.handed_off' ? 'handed-off' : 'taken'

/** `null`: it is not over by that. */
function overBy(course: Course, { type, data }: CanonicalEvent, index: number): How | null {
  const { config, class: channelClass } = course
  const isAnswered = isAnsweredAfter(course, index)
  if (type === 'contact.resolved') return 'resolved'
  if (type === 'contact.closed')
    return config.resolvedBy[channelClass] === 'close' ? 'resolved' : 'closed'
  if (type === 'contact.abandoned') return isAnswered ? null : 'dropped'
  if (type !== 'contact.ended') return null
  const isResolved = channelClass === 'voice' && config.resolvedBy.voice === 'release' && isAnswered
  if (isResolved) return 'resolved'
  return data.by === 'agent' ? 'closed' : 'dropped'
}

/** The event that says that it was resolved: the one that ends the stay, or a later one, as long as nobody else has had it and the customer did not abandon it. */
function resolvedAt(course: Course, { end, how }: Stay, untilIndex: number): number | null {
  if (end === null || how === 'handed-off' || how === 'taken') return null
  if (how === 'resolved') return end
  const { events, config } = course
  if (events[end]!.type === 'contact.abandoned') return null
  const resolving = [
    'contact.resolved',
    ...(config.resolvedBy[course.class] === 'close' ? ['contact.closed'] : []),
  ]
  for (let index = end + 1; index < untilIndex; index += 1) {
    if (!hasBotAfter(course, index + 1)) return null
    if (resolving.includes(events[index]!.type)) return index
  }
  return null
}

/** What is known of a stay, with all that came after. */
function storyOf(course: Course, stays: readonly Stay[], nth: number) {
  const { events } = course
  const stay = stays[nth]!
  const { begin, end } = stay
  const nextBegin = stays[nth + 1]?.begin ?? events.length
  const reopening =
    end === null
      ? undefined
      : turnsOf(course).find(
          ({ kind, index }) => kind === 'reopened' && index > end && index <= nextBegin,
        )
  const resolved = resolvedAt(course, stay, Math.min(nextBegin, reopening?.index ?? Infinity))
  const resolvedMs = resolved === null ? null : events[resolved]!.timeMs
  const how = resolved === null ? stay.how : 'resolved'
  const words = events
    .slice(begin + 1, end ?? events.length)
    .concat(begin >= 0 ? events[begin]! : [])
    .filter(
      ({ type, data }) =>
        type === 'message.sent' &&
        data.from === 'bot' &&
        data.visibility !== 'private' &&
        data.automatic !== true,
    )
  const reason = how === 'handed-off' ? (events[end!]!.data.reason ?? null) : null
  const goesToHumans = how === 'handed-off' || how === 'taken'
  return {
    startMs: events[Math.max(begin, 0)]!.timeMs,
    queue: queueAfter(course, begin + 1),
    how,
    reason,
    resolvedMs,
    messages: words.length,
    isInvolved: words.length > 0 || (how === 'handed-off' && reason !== 'limit'),
    isAfterHumans:
      begin >= 0 &&
      (hadHumans(course, begin + 1) ||
        stays.slice(0, nth).some((one) => one.how === 'handed-off' || one.how === 'taken')),
    isAnswered:
      goesToHumans &&
      events.some((_, index) => index >= end! && index < nextBegin && answersAt(course, index)),
    isReopened:
      resolvedMs !== null && reopening !== undefined && reopening.atMs <= resolvedMs + weekMs,
  }
}

function hadHumans(course: Course, n: number): boolean {
  return (
    course.events.slice(0, n).some(({ type }) => type === 'contact.assigned') ||
    isAnsweredAfter(course, n) ||
    lastHumanAfter(course, n) !== null
  )
}

/** A human writes, takes a call, or ends a part that says so. */
function answersAt(course: Course, index: number): boolean {
  const event = course.events[index]!
  if (isHumanReply(event)) return true
  if (course.class === 'voice' && event.type === 'contact.assigned') return true
  return !isAnsweredAfter(course, index) && isAnsweredAfter(course, index + 1)
}

/** Of inbound contacts with an opening. */
export function botObservations(course: Course, asOfMs: number): Observation[] {
  const { opening, inbound } = course
  if (opening === undefined || !inbound) return []
  const stays = staysOf(course)
  if (stays.length === 0) return []
  const stories = stays.map((_, nth) => storyOf(course, stays, nth))
  const involved = stories.filter(({ isInvolved }) => isInvolved)
  const [first] = involved
  return [
    ...overObservations(course, stays, stories),
    ...(first === undefined
      ? []
      : [
          observed(course, 'ai-contact', first.startMs, 1, first.queue, null),
          observed(course, 'ai-opened', opening.timeMs, 1, firstQueueOf(course), null, 'wide'),
        ]),
    ...involved.flatMap((story) => episodeObservations(course, story, asOfMs)),
  ]
}

function overObservations(
  course: Course,
  stays: readonly Stay[],
  stories: readonly ReturnType<typeof storyOf>[],
): Observation[] {
  const turns = turnsOf(course)
  const over = turns.at(-1)
  if (over?.kind !== 'over') return []
  // What a bot got only after the release of a call was over before it.
  const queue = queueAfter(course, Math.max(over.index, stays[0]!.begin) + 1)
  const at = (what: string): Observation => observed(course, what, over.atMs, 1, queue, null)
  const [last, story] = [stays.at(-1)!, stories.at(-1)!]
  const isReopened = turns.some(({ kind, index }) => kind === 'reopened' && index > (last.end ?? 0))
  const isWithBot = last.end !== null && !isReopened
  const isContained =
    isWithBot &&
    (story.how === 'resolved' || story.how === 'closed') &&
    !hadHumans(course, course.events.length)
  return [
    at('bot-over'),
    ...(isContained ? [at('bot-contained')] : []),
    ...(stays.some(({ how }) => how === 'handed-off') ? [at('bot-handed-off')] : []),
  ]
}

const words = ['limit', 'requested', 'unable', 'policy']

function episodeObservations(
  course: Course,
  story: ReturnType<typeof storyOf>,
  asOfMs: number,
): Observation[] {
  const { startMs, queue, how, reason, messages, resolvedMs } = story
  const at = (what: string, value = 1): Observation =>
    observed(course, what, startMs, value, queue, null)
  const isAutonomous = how === 'resolved' && messages > 0 && !story.isAfterHumans
  const isOld = isAutonomous && resolvedMs! + weekMs <= asOfMs
  const because = reason === null ? 'none' : words.includes(reason) ? reason : 'other'
  const holds: readonly (readonly [what: string, is: boolean])[] = [
    ['ai-episode', true],
    ['ai-autonomous', isAutonomous],
    ['ai-assisted', story.isAnswered],
    ['ai-dropped', how === 'dropped'],
    ['ai-reopened', isAutonomous && story.isReopened],
    ['ai-mature', isOld],
    ['ai-durable', isOld && !story.isReopened],
    [`ai-handoff-${because}`, how === 'handed-off'],
  ]
  return [
    ...holds.flatMap(([what, is]) => (is ? [at(what)] : [])),
    ...(messages > 0 ? [at('ai-messages', messages)] : []),
  ]
}

/** `of`: the values of what was observed. `ofNoAgent`: without a value in slices of agents. */
export function botValues(
  of: (what: string) => readonly number[],
  ofNoAgent: (expected: Expected) => Expected,
): [string, Expected][] {
  const sum = (what: string): number => of(what).reduce((total, value) => total + value, 0)
  const ratio = (part: string, whole: string): Expected => ({
    kind: 'ratio',
    numerator: sum(part),
    denominator: sum(whole),
  })
  const breakdown = Object.fromEntries(
    [...words, 'other', 'none'].map((word) => [word, sum(`ai-handoff-${word}`)]),
  )
  const numerator = Object.values(breakdown).reduce((total, value) => total + value, 0)
  return [
    ['bot_contained_rate', ratio('bot-contained', 'bot-over')],
    ['handoff_rate', ratio('bot-handed-off', 'bot-over')],
    ['ai_contacts', { kind: 'count', value: sum('ai-contact') }],
    ['ai_coverage', ofNoAgent(ratio('ai-opened', 'opened'))],
    ['ai_autonomous_rate', ratio('ai-autonomous', 'ai-episode')],
    ['ai_assisted_rate', ratio('ai-assisted', 'ai-episode')],
    ['ai_handoff_rate', { kind: 'ratio', numerator, denominator: sum('ai-episode'), breakdown }],
    ['ai_dropped_rate', ratio('ai-dropped', 'ai-episode')],
    ['ai_reopen_rate', ratio('ai-reopened', 'ai-autonomous')],
    ['ai_durable_rate', ratio('ai-durable', 'ai-mature')],
    ['ai_depth', ratio('ai-messages', 'ai-episode')],
  ]
}
