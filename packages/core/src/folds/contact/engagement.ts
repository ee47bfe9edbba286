import { hourMs, type EpochMs } from '../../time/time.ts'
import type { ContactContext } from './context.ts'
import type { AgentPart, ContactState } from './state.ts'

/** A part whose end never came is taken to have ended after this long. */
export const engagementMaxMs = 48 * hourMs

/** The names are the sources': `constructor` and `__proto__` are agents like others. */
export function partOf(state: ContactState, agentId: string): AgentPart {
  if (!Object.hasOwn(state.agents, agentId)) {
    const value: AgentPart = { spans: [], mentionsMs: [], handled: null, wrapUpSinceMs: null }
    state.agents = { ...state.agents, [agentId]: value } // A name in brackets is never a setter of Object's.
  }
  return state.agents[agentId]!
}

/** An event names the agent: it was there (semantics 15). */
export function mention(state: ContactState, agentId: string, atMs: EpochMs): void {
  const { mentionsMs } = partOf(state, agentId)
  if (mentionsMs.at(-1) !== atMs) mentionsMs.push(atMs)
}

/** Voice: from assigned on. Live: from assigned on, until `engagedIdleMs` after the last public message. Deferred: by work events alone. */
export function engageOwner(context: ContactContext, atMs: EpochMs): void {
  const { state, config } = context
  if (state.owner === null || state.class === 'deferred') return
  state.engaged = true
  begin(partOf(state, state.owner), atMs, state.class === 'voice' ? engagementMaxMs : config.engagedIdleMs)
}

/** A public message keeps the owner's live engagement going, or resumes it after idleness. */
export function keepEngaged(context: ContactContext, atMs: EpochMs): void {
  const { state, config } = context
  if (!state.engaged || state.class !== 'live' || state.owner === null) return
  begin(partOf(state, state.owner), atMs, config.engagedIdleMs)
}

export function disengageOwner(context: ContactContext, atMs: EpochMs): void {
  const { state } = context
  if (!state.engaged) return
  state.engaged = false
  if (state.owner !== null) end(partOf(state, state.owner), atMs)
}

/** Work on a deferred contact. */
export function beginWork(context: ContactContext, agentId: string, atMs: EpochMs): void {
  if (context.state.class === 'deferred') begin(partOf(context.state, agentId), atMs, engagementMaxMs)
}

export function endWork(context: ContactContext, agentId: string, atMs: EpochMs): void {
  if (context.state.class === 'deferred') end(partOf(context.state, agentId), atMs)
}

/** An agent's conversation ends: what follows may be after-contact work. `agentId`: default the owner. */
export function beginWrapUp({ state }: ContactContext, atMs: EpochMs, agentId: string | null = state.owner): void {
  if (state.class === 'deferred' || agentId === null || !Object.hasOwn(state.agents, agentId)) return
  partOf(state, agentId).wrapUpSinceMs = atMs
}

/** After-contact work whose end is told engages the agent up to that end (semantics 13). One whose end is not told engages nobody. */
export function endWrapUp({ state }: ContactContext, agentId: string, atMs: EpochMs): void {
  const part = partOf(state, agentId)
  const { wrapUpSinceMs } = part
  part.wrapUpSinceMs = null
  if (wrapUpSinceMs === null || wrapUpSinceMs >= atMs || atMs - wrapUpSinceMs > engagementMaxMs) return
  const last = part.spans.at(-1)
  if (last !== undefined && last[1] >= wrapUpSinceMs) last[1] = Math.max(last[1], atMs) as EpochMs
  else part.spans.push([wrapUpSinceMs, atMs])
}

/** Extends the span that goes on, or starts one. */
function begin(part: AgentPart, atMs: EpochMs, forMs: number): void {
  const untilMs = (atMs + forMs) as EpochMs
  part.wrapUpSinceMs = null
  const last = part.spans.at(-1)
  if (last !== undefined && last[1] >= atMs) last[1] = untilMs
  else part.spans.push([atMs, untilMs])
}

function end(part: AgentPart, atMs: EpochMs): void {
  const last = part.spans.at(-1)
  if (last === undefined || last[1] <= atMs) return
  if (last[0] >= atMs) part.spans.pop()
  else last[1] = atMs
}
