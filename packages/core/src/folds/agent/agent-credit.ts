import { dimensionSet, type DimensionSet } from '../../measures/dimension-set.ts'
import { sameQueues } from './standing.ts'

/** Where an agent's time is credited: to the agent, in all queues that it serves, or what went to one of them. They seldom change, so that the last set is kept. */
export class AgentCredit {
  readonly #agent: string
  #queues: readonly string[] = []
  #set: DimensionSet

  constructor(agent: string) {
    this.#agent = agent
    this.#set = dimensionSet({ agent })
  }

  /** In one queue; `null`: in none. */
  inQueue(queue: string | null): DimensionSet {
    return dimensionSet({ agent: this.#agent, queue: queue ?? 'none' })
  }

  in(queues: readonly string[]): DimensionSet {
    if (!sameQueues(queues, this.#queues)) {
      this.#queues = queues
      this.#set = dimensionSet(
        queues.length === 0 ? { agent: this.#agent } : { agent: this.#agent, queue: queues },
      )
    }
    return this.#set
  }
}
