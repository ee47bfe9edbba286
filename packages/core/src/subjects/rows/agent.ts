import type { AgentClass } from '../../folds/agent/agent-class.ts'
import type { DimensionSet } from '../../measures/dimension-set.ts'
import type { EpochMs } from '../../time/time.ts'

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
