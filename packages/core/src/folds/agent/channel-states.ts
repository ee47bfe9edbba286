import type { AgentState } from '../../events/types.ts'

/**
 * What was told last of each channel, by channel. The state of `null` is that of every channel without one of its own.
 * Pairs, since a channel may be called anything.
 */
export type ChannelStates = readonly (readonly [channel: string | null, state: AgentState])[]
/** Contacts at once, by channel; empty: none was told. */
export type Capacity = readonly (readonly [channel: string, contacts: number])[]

/** Busiest first: handling, available, not ready, offline (semantics 13). The order within a class only decides which state is shown. */
const busiestFirst: readonly AgentState[] = [
  'on_contact',
  'wrap_up',
  'available',
  'not_ready',
  'break',
  'meal',
  'meeting',
  'training',
  'other',
  'offline',
]

/** A state without a channel is that of all: it replaces what was told of each. */
export function withState(
  states: ChannelStates,
  channel: string | null,
  state: AgentState,
): ChannelStates {
  return channel === null ? [[null, state]] : withPair(states, channel, state)
}

/** The state that an agent is shown in: signed in while any channel is, and as busy as the busiest. `null`: none was told. */
export function busiestOf(states: ChannelStates): AgentState | null {
  let place = busiestFirst.length
  for (const [, state] of states) place = Math.min(place, busiestFirst.indexOf(state))
  return busiestFirst[place] ?? null
}

/** Told with the state of a channel, a capacity adds to what is known of others; told with the state of all, it replaces it. */
export function withCapacity(
  known: Capacity,
  channel: string | null,
  told: Readonly<Record<string, number>>,
): Capacity {
  let capacity: Capacity = channel === null ? [] : known
  for (const [name, contacts] of Object.entries(told)) capacity = withPair(capacity, name, contacts)
  return capacity
}

/** Over all channels; `null`: none was told. */
export function contactsMax(capacity: Capacity): number | null {
  return capacity.length === 0 ? null : capacity.reduce((sum, [, contacts]) => sum + contacts, 0)
}

type Pair<Name, Value> = readonly [name: Name, value: Value]

function withPair<Name extends string | null, Value>(
  pairs: readonly Pair<Name, Value>[],
  name: Name,
  value: Value,
): Pair<Name, Value>[] {
  return [...pairs.filter(([one]) => one !== name), [name, value]]
}
