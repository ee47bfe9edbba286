import type { CanonicalEvent } from '../../events/event.ts'
import { type AgentTimeRow, keyOfRow, type Row } from '../../subjects/row.ts'
import type { EpochMs } from '../../time/time.ts'
import { AgentDay } from './agent-day.ts'
import type { AgentDayView } from './agent-day-view.ts'
import type { AgentCarry } from './agent-carry.ts'
import { engagementChange, type Engagement } from './engagement.ts'
import type { AgentTimeouts } from './sign-out.ts'

export type AgentDayInput = {
  readonly agentId: string
  readonly dayStartMs: EpochMs
  /** How the day before ended, folded to its end; `null`: nothing is known from before. */
  readonly carryIn: AgentCarry | null
  /** `agent.state_changed`, `agent.queue_joined` and `agent.queue_left` of the day. */
  readonly events: Iterable<CanonicalEvent>
  /** The largest `agent.heartbeat` of the day: the others are not kept. */
  readonly largestHeartbeatMs: EpochMs | null
  /** One of each contact. */
  readonly engagements: Iterable<Engagement>
  readonly config: AgentTimeouts
  /** Log time: what is known up to there. Beyond the day's end it counts as the day's end. */
  readonly untilMs: EpochMs
}

/**
 * Folds one agent's UTC day from scratch (semantics 13–15). Rows are stretches of one class, cut at quarter-hours and where the queues change. What
 * is over by `untilMs` is in them to its end, what goes on up to the last quarter-hour; a reader adds the rest from the open class.
 * An agent whose state was never told has no such rows and nothing open. `others`: rows of all other grains.
 */
export function foldAgentDay(input: AgentDayInput): AgentDayView & DayRows {
  const day = new AgentDay(input.agentId, input.dayStartMs, input.config)
  day.setCarryIn(input.carryIn)
  for (const event of input.events) day.insertEvent(event)
  for (const engagement of input.engagements) {
    const change = engagementChange(null, engagement)
    if (change !== null) day.changeEngagement(change)
  }
  if (input.largestHeartbeatMs !== null) day.putHeartbeat(input.largestHeartbeatMs)
  const { carryOut, open, contactsNow, nextWakeMs, signOuts } = day.refold(input.untilMs)
  return { ...rowsOf(day), carryOut, open, contactsNow, nextWakeMs, signOuts }
}

type DayRows = { readonly rows: readonly AgentTimeRow[]; readonly others: readonly Row[] }

/** The rows of its time, in order, and all others by their keys. */
export function rowsOf(day: AgentDay): DayRows {
  const all = [...day.rows()]
  const isTime = (row: Row): row is AgentTimeRow => row.grain === 'agent-time'
  const others = all.filter((row) => !isTime(row))
  return {
    rows: all.filter(isTime),
    others: others.sort((a, b) => (keyOfRow(a) < keyOfRow(b) ? -1 : 1)),
  }
}
