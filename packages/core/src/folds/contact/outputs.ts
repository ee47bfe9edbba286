import { dayMs, type EpochMs } from '../../time/time.ts'
import type { EngagedSpan, Engagement } from '../agent/engagement.ts'
import { equalSessions, type Served, type Session } from '../customer/session.ts'
import { creditOf } from './context.ts'
import { dueReplies } from './due-replies.ts'
import { countsAsRequest, windowEndMs, type AgentPart, type ContactState } from './state.ts'

/** What a contact tells another subject; a later one replaces it. */
export type ContactOutput =
  | {
      readonly kind: 'engagement'
      readonly agentId: string
      readonly utcDay: number
      readonly engagement: Engagement
    }
  | { readonly kind: 'session'; readonly customerId: string; readonly session: Session }

/**
 * `said`: this, in place of `before` (`null`: of nothing). `withdrawn`: no longer this. `final`: the contact is past its lifetime and says nothing more;
 * what it said stands.
 */
export type OutputChange =
  | { readonly how: 'said'; readonly output: ContactOutput; readonly before: ContactOutput | null }
  | { readonly how: 'withdrawn' | 'final'; readonly output: ContactOutput }

export function equalOutputs(a: ContactOutput, b: ContactOutput): boolean {
  if (a.kind === 'engagement' && b.kind === 'engagement') {
    return (
      a.agentId === b.agentId &&
      a.utcDay === b.utcDay &&
      equalEngagements(a.engagement, b.engagement)
    )
  }
  return (
    a.kind === 'session' &&
    b.kind === 'session' &&
    a.customerId === b.customerId &&
    equalSessions(a.session, b.session)
  )
}

/** Compared from the end: what differs is mostly the last instant. */
function equalEngagements(a: Engagement, b: Engagement): boolean {
  if (
    a.isCall !== b.isCall ||
    a.mentionsMs.length !== b.mentionsMs.length ||
    a.spans.length !== b.spans.length
  )
    return false
  for (let index = a.mentionsMs.length - 1; index >= 0; index -= 1)
    if (a.mentionsMs[index] !== b.mentionsMs[index]) return false
  return a.spans.every(
    ({ startMs, endMs }, index) =>
      startMs === b.spans[index]!.startMs && endMs === b.spans[index]!.endMs,
  )
}

/** Everything that the contact tells others, as known at log time `nowMs`; a day is told of only once it has begun. */
export function contactOutputs(
  contactId: string,
  state: ContactState,
  nowMs: EpochMs,
): ContactOutput[] {
  const outputs: ContactOutput[] = []
  for (const [agentId, part] of Object.entries(state.agents))
    outputs.push(...engagementsOf(agentId, part, state.class === 'voice', nowMs))
  const session = sessionOf(contactId, state, nowMs)
  if (session !== null && state.customerId !== null)
    outputs.push({ kind: 'session', customerId: state.customerId, session })
  return outputs
}

/** The next UTC midnight after `nowMs` if a further day is to be told of then; or, before, the end of the window after the first resolution. */
export function nextOutputMs(state: ContactState, nowMs: EpochMs): EpochMs | null {
  const nextMs = Math.min(nextDayMs(state, nowMs), maturesMs(state, nowMs))
  return nextMs === Infinity ? null : (nextMs as EpochMs)
}

function maturesMs({ firstResolution }: ContactState, nowMs: EpochMs): number {
  if (firstResolution?.eligible !== true) return Infinity
  const endMs = windowEndMs(firstResolution)
  return endMs > nowMs ? endMs : Infinity
}

function nextDayMs(state: ContactState, nowMs: EpochMs): number {
  const midnightMs = (Math.floor(nowMs / dayMs) + 1) * dayMs
  const ahead = Object.values(state.agents).some((part) => lastInstantOf(part) > midnightMs)
  return ahead ? midnightMs : Infinity
}

