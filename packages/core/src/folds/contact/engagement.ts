import { hourMs, type EpochMs } from '../../time/time.ts'
import type { ContactContext } from './context.ts'
import type { AgentPart, ContactState } from './state.ts'
import { beginStay, endStay, tellWrapUp } from './stays.ts'

/** A part whose end never came is taken to have ended after this long. */
export const engagementMaxMs = 48 * hourMs

/** The names are the sources': `constructor` and `__proto__` are agents like others. */
export function partOf(state: ContactState, agentId: string): AgentPart {
  if (!Object.hasOwn(state.agents, agentId)) {
    const value: AgentPart = {
      spans: [],
      mentionsMs: [],
      handled: null,
      wrapUpSinceMs: null,
      stay: null,
      earlier: null,
    }
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
  const part = partOf(state, state.owner)
  if (!state.engaged) beginStay(state, part, atMs)
  state.engaged = true
  begin(part, atMs, state.class === 'voice' ? engagementMaxMs : config.engagedIdleMs)
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
  if (state.owner !== null) leaveContact(state, partOf(state, state.owner), atMs)
}

/** Work on a deferred contact. */
export function beginWork(context: ContactContext, agentId: string, atMs: EpochMs): void {
  const { state } = context
  if (state.class !== 'deferred') return
  const part = partOf(state, agentId)
  beginStay(state, part, atMs)
  begin(part, atMs, engagementMaxMs)
}

export function endWork(context: ContactContext, agentId: string, atMs: EpochMs): void {
  const { state } = context
  if (state.class === 'deferred') leaveContact(state, partOf(state, agentId), atMs)
}

function leaveContact(state: ContactState, part: AgentPart, atMs: EpochMs): void {
  end(part, atMs)
  endStay(state, part, atMs)
}

/** An agent's conversation ends: what follows may be after-contact work. `agentId`: default the owner. */
export function beginWrapUp(
  { state }: ContactContext,
  atMs: EpochMs,
  agentId: string | null = state.owner,
): void {
  if (state.class === 'deferred' || agentId === null || !Object.hasOwn(state.agents, agentId))
    return
  partOf(state, agentId).wrapUpSinceMs = atMs
}

/** After-contact work whose end is told engages the agent up to that end (semantics 13). One whose end is not told engages nobody. `toldMs`: how long it took, as it says. */
export function endWrapUp(
  { state }: ContactContext,
  agentId: string,
  atMs: EpochMs,
  toldMs: number | undefined,
): void {
  const part = partOf(state, agentId)
  const { wrapUpSinceMs } = part
  part.wrapUpSinceMs = null
  const isKnown = wrapUpSinceMs !== null && atMs - wrapUpSinceMs <= engagementMaxMs
  const wrapUpMs = toldMs ?? (isKnown ? atMs - wrapUpSinceMs : null)
  if (wrapUpMs !== null) tellWrapUp(state, part, wrapUpMs)
  if (!isKnown || wrapUpSinceMs === atMs) return
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
