import { type Exclusion, isExcluded } from '../../subjects/exclusion.ts'
import { dayMs, type EpochMs } from '../../time/time.ts'
import {
  type EngagedSpan,
  type Engagement,
  equalEnds,
  equalEngagements,
  type Handled,
  type PartEnd,
} from '../agent/engagement.ts'
import { equalSessions, type Served, type Session } from '../customer/session.ts'
import { creditOf } from './context.ts'
import { dueReplies } from './due-replies.ts'
import { countsAsRequest, windowEndMs, type AgentPart, type ContactState } from './state.ts'
import { endsMs, spellsAt } from './spells.ts'
import { endOfPart, engagedSpans } from './stays.ts'

/** What a contact tells another subject; a later one replaces it. */
export type ContactOutput =
  | {
      readonly kind: 'engagement'
      readonly agentId: string
      readonly utcDay: number
      readonly engagement: Engagement
    }
  | {
      readonly kind: 'handled'
      readonly agentId: string
      readonly contactId: string
      readonly handled: Handled
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
  if (a.kind === 'handled' && b.kind === 'handled')
    return a.agentId === b.agentId && equalEnds(a.handled, b.handled)
  return (
    a.kind === 'session' &&
    b.kind === 'session' &&
    a.customerId === b.customerId &&
    equalSessions(a.session, b.session)
  )
}

/** Everything that the contact tells others, as known at log time `nowMs`; a day is told of only once it has begun. `excluded`: by appeals. */
export function contactOutputs(
  contactId: string,
  state: ContactState,
  nowMs: EpochMs,
  excluded: readonly Exclusion[] = [],
): ContactOutput[] {
  const outputs: ContactOutput[] = []
  for (const [agentId, part] of Object.entries(state.agents)) {
    outputs.push(...engagementsOf(contactId, agentId, part, state, nowMs))
    const handled = handledOf(agentId, part, state)
    if (handled !== null) outputs.push({ kind: 'handled', agentId, contactId, handled })
  }
  const session = sessionOf(contactId, state, nowMs, excluded)
  if (session !== null && state.customerId !== null)
    outputs.push({ kind: 'session', customerId: state.customerId, session })
  return outputs
}

/** As `contacts_handled` counts it for the agent: nobody is no agent, and a discarded contact was not handled. */
function handledOf(agent: string, { handled }: AgentPart, state: ContactState): Handled | null {
  if (handled === null || agent === 'none' || state.discarded) return null
  return { atMs: handled.atMs, credit: creditOf(state, { queue: handled.queue, agent }) }
}

/** The next UTC midnight after `nowMs` if a further day is to be told of then; or, before, the end of the window after the first resolution, or of the last spell of messages. */
export function nextOutputMs(state: ContactState, nowMs: EpochMs): EpochMs | null {
  const endMs = state.answer === null ? -Infinity : endsMs(state)
  const spellMs = endMs > nowMs ? endMs : Infinity
  const nextMs = Math.min(nextDayMs(state, nowMs), maturesMs(state, nowMs), spellMs)
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
  const lastMs = Math.max(part.mentionsMs.at(-1) ?? 0, endOfPart(part)?.endMs ?? 0)
  return Math.max(part.spans.at(-1)?.[1] ?? 0, lastMs + 1)
}

type EngagementOutput = Extract<ContactOutput, { readonly kind: 'engagement' }>

function engagementsOf(
  contactId: string,
  agentId: string,
  part: AgentPart,
  state: ContactState,
  nowMs: EpochMs,
): EngagementOutput[] {
  const spans = engagedSpans(state, part)
  const end = endOfPart(part)
  const ended = end && {
    atMs: end.endMs,
    credit: creditOf(state, { queue: end.queue, agent: agentId }),
  }
  const about = { contactId, ...(state.class === 'voice' && { isCall: true }) }
  const utcDay = onlyDayOf(part, ended)
  if (utcDay !== null) {
    if (utcDay * dayMs > nowMs) return []
    const engagement = {
      ...{ ...about, spans, mentionsMs: [...part.mentionsMs] },
      ...offersOn(state, part, utcDay),
    }
    return [
      {
        ...{ kind: 'engagement', agentId, utcDay },
        engagement: ended === null ? engagement : { ...engagement, ended },
      },
    ]
  }
  const days = daysOf(spans, part.mentionsMs, ended)
  const lastDay = lastCountedDay(spans, ended)
  return [...days]
    .filter(([day]) => day * dayMs <= nowMs)
    .map(([day, its]) => ({
      ...{ kind: 'engagement', agentId, utcDay: day },
      engagement: {
        ...{ ...about, ...its, ...offersOn(state, part, day) },
        ...(ended !== null && day === lastDay && { ended }),
        ...(ended !== null &&
          day < lastDay &&
          its.spans.length > 0 && { continues: true as const }),
      },
    }))
}

