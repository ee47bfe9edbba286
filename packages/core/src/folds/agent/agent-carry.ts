import type { AgentState } from '../../events/types.ts'
import type { EpochMs } from '../../time/time.ts'
import type { AgentClass } from './agent-class.ts'
import { type Capacity, type ChannelStates, contactsMax } from './channel-states.ts'
import type { CarriedParts } from './contact-parts.ts'
import type { CarriedShifts } from './shift-day.ts'
import { type MissedInARow, unknownStanding, type SignOutCause, type Standing } from './standing.ts'

/** What a UTC day of an agent hands to the next: how it stood before anything that happens at midnight. */
export type AgentCarry = Standing & {
  /** The largest heartbeat of the running sign-in; `null`: none came, or not signed in. */
  readonly lastHeartbeatMs: EpochMs | null
  /** What parts in contacts took that have ended on a later day. */
  readonly parts: CarriedParts
  /** For how long the agent was signed in of shifts that go on. */
  readonly shifts: CarriedShifts
}

/** Carried into the first day of an agent. */
export const unknownAgentCarry: AgentCarry = {
  ...unknownStanding,
  lastHeartbeatMs: null,
  parts: [],
  shifts: [],
}

/** A run's queues and capacity are the agent's: they are written once. */
type Encoded = [
  states: ChannelStates,
  state: AgentState | null,
  stateSinceMs: EpochMs | null,
  signedInAtMs: EpochMs | null,
  signedOutBy: SignOutCause | null,
  lastHeardMs: EpochMs | null,
  lastHeartbeatMs: EpochMs | null,
  queues: readonly string[],
  capacity: Capacity,
  runClass: AgentClass | null,
  runSinceMs: EpochMs | null,
  missed: MissedInARow | null,
  runContacts: number,
  parts: CarriedParts,
  shifts: CarriedShifts,
]

/** Carries that hold the same in the same order give equal text, and only they do. */
export function encodeAgentCarry(carry: AgentCarry): string {
  const encoded: Encoded = [
    carry.states,
    carry.state,
    carry.stateSinceMs,
    carry.signedInAtMs,
    carry.signedOutBy,
    carry.lastHeardMs,
    carry.lastHeartbeatMs,
    carry.queues,
    carry.capacity,
    carry.run?.class ?? null,
    carry.run?.sinceMs ?? null,
    carry.missed === null ? null : { count: carry.missed.count, sinceMs: carry.missed.sinceMs },
    carry.run?.contacts ?? 0,
    carry.parts,
    carry.shifts,
  ]
  return JSON.stringify(encoded)
}

/** The inverse of `encodeAgentCarry`, for its own output alone. */
export function decodeAgentCarry(text: string): AgentCarry {
  const encoded = JSON.parse(text) as Encoded
  const [
    states,
    state,
    stateSinceMs,
    signedInAtMs,
    signedOutBy,
    lastHeardMs,
    lastHeartbeatMs,
    queues,
    capacity,
    runClass,
    runSinceMs,
    missed,
    runContacts,
    parts,
    shifts,
  ] = encoded
  const run =
    runClass === null || runSinceMs === null
      ? null
      : {
          ...{ class: runClass, sinceMs: runSinceMs, queues },
          ...{ contacts: runContacts, capacity: contactsMax(capacity) },
        }
  return {
    states,
    state,
    stateSinceMs,
    signedInAtMs,
    signedOutBy,
    lastHeardMs,
    lastHeartbeatMs,
    queues,
    capacity,
    run,
    missed,
    parts,
    shifts,
  }
}
