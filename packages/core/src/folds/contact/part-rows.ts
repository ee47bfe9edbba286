import type { EndedPart, PartRow } from '../../subjects/row.ts'
import { creditOf } from './context.ts'
import type { AgentPart, ContactState } from './state.ts'
import { partTimes } from './stays.ts'
import { isInvited } from './surveys.ts'

/** What the state of a contact says of the parts of its agents: of those that have ended. */
export function partRows(state: ContactState): PartRow[] {
  const rows: PartRow[] = []
  for (const agent of Object.keys(state.agents)) {
    const part = state.agents[agent]!
    const { handled } = part
    const ended = endedPart(state, agent, part)
    const resolvedMs = state.firstResolution?.atMs ?? Infinity
    if (handled === null && ended === null) continue
    rows.push({
      grain: 'part',
      agent,
      isFirst: handled?.isFirst === true,
      isTransferred: state.transferred,
      isEscalated: state.escalations > 0,
      isInvited: isInvited(state),
      isResolved: handled !== null && resolvedMs <= handled.atMs,
      isResolvedLater: handled !== null && resolvedMs > handled.atMs && resolvedMs !== Infinity,
      handled:
        handled === null
          ? null
          : { atMs: handled.atMs, credit: creditOf(state, { queue: handled.queue, agent }) },
      ended,
    })
  }
  return rows
}

function endedPart(state: ContactState, agent: string, part: AgentPart): EndedPart | null {
  const times = partTimes(state, part)
  if (times === null) return null
  const { endMs: atMs, queue, handleMs, talkMs, holdMs, holds, holdAbandons, wrapUpMs } = times
  return {
    atMs,
    credit: creditOf(state, { queue, agent }),
    handleMs,
    talkMs: state.class === 'voice' ? talkMs : null,
    holdMs,
    holds,
    holdAbandons,
    wrapUpMs,
  }
}