/** Offers to the agent that ended on a day: each at an instant at which an event named it. Those of a discarded contact are nobody's. */
function offersOn(
  { discarded }: ContactState,
  { acceptedMs, missedMs }: AgentPart,
  utcDay: number,
): Pick<Engagement, 'acceptedMs' | 'missedMs'> {
  if (discarded) return {}
  const isOn = (atMs: EpochMs): boolean => Math.floor(atMs / dayMs) === utcDay
  return {
    ...(acceptedMs !== undefined && { acceptedMs: acceptedMs.filter(isOn) }),
    ...(missedMs !== undefined && { missedMs: missedMs.filter(isOn) }),
  }
}

function daysOf(
  spans: readonly EngagedSpan[],
  mentionsMs: readonly EpochMs[],
  ended: PartEnd | null,
): Map<number, { spans: EngagedSpan[]; mentionsMs: EpochMs[] }> {
  const days = new Map<number, { spans: EngagedSpan[]; mentionsMs: EpochMs[] }>()
  const dayOf = (utcDay: number): { spans: EngagedSpan[]; mentionsMs: EpochMs[] } =>
    days.getOrInsertComputed(utcDay, () => ({ spans: [], mentionsMs: [] }))
  for (const span of spans) {
    const { startMs, endMs } = span as EndedSpan
    for (let utcDay = Math.floor(startMs / dayMs); utcDay * dayMs < endMs; utcDay += 1) {
      const clippedStart = Math.max(startMs, utcDay * dayMs) as EpochMs
      const clippedEnd = Math.min(endMs, (utcDay + 1) * dayMs) as EpochMs
      dayOf(utcDay).spans.push({ ...span, startMs: clippedStart, endMs: clippedEnd })
    }
  }
  for (const atMs of mentionsMs) dayOf(Math.floor(atMs / dayMs)).mentionsMs.push(atMs)
  if (ended !== null) dayOf(Math.floor(ended.atMs / dayMs))
  return days
}

type EndedSpan = EngagedSpan & { readonly endMs: EpochMs }

/** The last day on which a part that has ended took anything, or ended: it tells of all of it. */
function lastCountedDay(spans: readonly EngagedSpan[], ended: PartEnd | null): number {
  const last = spans.findLast(({ runs }) => runs !== true) as EndedSpan | undefined
  return Math.floor(Math.max(ended?.atMs ?? 0, (last?.endMs ?? 0) - 1) / dayMs)
}

/** The day in which all of it lies, as most of what a contact has to do with an agent does; `null`: there is more than one, or nothing. */
function onlyDayOf({ spans, mentionsMs }: AgentPart, ended: PartEnd | null): number | null {
  const firstMs = Math.min(spans[0]?.[0] ?? Infinity, mentionsMs[0] ?? Infinity)
  if (firstMs === Infinity) return null
  const utcDay = Math.floor(firstMs / dayMs)
  const endMs = (utcDay + 1) * dayMs
  const isWithin =
    spans.every((span) => span[0] < span[1] && span[1] <= endMs) &&
    (mentionsMs.at(-1) ?? firstMs) < endMs &&
    (ended?.atMs ?? firstMs) < endMs
  return isWithin ? utcDay : null
}

/** Outbound, discarded and system-opened contacts, and left messages, repeat nothing and are repeated by nothing. One that is not discarded serves its customer all the same. */
function sessionOf(
  contactId: string,
  state: ContactState,
  nowMs: EpochMs,
  excluded: readonly Exclusion[],
): Session | null {
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
    ...(served !== null && state.spells !== null && { spells: spellsAt(state, nowMs) }),
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
            ...(isExcluded(excluded, first.agent, first.atMs) && { appeal: first.agent }),
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
