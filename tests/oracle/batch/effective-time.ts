import type { Course } from './course.ts'
import { observed } from './contact-credit.ts'
import { queueOfPart } from './counts.ts'
import { engagedSpans, namesOf, type Span } from './engaged.ts'
import type { Stretch } from './agent-time.ts'
import { allStaysOf } from './handling.ts'
import type { Observation } from './observation.ts'

/** A stretch in which a contact engages an agent. `counts`: it is of a stay that has ended. */
type Piece = Span & {
  readonly course: Course
  readonly queue: string | null
  readonly counts: boolean
}

const quarterMs = 900_000

/** What parts took of their agents' time (semantics 17), where `handlingObservations` counts them, also of discarded contacts. */
export function effectiveObservations(courses: readonly Course[]): Observation[] {
  return [...agentsIn(courses)].flatMap((agentId) => {
    const pieces = piecesOf(courses, agentId)
    const taken = new Map<Course, number>()
    for (const [piece, ms] of sharesIn(pieces, -Infinity, Infinity))
      if (piece.counts) taken.set(piece.course, (taken.get(piece.course) ?? 0) + ms)
    return courses.flatMap((course) => {
      const last = allStaysOf(course, agentId).findLast(({ end }) => end !== null)?.end
      if (last === undefined || last === null) return []
      const { timeMs } = course.events[last]!
      const queue = queueOfPart(course, last)
      return [observed(course, 'effective', timeMs, taken.get(course) ?? 0, queue, agentId)]
    })
  })
}

/** What of an agent's staffed time in a quarter-hour went to a queue. */
export type Staffed = {
  readonly startMs: number
  readonly agent: string
  readonly queue: string
  readonly ms: number
}

/** Of the quarter-hours that are over. */
export function staffedOf(
  agent: string,
  stretches: readonly Stretch[],
  courses: readonly Course[],
  asOfMs: number,
): Staffed[] {
  const pieces = piecesOf(courses, agent)
  const starts = new Set<number>()
  for (const { startMs, endMs } of stretches.filter(isStaffed))
    for (let at = quarterOf(startMs); at < endMs; at += quarterMs) starts.add(at)
  return [...starts]
    .filter((startMs) => startMs + quarterMs <= asOfMs)
    .flatMap((startMs) => {
      const within = stretches
        .filter(isStaffed)
        .map((one) => ({ ...one, ...clip(one, startMs, startMs + quarterMs) }))
        .filter((one) => one.endMs > one.startMs)
      return Array.from(wentTo(within, pieces), ([queue, ms]) => ({ startMs, agent, queue, ms }))
    })
}

const isStaffed = (stretch: Stretch): boolean =>
  stretch.class === 'handling' || stretch.class === 'available'
const quarterOf = (atMs: number): number => Math.floor(atMs / quarterMs) * quarterMs
const clip = (span: Span, fromMs: number, toMs: number): Span => ({
  startMs: Math.max(span.startMs, fromMs),
  endMs: Math.min(span.endMs, toMs),
})

/** By the handling in each queue, else by the agent's own queues; "none" is where nobody names one. Whole milliseconds go to the agent's own queues in turns; by handling the first queues never have more than their part. */
function wentTo(staffed: readonly Stretch[], pieces: readonly Piece[]): Map<string, number> {
  const handled = new Map<string, number>()
  for (const { startMs, endMs } of staffed)
    for (const [{ queue }, ms] of sharesIn(pieces, startMs, endMs))
      handled.set(queue ?? '', (handled.get(queue ?? '') ?? 0) + ms)
  for (const [queue, ms] of handled) if (ms === 0) handled.delete(queue)
  const went = new Map<string, number>()
  const give = (queue: string, ms: number) => went.set(queue, (went.get(queue) ?? 0) + ms)
  if (handled.size === 0) {
    for (const { startMs, endMs, queues } of staffed) {
      const own = queues.length === 0 ? ['none'] : queues
      const before = (atMs: number, turn: number) => Math.ceil((atMs - turn) / own.length)
      for (const [turn, queue] of own.entries())
        give(queue, before(endMs, turn) - before(startMs, turn))
    }
    return went
  }
  const amount = staffed.reduce((sum, { startMs, endMs }) => sum + endMs - startMs, 0)
  const whole = [...handled.values()].reduce((sum, ms) => sum + ms, 0)
  let before = 0
  for (const [queue, ms] of [...handled].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const part =
      Math.floor((amount * (before + ms)) / whole) - Math.floor((amount * before) / whole)
    give(queue === '' ? 'none' : queue, part)
    before += ms
  }
  return went
}

const agentsIn = (courses: readonly Course[]): Set<string> =>
  new Set(courses.flatMap((course) => namesOf(course).map(({ agentId }) => agentId)))

/** When contacts engage an agent, each in the queue of the stay: of one that goes on as it would be if it ended now. */
function piecesOf(courses: readonly Course[], agentId: string): Piece[] {
  return courses.flatMap((course) => {
    const stays = allStaysOf(course, agentId)
    const begins = stays.map(({ start }) => course.events[start]!.timeMs)
    const spans = engagedSpans(course, agentId, Infinity)
    const cuts = [
      ...new Set([...spans.flatMap((one) => [one.startMs, one.endMs]), ...begins]),
    ].sort((a, b) => a - b)
    return cuts.slice(1).flatMap((endMs, place) => {
      const startMs = cuts[place]!
      if (!spans.some((one) => one.startMs <= startMs && one.endMs >= endMs)) return []
      const stay =
        stays[
          Math.max(
            0,
            begins.findLastIndex((atMs) => atMs <= startMs),
          )
        ]
      const end = stay?.end ?? null
      const queue = queueOfPart(course, end ?? course.events.length)
      return [{ course, startMs, endMs, queue, counts: end !== null }]
    })
  })
}

/** Whole milliseconds go to the contacts of the moment in turns, by id. */
function sharesIn(
  pieces: readonly Piece[],
  fromMs: number,
  toMs: number,
): (readonly [Piece, number])[] {
  const within = pieces.filter((one) => one.startMs < toMs && one.endMs > fromMs)
  const bounds = within.map((one) => clip(one, fromMs, toMs))
  const cuts = [...new Set(bounds.flatMap((one) => [one.startMs, one.endMs]))].sort((a, b) => a - b)
  return cuts.slice(1).flatMap((endMs, place) => {
    const startMs = cuts[place]!
    const active = within
      .filter((one) => one.startMs <= startMs && one.endMs >= endMs)
      .sort((a, b) => (a.course.id < b.course.id ? -1 : 1))
    return active.map((piece, turn) => {
      const n = active.length
      return [piece, Math.ceil((endMs - turn) / n) - Math.ceil((startMs - turn) / n)] as const
    })
  })
}

/** Of each zone: to make one takes longer than all that is asked of it. */
const dayFormats = new Map<string, Intl.DateTimeFormat>()

/** The local days of agents with a handled contact in a slice, each at the first instant of it there. */
export function agentDaysIn(handled: readonly Observation[], timeZone: string): number[] {
  const day = dayFormats.getOrInsertComputed(
    timeZone,
    () => new Intl.DateTimeFormat('en', { timeZone, dateStyle: 'short' }),
  )
  const firsts = new Map<string, number>()
  for (const { atMs, dimensions } of handled) {
    const key = `${day.format(quarterOf(atMs))} ${dimensions.agent}`
    firsts.set(key, Math.min(firsts.get(key) ?? Infinity, atMs))
  }
  return [...firsts.values()]
}
