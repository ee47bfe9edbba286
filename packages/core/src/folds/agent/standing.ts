import type { CanonicalEvent } from '../../events/event.ts'
import type { AgentState } from '../../events/types.ts'
import type { EpochMs } from '../../time/time.ts'
import type { AgentClass } from './agent-class.ts'

/** Why an agent that never signed out counts as offline (semantics 15). */
export type SignOutCause = 'heartbeat' | 'silence' | 'shift-max'

/** The longest interval up to now in which neither the class nor the queues changed. */
export type ClassRun = { readonly class: AgentClass; readonly sinceMs: EpochMs; readonly queues: readonly string[] }

/** What is known of an agent at an instant, from its own events and the mentions of it. */
export type Standing = {
  /** `null` until the first `agent.state_changed`. */
  readonly state: AgentState | null
  /** Since when it is in that state; the same state said again does not restart it. */
  readonly stateSinceMs: EpochMs | null
  /** `null` when it is not signed in. */
  readonly signedInAtMs: EpochMs | null
  /** Set while it is offline because of a timeout. */
  readonly signedOutBy: SignOutCause | null
  /** The last event that names the agent in this sign-in; `null` when it is not signed in. */
  readonly lastHeardMs: EpochMs | null
  /** Queues joined and not left, ascending. Signing out leaves none. */
  readonly queues: readonly string[]
  /** `null` while it has no class. */
  readonly run: ClassRun | null
}

export const unknownStanding: Standing = {
  state: null,
  stateSinceMs: null,
  signedInAtMs: null,
  signedOutBy: null,
  lastHeardMs: null,
  queues: [],
  run: null,
}

/** Takes in one of the agent's own events. Only `agent.state_changed` signs in or out; any event that names the agent says that it is there. */
export function afterEvent(standing: Standing, { type, timeMs, data }: CanonicalEvent): Standing {
  const { state, queue } = data
  if (type === 'agent.state_changed' && state !== undefined) return inState(standing, state as AgentState, timeMs)
  const heard = afterMention(standing, timeMs)
  if (type === 'agent.queue_joined' && queue !== undefined) return joined(heard, queue)
  if (type === 'agent.queue_left' && queue !== undefined) return { ...heard, queues: heard.queues.filter((name) => name !== queue) }
  return heard
}

/** An event named the agent: it postpones the sign-out for silence, and signs nobody in. */
export function afterMention(standing: Standing, atMs: EpochMs): Standing {
  if (standing.lastHeardMs === null || standing.lastHeardMs >= atMs) return standing
  return { ...standing, lastHeardMs: atMs }
}

export function signedOut(standing: Standing, by: SignOutCause, atMs: EpochMs): Standing {
  return { ...standing, state: 'offline', stateSinceMs: atMs, signedInAtMs: null, signedOutBy: by, lastHeardMs: null }
}

function inState(standing: Standing, state: AgentState, atMs: EpochMs): Standing {
  const stateSinceMs = state === standing.state ? standing.stateSinceMs : atMs
  if (state !== 'offline') {
    return { ...standing, state, stateSinceMs, signedInAtMs: standing.signedInAtMs ?? atMs, signedOutBy: null, lastHeardMs: atMs }
  }
  // Said after a timeout, it changes nothing: the agent has been offline since then.
  return { ...standing, state, stateSinceMs, signedInAtMs: null, lastHeardMs: null }
}

function joined(standing: Standing, queue: string): Standing {
  if (standing.queues.includes(queue)) return standing
  return { ...standing, queues: [...standing.queues, queue].sort() }
}

export function sameQueues(a: readonly string[], b: readonly string[]): boolean {
  return a === b || (a.length === b.length && a.every((queue, index) => queue === b[index]))
}
