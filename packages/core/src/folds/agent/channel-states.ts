import type { AgentState } from '../../events/types.ts'

/**
 * What was told last of each channel, the latest last. The state of `null` is that of every channel without one of its own. `reason`: the source's word for
 * why, where it gave one. Tuples, since a channel may be called anything.
 */
export type ChannelStates = readonly (readonly [
  channel: string | null,
  state: AgentState,
  reason?: string,
])[]
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
  reason?: string,
): ChannelStates {
  const others = channel === null ? [] : states.filter(([one]) => one !== channel)
  return [...others, reason === undefined ? [channel, state] : [channel, state, reason]]
}

/** Why the agent is in a state, as it was told last of a channel that is; `null`: no reason was given. */
export const reasonOf = (states: ChannelStates, state: AgentState): string | null =>
  states.findLast(([, one]) => one === state)?.[2] ?? null

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
  for (const [name, contacts] of Object.entries(told))
    capacity = [...capacity.filter(([one]) => one !== name), [name, contacts]]
  return capacity
}

/** Over all channels; `null`: none was told. */
export function contactsMax(capacity: Capacity): number | null {
  return capacity.length === 0 ? null : capacity.reduce((sum, [, contacts]) => sum + contacts, 0)
}