function lastInstantOf(part: AgentPart): number {
  // An instant on midnight belongs to the new day, as does a span that reaches past it.
  return Math.max(part.spans.at(-1)?.[1] ?? 0, (part.mentionsMs.at(-1) ?? 0) + 1)
}

function engagementsOf(
  agentId: string,
  part: AgentPart,
  isCall: boolean,
  nowMs: EpochMs,
): ContactOutput[] {
  const utcDay = onlyDayOf(part)
  if (utcDay !== null) {
    if (utcDay * dayMs > nowMs) return []
    const spans = part.spans.map(([startMs, endMs]): EngagedSpan => ({ startMs, endMs }))
    const engagement = {
      ...(isCall ? { isCall } : {}),
      spans,
      mentionsMs: [...part.mentionsMs],
    }
    return [{ kind: 'engagement', agentId, utcDay, engagement }]
  }
  const days = new Map<number, { spans: EngagedSpan[]; mentionsMs: EpochMs[] }>()
  const dayOf = (utcDay: number): { spans: EngagedSpan[]; mentionsMs: EpochMs[] } => {
    const known = days.get(utcDay) ?? { spans: [], mentionsMs: [] }
    days.set(utcDay, known)
    return known
  }
  for (const [startMs, endMs] of part.spans) {
    for (let utcDay = Math.floor(startMs / dayMs); utcDay * dayMs < endMs; utcDay += 1) {
      const clippedStart = Math.max(startMs, utcDay * dayMs) as EpochMs
      const clippedEnd = Math.min(endMs, (utcDay + 1) * dayMs) as EpochMs
      dayOf(utcDay).spans.push({ startMs: clippedStart, endMs: clippedEnd })
    }
  }
  for (const atMs of part.mentionsMs) dayOf(Math.floor(atMs / dayMs)).mentionsMs.push(atMs)
  return [...days]
    .filter(([utcDay]) => utcDay * dayMs <= nowMs)
    .map(([utcDay, day]) => ({
      kind: 'engagement',
      agentId,
      utcDay,
      engagement: { ...(isCall ? { isCall } : {}), ...day },
    }))
}

/** The day in which all of it lies, as most of what a contact has to do with an agent does; `null`: there is more than one, or nothing. */
function onlyDayOf({ spans, mentionsMs }: AgentPart): number | null {
  const firstMs = Math.min(spans[0]?.[0] ?? Infinity, mentionsMs[0] ?? Infinity)
  if (firstMs === Infinity) return null
  const utcDay = Math.floor(firstMs / dayMs)
  const endMs = (utcDay + 1) * dayMs
  const isWithin =
    spans.every((span) => span[0] < span[1] && span[1] <= endMs) &&
    (mentionsMs.at(-1) ?? firstMs) < endMs
  return isWithin ? utcDay : null
}

/** Outbound, discarded and system-opened contacts repeat nothing and are repeated by nothing. One that is not discarded serves its customer all the same. */
function sessionOf(contactId: string, state: ContactState, nowMs: EpochMs): Session | null {
  if (state.discarded) return null
  const openedMs = state.inbound ? state.openedMs : null
  const served = servedIn(state)
  const due = dueReplies(state)
  if (openedMs === null && served === null && due === null) return null
  const first = state.firstResolution
  return {
    contactId,
    openedMs,
    served,
    due,
    topic: state.attributes.topic,
    resolution:
      openedMs === null || first === null || !first.eligible || first.reopenedByCustomer
        ? null
        : {
            atMs: first.atMs,
            windowMs: first.windowMs,
            isMature: windowEndMs(first) <= nowMs,
            queue: first.queue,
            agent: first.agent,
            topic: first.topic,
            channel: state.channel,
            class: state.class,
            attributes: state.attributes,
          },
  }
}

function servedIn(state: ContactState): Served | null {
  const { answer } = state
  return answer === null || !countsAsRequest(state)
    ? null
    : { atMs: answer.atMs, credit: creditOf(state, answer) }
}
