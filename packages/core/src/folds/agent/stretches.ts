import type { AgentState } from '../../events/types.ts'
import type { EpochMs, Interval } from '../../time/time.ts'
import type { AgentClass } from './agent-class.ts'
import { sameQueues, type SignOutCause, type Standing, stateReasonOf } from './standing.ts'
import type { Sweep } from './sweep.ts'

/** A time in which an agent stood the same: a line of its timeline. */
export type AgentStretch = Interval & {
  readonly state: AgentState
  /** The source's word for why; `null`: it gave none. */
  readonly reason: string | null
  /** As what its time counts; `null`: it is not signed in. */
  readonly class: AgentClass | null
  readonly queues: readonly string[]
  /** Which timeout set it offline; `null`: none did. */
  readonly signedOutBy: SignOutCause | null
}

/** How an agent stands for a while; `null` before its first state. */
export function stretchOf(standing: Standing, interval: Interval): AgentStretch | null {
  const { state, run, queues, signedOutBy } = standing
  if (state === null) return null
  const reason = stateReasonOf(standing)
  return { ...interval, state, reason, class: run?.class ?? null, queues, signedOutBy }
}

/** How the agent stood in an interval, in order, from its first state on. `sweep`: at its start. */
export function stretchesOver(sweep: Sweep, { startMs, endMs }: Interval): AgentStretch[] {
  const stretches: AgentStretch[] = []
  for (let atMs = startMs; atMs < endMs;) {
    sweep.over(atMs, (atMs + 1) as EpochMs, []) // One instant: what is counted of it is no matter here.
    const nextMs = Math.min(sweep.nextInstantMs(), endMs) as EpochMs
    const stretch = stretchOf(sweep.progress.standing, { startMs: atMs, endMs: nextMs })
    if (stretch !== null) stretches.push(stretch)
    atMs = nextMs
  }
  return stretches
}

/** Joins those that say the same without a gap between them. */
export function joinStretches(stretches: Iterable<AgentStretch>): AgentStretch[] {
  const joined: AgentStretch[] = []
  for (const next of stretches) {
    const last = joined.at(-1)
    if (last !== undefined && goesOn(last, next))
      joined[joined.length - 1] = { ...last, endMs: next.endMs }
    else joined.push(next)
  }
  return joined
}

const goesOn = (last: AgentStretch, next: AgentStretch): boolean =>
  last.endMs === next.startMs &&
  last.state === next.state &&
  last.reason === next.reason &&
  last.class === next.class &&
  last.signedOutBy === next.signedOutBy &&
  sameQueues(last.queues, next.queues)
