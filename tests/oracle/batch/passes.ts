import { hasBotAfter, isQueueToldLate, queueAfter, type Course } from './course.ts'
import { observed } from './contact-credit.ts'
import type { Observation } from './observation.ts'
import { isOpenAfter, turnsOf } from './phases.ts'
import { limitOf, lostAtMs } from './replies.ts'

/** A call waits for an agent, in a queue or since its opening (semantics 10). */
export type CallWait = {
  readonly sinceMs: number
  /** The event that begins it. */
  readonly index: number
  readonly queue: string | null
  readonly limitMs: number
  readonly end: WaitEnd | null
}

/** `onwards`: it goes on in a queue. */
type WaitEnd = {
  readonly atMs: number
  readonly how: 'answered' | 'abandoned' | 'left' | 'onwards'
  readonly agent: string | null
}

/** From the queue, else from the opening, until an agent takes the call, it goes elsewhere, or it is over. The same queue again while waiting does not restart it. */
export function callWaits(course: Course): CallWait[] {
  if (course.class !== 'voice') return []
  const turns = turnsOf(course)
  const waits: CallWait[] = []
  let wait: CallWait | null = null
  for (const [index, event] of course.events.entries()) {
    const { type, data, timeMs: atMs } = event
    const queue = queueAfter(course, index + 1)
    const limitMs = limitOf(course, index + 1, true)
    const end = (how: WaitEnd['how'], agent: string | null = null): void => {
      if (wait !== null) waits.push({ ...wait, end: { atMs, how, agent } })
      wait = null
    }
    const begin = (): void => {
      end('onwards')
      wait = { sinceMs: atMs, index, queue, limitMs, end: null }
    }
    if (event === course.opening && waitsAtOpening(course, index)) begin()
    if (type === 'contact.queued' && isOpenAfter(turns, index)) {
      const stands: CallWait | null = wait
      const isNew =
        stands === null ||
        queueAfter(course, index) !== data.queue ||
        lostAtMs(course, stands) < atMs
      if (!isQueueToldLate(course, index)) {
        if (isNew) begin()
      } else if (queueAfter(course, index) === null) {
        // Nothing said before where the agent had it from: it was in the queue for no time that is known.
        const { timeMs: sinceMs, data: assigned } = course.events[index - 1]!
        const taken = { atMs: sinceMs, how: 'answered', agent: assigned.agentId! } as const
        waits.push({ sinceMs, index, queue, limitMs, end: taken })
      }
    }
    if (type === 'contact.assigned') end('answered', data.agentId ?? 'none')
    if (type === 'contact.abandoned') end('abandoned')
    if (type === 'contact.ended')
      end(data.by === 'agent' || data.by === 'system' ? 'left' : 'abandoned')
    const isOut = data.queue === undefined || data.queue === queueAfter(course, index)
    if (!isOpenAfter(turns, index + 1) || (type === 'contact.dequeued' && isOut)) end('left')
  }
  return wait === null ? waits : [...waits, wait]
}

/** In the queue of the opening, else for an agent, unless an event before the opening has said where the call is, or that it is over. */
function waitsAtOpening(course: Course, index: number): boolean {
  const isPlaced = course.events.slice(0, index).some(({ type, data }, at) => {
    if (type === 'contact.dequeued')
      return data.queue === undefined || data.queue === queueAfter(course, at)
    return type === 'contact.queued' || type === 'contact.assigned'
  })
  if (isPlaced) return false
  if (!isOpenAfter(turnsOf(course), index)) return false
  return (
    course.opening?.data.queue !== undefined || (course.inbound && !hasBotAfter(course, index + 1))
  )
}

const shortMs = 5_000

/** What counts of the waits of a call that was asked for when they began: its passes, and that it never came to one. */
export function passObservations(course: Course, asOfMs: number): Observation[] {
  return callWaits(course)
    .filter(({ index }) => index >= course.requestIndex)
    .flatMap((wait) =>
      wait.queue === null ? leftBefore(course, wait) : ofPass(course, wait, asOfMs),
    )
}

function leftBefore(course: Course, { end }: CallWait): Observation[] {
  return end === null || end.how === 'answered' || end.how === 'onwards'
    ? []
    : [observed(course, 'left-before-queue', end.atMs, 1, null, null, 'wide')]
}

function ofPass(course: Course, wait: CallWait, asOfMs: number): Observation[] {
  const { sinceMs, queue, limitMs, end } = wait
  const at = (what: string, atMs: number, value: number, agent?: string | null): Observation =>
    observed(course, what, atMs, value, queue, agent ?? null, agent === undefined ? 'wide' : 'both')
  const due = (what: string, limit: number): Observation[] => {
    const limitAtMs = sinceMs + limit
    if (end === null || end.atMs > limitAtMs)
      return limitAtMs > asOfMs ? [] : [at(what, limitAtMs, 1)]
    const isWithin = end.how === 'answered'
    return [
      at(what, end.atMs, 1),
      ...(isWithin ? [at(`${what}-within`, end.atMs, 1, end.agent)] : []),
    ]
  }
  const told = [
    ...due('pass-due', limitMs),
    ...course.config.thresholdsSeconds.flatMap((seconds) =>
      due(`pass-due-${seconds}s`, seconds * 1_000),
    ),
    ...(end === null ? [] : endOf(at, end, end.atMs - sinceMs)),
  ]
  const booked = told.map((one) => ({ ...one, what: `${one.what}@entry`, atMs: sinceMs }))
  return [at('pass', sinceMs, 1), ...told, ...booked]
}

function endOf(
  at: (what: string, atMs: number, value: number, agent?: string | null) => Observation,
  { atMs, how, agent }: WaitEnd,
  waitMs: number,
): Observation[] {
  const all = at('pass-end', atMs, waitMs)
  if (how === 'answered') return [all, at('pass-answered', atMs, waitMs, agent)]
  if (how !== 'abandoned') return [all, at('pass-left', atMs, 1)]
  const length = waitMs <= shortMs ? 'short' : 'long'
  return [all, at('pass-abandoned', atMs, waitMs), at(`pass-abandoned-${length}`, atMs, 1)]
}
