import type { AgentClass } from '../../folds/agent/agent-class.ts'
import type { DimensionSet } from '../../measures/dimension-set.ts'
import type { EpochMs } from '../../time/time.ts'
import type { Moment, Spread } from './moment.ts'

/** A stretch of a signed-in agent's time, [fromMs, toMs), within one quarter-hour, in which nothing of what follows changes. */
export type AgentTimeRow<Credit = DimensionSet> = {
  readonly grain: 'agent-time'
  readonly class: AgentClass
  /** How many contacts engage the agent at once. */
  readonly contacts: number
  /** How many would fit; `null`: none was told. */
  readonly capacity: number | null
  readonly fromMs: EpochMs
  readonly toMs: EpochMs
  readonly credit: Credit
}

/** The staffed time (available or handling) of an agent's quarter-hour that went to a queue: that of all queues together is the agent's. */
export type StaffingRow<Credit = DimensionSet> = {
  readonly grain: 'staffing'
  /** Of the quarter-hour. */
  readonly startMs: EpochMs
  /** `null`: no queue. */
  readonly queue: string | null
  readonly staffedMs: number
  readonly credit: Credit
}

/** An agent's part in a contact that has ended, as the agent's day tells it. */
export type EffectivePartRow<Credit = DimensionSet> = {
  readonly grain: 'effective-part'
  readonly contactId: string
  /** Its last end up to now. */
  readonly ended: Moment<Credit>
  /** What it took, each millisecond divided by the agent's parts at once. */
  readonly effectiveMs: number
}

/** A local day in which contacts of an agent were handled, and where. */
export type AgentDayRow<Credit = DimensionSet> = {
  readonly grain: 'agent-day'
  readonly startMs: EpochMs
  readonly handled: Spread<Credit>
}
