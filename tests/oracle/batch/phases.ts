import {
  isAnsweredAfter,
  isHumanReply,
  isQueueToldLate,
  ownerAfter,
  queueAfter,
  type Course,
} from './course.ts'

/** A contact is over, or open again, from one of its events on. */
export type Turn = { readonly index: number; readonly atMs: number } & (
  | { readonly kind: 'over'; readonly byRelease: boolean }
  | { readonly kind: 'reopened'; readonly by: 'customer' | 'agent' | 'system' }
)

/** When the contact was over and open again (semantics: words, 8), in order. */
export function turnsOf(course: Course): Turn[] {
  const turns: Turn[] = []
  let waits = false // In a queue, for the next agent.
  let isPassedOn = false // It came into a queue since it was assigned last.
  for (const [index, { type, data, timeMs: atMs }] of course.events.entries()) {
    const last = turns.at(-1)
    if (last === undefined || last.kind === 'reopened') {
      const isForNext = isPassedOn && ownerAfter(course, index) === null
      const byRelease: boolean =
        isLastRelease(course, index) && !isForNext && !(type === 'contact.released' && waits)
      const isOver: boolean = byRelease || endsContact(course, index, isForNext)
      if (isOver) turns.push({ index, atMs, kind: 'over', byRelease })
      if (type === 'contact.queued' && !isQueueToldLate(course, index)) isPassedOn = true
      if (type === 'contact.assigned') isPassedOn = false
      waits = !isOver && waitsAfter(course, index, waits)
      continue
    }
    const asks = type === 'message.sent' && data.from === 'customer'
    const returns =
      asks &&
      (atMs - last.atMs > course.config.returnGapMs || hasNothingToThankFor(course, last, index))
    if (type === 'contact.reopened')
      turns.push({ index, atMs, kind: 'reopened', by: data.by ?? 'customer' })
    else if (returns) turns.push({ index, atMs, kind: 'reopened', by: 'customer' })
  }
  return turns
}

/** The customer left without an answer, or was written to and never asked anything. */
function hasNothingToThankFor(
  course: Course,
  over: Turn & { kind: 'over' },
  index: number,
): boolean {
  if (index === course.requestIndex && !course.inbound) return true
  if (over.byRelease || course.events.slice(over.index + 1, index).some(isHumanReply)) return false
  const { type } = course.events[over.index]!
  return (
    type === 'contact.abandoned' ||
    (type === 'contact.ended' && !isAnsweredAfter(course, over.index + 1))
  )
}

function waitsAfter(course: Course, index: number, waits: boolean): boolean {
  const { type, data } = course.events[index]!
  if (isQueueToldLate(course, index)) return waits
  if (type === 'contact.queued') return true
  if (type === 'contact.dequeued')
    return waits && data.queue !== undefined && data.queue !== queueAfter(course, index)
  return waits && !['contact.assigned', 'contact.ended', 'contact.abandoned'].includes(type)
}

/** A call was passed on, and nobody has it before this event. */
export function isForNextBefore(course: Course, index: number): boolean {
  const turns = turnsOf(course)
  let isPassedOn = false
  for (const [n, { type }] of course.events.slice(0, index).entries()) {
    if (!isOpenAfter(turns, n)) continue
    if (type === 'contact.queued' && !isQueueToldLate(course, n)) isPassedOn = true
    if (type === 'contact.assigned') isPassedOn = false
  }
  return isPassedOn && ownerAfter(course, index) === null
}

export function isOpenAfter(turns: readonly Turn[], n: number): boolean {
  const last = turns.findLast(({ index }) => index < n)
  return last === undefined || last.kind === 'reopened'
}

/** `isForNext`: a call that was passed on waits, or waited, for an agent that did not come. */
function endsContact(course: Course, index: number, isForNext: boolean): boolean {
  const { type } = course.events[index]!
  if (type === 'contact.abandoned')
    return !isAnsweredAfter(course, index) || (isForNext && releases(course, index))
  if (type === 'contact.ended') return isForNext || !releases(course, index)
  return type === 'contact.resolved' || type === 'contact.closed'
}

/** Of a call, where releases resolve: the agent's part ends and nobody else takes the call afterwards. */
function isLastRelease(course: Course, index: number): boolean {
  if (!releases(course, index)) return false
  const settles = ['contact.resolved', 'contact.closed', 'contact.reopened']
  for (const [offset, { type, data, timeMs }] of course.events.slice(index + 1).entries()) {
    const isFirstAsked = !course.inbound && index + 1 + offset === course.requestIndex
    const isLater = timeMs - course.events[index]!.timeMs > course.config.returnGapMs
    const returns = type === 'message.sent' && data.from === 'customer' && (isLater || isFirstAsked)
    if (settles.includes(type) || returns) return true
    if (type === 'contact.queued' || type === 'contact.assigned') return false
  }
  return true
}

function releases(course: Course, index: number): boolean {
  if (
    course.class !== 'voice' ||
    course.config.resolvedBy.voice !== 'release' ||
    !isAnsweredAfter(course, index)
  )
    return false
  const { type, data } = course.events[index]!
  const owner = ownerAfter(course, index)
  if (type === 'contact.released')
    return owner === null || data.agentId === undefined || data.agentId === owner
  return type === 'contact.ended' || type === 'contact.abandoned'
}
