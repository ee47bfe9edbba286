import type { CanonicalEvent } from '../../events/event.ts'
import type { AgentState } from '../../events/types.ts'
import type { EpochMs } from '../../time/time.ts'
import type { AgentClass } from './agent-class.ts'
import {
  busiestOf,
  reasonOf,
  withCapacity,
  withState,
  type Capacity,
  type ChannelStates,
} from './channel-states.ts'

/** Why an agent that never signed out counts as offline (semantics 15). */
export type SignOutCause = 'heartbeat' | 'silence' | 'shift-max'

/** The longest interval up to now in which neither the class, the queues, the contacts at once nor the capacity changed. */
export type ClassRun = {
  readonly class: AgentClass
  readonly sinceMs: EpochMs
  readonly queues: readonly string[]
  /** That engage the agent. */
  readonly contacts: number
  /** `null`: none was told. */
  readonly capacity: number | null
}

/** Offers that an agent missed one after the other, since the first of them. */
export type MissedInARow = { readonly count: number; readonly sinceMs: EpochMs }

/** What is known of an agent at an instant, from its own events and the mentions of it. */
export type Standing = {
  /** As told. After a sign-out by timeout they are what a contact brings back, and the next state that is told begins anew. */
  readonly states: ChannelStates
  /** The busiest of them, or offline after a timeout; `null` until the first `agent.state_changed`. */
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
  /** As told; signing out changes nothing of it. */
  readonly capacity: Capacity
  /** `null` while it has no class. */
  readonly run: ClassRun | null
  /** Since the last offer that it accepted, whether or not it was signed in all the time; `null`: none. */
  readonly missed: MissedInARow | null
}

export const unknownStanding: Standing = {
  states: [],
  state: null,
  stateSinceMs: null,
  signedInAtMs: null,
  signedOutBy: null,
  lastHeardMs: null,
  queues: [],
  capacity: [],
  run: null,
  missed: null,
}

/** The source's word for why the agent is in its state; `null`: it gave none, or a timeout set the agent offline. */
export const stateReasonOf = ({ states, state, signedOutBy }: Standing): string | null =>
  state === null || signedOutBy !== null ? null : reasonOf(states, state)

/** Takes in one of the agent's own events. Only `agent.state_changed` signs in or out; any event that names the agent says that it is there. */
export function afterEvent(standing: Standing, event: CanonicalEvent): Standing {
  const { type, timeMs, data } = event
  if (type === 'agent.state_changed' && data.state !== undefined) return afterState(standing, event)
  const heard = afterMention(standing, timeMs)
  const { queue } = data
  if (type === 'agent.queue_joined' && queue !== undefined) return joined(heard, queue)
  if (type === 'agent.queue_left' && queue !== undefined)
    return { ...heard, queues: heard.queues.filter((name) => name !== queue) }
  return heard
}

/** An event named the agent: it postpones the sign-out by timeout. */
export function afterMention(standing: Standing, atMs: EpochMs): Standing {
  if (standing.lastHeardMs === null || standing.lastHeardMs >= atMs) return standing
  return { ...standing, lastHeardMs: atMs }
}

/**
 * A contact that engages the agent named it. That refutes a sign-out for silence, which was a guess: the agent is signed in from here on, in the states
 * told last. One by heartbeat stands: the source itself said that the agent is gone.
 */
export function afterContact(standing: Standing, atMs: EpochMs): Standing {
  const { signedOutBy, states } = standing
  if (signedOutBy === null || signedOutBy === 'heartbeat') return standing
  const state = busiestOf(states)
  if (state === 'offline') return standing
  return {
    ...standing,
    state,
    stateSinceMs: atMs,
    signedInAtMs: atMs,
    signedOutBy: null,
    lastHeardMs: atMs,
  }
}

/** Offers to the agent ended at this instant. Those that it missed at the instant at which it accepted one are not after that. */
export function afterOffers(
  standing: Standing,
  accepted: number,
  missed: number,
  atMs: EpochMs,
): Standing {
  if (accepted > 0) return standing.missed === null ? standing : { ...standing, missed: null }
  if (missed === 0) return standing
  const { count, sinceMs } = standing.missed ?? { count: 0, sinceMs: atMs }
  return { ...standing, missed: { count: count + missed, sinceMs } }
}

export function signedOut(standing: Standing, by: SignOutCause, atMs: EpochMs): Standing {
  return {
    ...standing,
    state: 'offline',
    stateSinceMs: atMs,
    signedInAtMs: null,
    signedOutBy: by,
    lastHeardMs: null,
  }
}

function afterState(before: Standing, { timeMs, data }: CanonicalEvent): Standing {
  const { channel = null } = data
  const capacity =
    data.capacity === undefined
      ? before.capacity
      : withCapacity(before.capacity, channel, data.capacity)
  const states = withState(
    before.signedOutBy === null ? before.states : [],
    channel,
    data.state as AgentState,
    data.reason,
  )
  const state = busiestOf(states)
  const stateSinceMs = state === before.state ? before.stateSinceMs : timeMs
  const told = { ...before, capacity, states, state, stateSinceMs }
  // Said after a timeout, offline changes nothing: the agent has been offline since then.
  if (state === 'offline') return { ...told, signedInAtMs: null, lastHeardMs: null }
  return {
    ...told,
    signedInAtMs: before.signedInAtMs ?? timeMs,
    signedOutBy: null,
    lastHeardMs: timeMs,
  }
}

function joined(standing: Standing, queue: string): Standing {
  if (standing.queues.includes(queue)) return standing
  return { ...standing, queues: [...standing.queues, queue].sort() }
}

export function sameQueues(a: readonly string[], b: readonly string[]): boolean {
  return a === b || (a.length === b.length && a.every((queue, index) => queue === b[index]))
}
