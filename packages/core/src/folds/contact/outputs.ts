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
    a.spans.length !== b.spans.length ||
    !equalInstants(a.acceptedMs, b.acceptedMs) ||
    !equalInstants(a.missedMs, b.missedMs)
  )
    return false
  for (let index = a.mentionsMs.length - 1; index >= 0; index -= 1)
    if (a.mentionsMs[index] !== b.mentionsMs[index]) return false
  return a.spans.every(
    ({ startMs, endMs }, index) =>
      startMs === b.spans[index]!.startMs && endMs === b.spans[index]!.endMs,
  )
}

function equalInstants(a: readonly EpochMs[] = [], b: readonly EpochMs[] = []): boolean {
  return a.length === b.length && a.every((atMs, place) => atMs === b[place])
}

/** Everything that the contact tells others, as known at log time `nowMs`; a day is told of only once it has begun. */
export function contactOutputs(
  contactId: string,
  state: ContactState,
  nowMs: EpochMs,
): ContactOutput[] {
  const outputs: ContactOutput[] = []
  for (const [agentId, part] of Object.entries(state.agents))
    outputs.push(...engagementsOf(agentId, toldOf(state, part), state.class === 'voice', nowMs))
  const session = sessionOf(contactId, state, nowMs)
  if (session !== null && state.customerId !== null)
    outputs.push({ kind: 'session', customerId: state.customerId, session })
  return outputs
}

/** Offers of a discarded contact are nobody's. */
function toldOf({ discarded }: ContactState, part: AgentPart): AgentPart {
  if (!discarded) return part
  const { acceptedMs: _accepted, missedMs: _missed, ...told } = part
  return told
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
      ...offersOn(part, utcDay),
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
      engagement: { ...(isCall ? { isCall } : {}), ...day, ...offersOn(part, utcDay) },
    }))
}

/** Offers to the agent that ended on a day: each at an instant at which an event named it. */
function offersOn(
  { acceptedMs, missedMs }: AgentPart,
  utcDay: number,
): Pick<Engagement, 'acceptedMs' | 'missedMs'> {
  const isOn = (atMs: EpochMs): boolean => Math.floor(atMs / dayMs) === utcDay
  return {
    ...(acceptedMs !== undefined && { acceptedMs: acceptedMs.filter(isOn) }),
    ...(missedMs !== undefined && { missedMs: missedMs.filter(isOn) }),
  }
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

/** Outbound, discarded and system-opened contacts, and left messages, repeat nothing and are repeated by nothing. One that is not discarded serves its customer all the same. */
function sessionOf(contactId: string, state: ContactState, nowMs: EpochMs): Session | null {
  if (state.discarded) return null
  const opened = openedIn(state)
  const served = servedIn(state)
  const due = dueReplies(state)
  if (opened === null && served === null && due === null) return null
  const first = state.firstResolution
  const isSolved = first?.eligible === true && !first.reopenedByCustomer
  return {
    contactId,
    opened,
    served,
    due,
    topic: state.attributes.topic,
    resolution:
      opened === null || first === null
        ? null
        : {
            atMs: first.atMs,
            windowMs: first.windowMs,
            isSolved,
            isMature: isSolved && windowEndMs(first) <= nowMs,
            isInAuthority: !state.beyondAuthority,
            queue: first.queue,
            agent: first.agent,
            topic: first.topic,
            channel: state.channel,
            class: state.class,
            attributes: state.attributes,
          },
  }
}

function openedIn(state: ContactState): Session['opened'] {
  const { inbound, offline, openedMs: atMs, firstQueue: queue } = state
  if (!inbound || offline || atMs === null) return null
  return { atMs, credit: creditOf(state, { queue, agent: null }) }
}

function servedIn(state: ContactState): Served | null {
  const { answer } = state
  return answer === null || !countsAsRequest(state)
    ? null
    : { atMs: answer.atMs, credit: creditOf(state, answer) }
}
