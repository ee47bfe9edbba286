import { lastHumanAfter, ownerAfter, type Course } from './course.ts'
import { observed } from './contact-credit.ts'
import { queueOfPart } from './counts.ts'
import { engagementMaxMs, isPublicMessage, namesOf, workBegins } from './engaged.ts'
import type { Observation } from './observation.ts'
import { isOpenAfter, turnsOf } from './phases.ts'

/** An agent had the contact, from one event to another; `end`: `null`: it still has it. `next`: the event with which it has it again. */
export type AnyStay = { readonly start: number; readonly end: number | null; readonly next: number }
type Stay = AnyStay & { readonly end: number }

/** What each agent's part in a contact took (semantics 17): all its stays that have ended together, at the end of the last one. */
export function handlingObservations(course: Course): Observation[] {
  return [...new Set(namesOf(course).map(({ agentId }) => agentId))].flatMap((agentId) => {
    const stays = staysOf(course, agentId)
    const last = stays.at(-1)
    if (last === undefined) return []
    const isCall = course.class === 'voice'
    const helds = stays.map((stay) => (isCall ? holdMs(course, agentId, stay) : 0))
    const talks = stays.map((stay, index) => talkMs(course, agentId, stay, helds[index]!))
    const holds = stays.map((stay, index) =>
      isCall ? holdsIn(course, agentId, stay, helds[index]!) : 0,
    )
    const abandons = stays.filter((stay) => isCall && isHungUpOnHold(course, agentId, stay)).length
    const works = stays.map((stay) => wrapUpMs(course, agentId, stay))
    const told = works.filter((work) => work !== null)
    const times = isCall ? [...talks, ...helds] : stays.map((stay) => engagedMs(course, stay))
    const at = (what: string, value: number): Observation =>
      observed(
        course,
        what,
        course.events[last.end]!.timeMs,
        value,
        queueOfPart(course, last.end),
        agentId,
      )
    return [
      at('handle', sum([...times, ...told])),
      ...(isCall ? [at('talk', sum(talks))] : []),
      ...(sum(helds) > 0 ? [at('hold', sum(helds))] : []),
      ...(sum(holds) > 0 ? [at('part-held', 1), at('holds', sum(holds))] : []),
      ...(abandons > 0 ? [at('hold-abandons', abandons)] : []),
      ...(told.length > 0 ? [at('wrap-up', sum(told))] : []),
    ]
  })
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)

/** Those that have ended. */
export function staysOf(course: Course, agentId: string): Stay[] {
  return allStaysOf(course, agentId).filter((stay): stay is Stay => stay.end !== null)
}

/** The owner has a call, and a chat while it is open; who works on a deferred contact has it for so long. */
export function allStaysOf(course: Course, agentId: string): AnyStay[] {
  const turns = turnsOf(course)
  const changes: number[] = []
  for (const [index, { type, data }] of course.events.entries()) {
    const had = changes.length % 2 === 1
    const isWork = type.startsWith('contact.work_') && data.agentId === agentId
    const owns =
      ownerAfter(course, index + 1) === agentId &&
      (course.class === 'voice' || isOpenAfter(turns, index + 1))
    const has = course.class !== 'deferred' ? owns : isWork ? type === 'contact.work_started' : had
    if (has !== had) changes.push(index)
  }
  return changes.flatMap((start, place) =>
    place % 2 === 1
      ? []
      : [
          {
            start,
            end: changes[place + 1] ?? null,
            next: changes[place + 2] ?? course.events.length,
          },
        ],
  )
}

/** Of a chat not beyond ten minutes without a public message. */
function engagedMs({ events, config, class: channelClass }: Course, { start, end }: Stay): number {
  const endMs = events[end]!.timeMs
  if (channelClass !== 'live') return endMs - events[start]!.timeMs
  const active = events
    .slice(start, end)
    .filter((event, index) => index === 0 || isPublicMessage(event))
  return sum(
    active.map(({ timeMs }, index) =>
      Math.min(config.engagedIdleMs, (active[index + 1]?.timeMs ?? endMs) - timeMs),
    ),
  )
}

/** Totals that releases tell win. */
function talkMs(course: Course, agentId: string, stay: Stay, heldMs: number): number {
  return totalTold(course, agentId, stay, 'talkMs') ?? Math.max(0, engagedMs(course, stay) - heldMs)
}

function holdMs(course: Course, agentId: string, stay: Stay): number {
  const told = totalTold(course, agentId, stay, 'holdMs')
  return told ?? sum(holdSpans(course, stay).map(({ fromMs, toMs }) => toMs - fromMs))
}

type HoldSpan = { readonly fromMs: number; readonly toMs: number; readonly isToTheEnd: boolean }

/** From each `held` to the next `retrieved`, else to the end of the stay. */
function holdSpans({ events }: Course, { start, end }: Stay): HoldSpan[] {
  const spans: HoldSpan[] = []
  let since: number | null = null
  for (let index = start + 1; index <= end; index += 1) {
    const { type, timeMs } = events[index]!
    if (since !== null && (type === 'contact.retrieved' || index === end)) {
      spans.push({ fromMs: since, toMs: timeMs, isToTheEnd: index === end })
      since = null
    }
    if (type === 'contact.held') since ??= timeMs
  }
  return spans
}

/** As the release says, else as often as it was held; who tells a hold time alone held it once. */
function holdsIn(course: Course, agentId: string, stay: Stay, heldMs: number): number {
  const seen = holdSpans(course, stay).length
  return totalTold(course, agentId, stay, 'holds') ?? (seen > 0 ? seen : heldMs > 0 ? 1 : 0)
}

/** On hold to the end, and it was the customer who ended the call, there or just after the release of the last agent on it. */
function isHungUpOnHold(course: Course, agentId: string, stay: Stay): boolean {
  const { events, config } = course
  if (!holdSpans(course, stay).some(({ isToTheEnd }) => isToTheEnd)) return false
  return events.some(({ type, data, timeMs }, index) => {
    const isByCustomer =
      type === 'contact.abandoned' ||
      (type === 'contact.ended' && (data.by === undefined || data.by === 'customer'))
    if (!isByCustomer || index < stay.end || index >= stay.next) return false
    const last = ownerAfter(course, index) ?? lastHumanAfter(course, index)
    return (
      index === stay.end ||
      (last === agentId && timeMs - events[stay.end]!.timeMs <= config.clockSkewMs)
    )
  })
}

/** By the last release that tells it, from the end of the stay until the agent has the contact again. */
function totalTold(
  course: Course,
  agentId: string,
  { end, next }: Stay,
  name: 'talkMs' | 'holdMs' | 'holds',
): number | null {
  const releases = course.events
    .slice(end, next)
    .filter(({ type, data }) => type === 'contact.released' && data.agentId === agentId)
  return releases.findLast(({ data }) => data[name] !== undefined)?.data[name] ?? null
}

/** By the last event that tells it; `null`: none does. */
function wrapUpMs(course: Course, agentId: string, { end, next }: Stay): number | null {
  if (course.class === 'deferred') return null
  const told = course.events.flatMap(({ type, timeMs, data }, index) => {
    if (index <= end || index >= next || type !== 'contact.wrapped_up' || data.agentId !== agentId)
      return []
    const begins = workBegins(course, agentId, index)
    const tookMs = begins === null ? Infinity : timeMs - course.events[begins]!.timeMs
    return data.wrapUpMs ?? (tookMs > engagementMaxMs ? [] : tookMs)
  })
  return told.at(-1) ?? null
}
