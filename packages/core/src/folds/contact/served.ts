import type { CanonicalEvent, EventData } from '../../events/event.ts'
import type { DimensionSet } from '../../measures/dimension-set.ts'
import type { EpochMs } from '../../time/time.ts'
import { creditOf, type ContactContext, type Credit } from './context.ts'
import type { ContactState } from './state.ts'

/** Whose work surveys, complaints and reviews judge that come from this instant on, until the next one. */
export type Judged = readonly [sinceMs: EpochMs, queue: string | null, agent: string | null]

/** Before an event by which an agent lets go of the contact or solves it: whose work is judged from then on. */
export function noteServed({ state }: ContactContext, { type, data }: CanonicalEvent): void {
  if (type === 'contact.resolved') state.solvedBy = servedCredit(state, data)
  else if (type === 'contact.released' || type === 'contact.ended')
    state.releasedBy = servedCredit(state, data)
}

/** After an event: the course of that, for those who ask later. Of several at one instant the last counts. */
export function noteJudged({ state }: ContactContext, atMs: EpochMs): void {
  const { judged } = state
  const before = judgedCredit(state)
  const queue = before === null ? state.queue : before.queue
  const agent = before === null ? (state.owner ?? state.lastServed) : before.agent
  const last = judged?.at(-1)
  if ((last?.[1] ?? null) === queue && (last?.[2] ?? null) === agent) return
  const earlier = judged === null ? [] : last![0] === atMs ? judged.slice(0, -1) : judged
  state.judged = [...earlier, [atMs, queue, agent]]
}

/** Who served the customer before the last resolution, else before the last release. `null`: nobody has let go of it. */
export const judgedCredit = ({ solvedBy, releasedBy }: ContactState): Credit | null =>
  solvedBy ?? releasedBy

/** Its owner, else the last human who wrote or owned it; where nobody did, whom the event names. */
export function servedCredit(
  { queue, owner, lastServed }: ContactState,
  { agentId }: EventData,
): Credit {
  return { queue, agent: owner ?? lastServed ?? agentId ?? null }
}

/** Whose work it was up to an instant, all that happened at that instant included. `null`: nothing happened that counts. */
export function judgedAt(state: ContactState, atMs: EpochMs): DimensionSet | null {
  if (state.startedMs === null || state.discarded) return null
  const found = state.judged?.findLast(([sinceMs]) => sinceMs <= atMs)
  return creditOf(state, { queue: found?.[1] ?? null, agent: found?.[2] ?? null })
}
