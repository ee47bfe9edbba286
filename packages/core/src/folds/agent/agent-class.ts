import type { AgentState } from '../../events/types.ts'

/** What a millisecond of a signed-in agent counts as (semantics 13). Offline time, and time before the first known state, has none. */
export type AgentClass = 'handling' | 'available' | 'not_ready'

/**
 * First match: offline, handling, available (ringing included), not ready.
 * `state` is `null` while no `agent.state_changed` is known: such an agent has no class, however busy its contacts.
 */
export function classOf(state: AgentState | null, engaged: boolean): AgentClass | null {
  if (state === null || state === 'offline') return null
  if (engaged || state === 'on_contact' || state === 'wrap_up') return 'handling'
  return state === 'available' ? 'available' : 'not_ready'
}
