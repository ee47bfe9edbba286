import type { EpochMs } from '../../time/time.ts'
import type { AgentState } from '../../events/types.ts'
import type { AgentClass } from './agent-class.ts'
import type { AgentCarry } from './agent-carry.ts'
import { contactsMax } from './channel-states.ts'
import type { Standing } from './standing.ts'
import type { AgentSignOut } from './sweep.ts'

/** What goes on at the instant of the fold. `agent-free`: available, with room for a further contact. `agent-missed`: offers, one after the other, since the first of them. */
export type AgentOpen = {
  readonly kind: `agent.${AgentState}` | `agent-class.${AgentClass}` | 'agent-free' | 'agent-missed'
  readonly sinceMs: EpochMs
}

/** An agent's day as of an instant. */
export type AgentDayView = {
  /** The day's end state once the instant has reached it, before anything that happens at midnight; until then the present one. */
  readonly carryOut: AgentCarry
  /**
   * The state and, while signed in, the class, each with since when, which may lie before the day. A change of queues, of the contacts at once or of the capacity begins the class anew.
   * A free agent is one since its state began, whatever contacts it had meanwhile.
   * For an agent without a known state there are at most offers that it missed. A day that is over still says what went on at its end.
   */
  readonly open: readonly AgentOpen[]
  /** Contacts that engage the agent, whether or not it is signed in; 0 for an agent without a known state. */
  readonly contactsNow: number
  /**
   * The next instant at which the view or the rows change with no new input, early at times, never late; midnight hands a signed-in agent over.
   * `null`: none on this day, or it is over.
   */
  readonly nextWakeMs: EpochMs | null
  /** Sign-outs by timeout on this day, ascending. */
  readonly signOuts: readonly AgentSignOut[]
}

export function openOf(standing: Standing, contactsNow: number): AgentOpen[] {
  const { state, stateSinceMs, run, capacity, missed } = standing
  const offered: AgentOpen[] =
    missed === null ? [] : [{ kind: 'agent-missed', sinceMs: missed.sinceMs }]
  if (state === null || stateSinceMs === null) return offered
  const open: AgentOpen[] = [{ kind: `agent.${state}`, sinceMs: stateSinceMs }]
  if (run !== null) open.push({ kind: `agent-class.${run.class}`, sinceMs: run.sinceMs })
  // Without a told capacity, one contact is all that is known to fit.
  if (state === 'available' && contactsNow < (contactsMax(capacity) ?? 1))
    open.push({ kind: 'agent-free', sinceMs: stateSinceMs })
  return [...open, ...offered]
}
