import { type AgentRule, deadlineRulesFor } from '@deskpulse/core/alerts'
import type { TenantConfig } from '@deskpulse/core/config'
import type { CanonicalEvent } from '@deskpulse/core/events'
import { sliceText } from '@deskpulse/core/measures'
import { type AgentCarry, AgentDay } from '@deskpulse/core/subjects'
import { dayMs, type EpochMs } from '@deskpulse/core/time'
import type { Watched } from './watched.ts'

const prefix = 'agent/'
const dayOf = (atMs: EpochMs): number => Math.floor(atMs / dayMs)

/** One agent: its UTC days, each handing over to the next; days before the last two are only what they handed over. */
class Agent {
  readonly #id: string
  readonly #configAt: (atMs: number) => TenantConfig
  readonly #days = new Map<number, AgentDay>()

  constructor(id: string, configAt: (atMs: number) => TenantConfig) {
    this.#id = id
    this.#configAt = configAt
  }

  insert(event: CanonicalEvent): void {
    const day = this.#dayAt(dayOf(event.timeMs))
    if (event.type === 'agent.heartbeat') day.putHeartbeat(event.timeMs)
    else day.insertEvent(event) // One of a contact says that the agent is there.
  }

  /** As it stands, and when that changes by itself. */
  at(nowMs: EpochMs): { readonly carry: AgentCarry | null; readonly nextMs: EpochMs | null } {
    const today = dayOf(nowMs)
    const first = Math.min(today, ...this.#days.keys())
    let carry: AgentCarry | null = null
    let nextMs: EpochMs | null = null
    for (let number = first; number <= today; number += 1) {
      const day = this.#dayAt(number)
      if (number > first) day.setCarryIn(carry)
      const view = day.refold(nowMs)
      carry = view.carryOut
      nextMs = view.nextWakeMs
      if (number < today - 1) this.#days.delete(number)
    }
    // What came for a day that has not begun is looked at as it begins.
    const laterMs = [...this.#days.keys()].filter((day) => day > today).map((day) => day * dayMs)
    if (laterMs.length > 0) nextMs = Math.min(nextMs ?? Infinity, ...laterMs) as EpochMs
    return { carry, nextMs }
  }

  #dayAt(number: number): AgentDay {
    const known = this.#days.get(number)
    if (known !== undefined) return known
    const startMs = (number * dayMs) as EpochMs
    const made = new AgentDay(this.#id, startMs, this.#configAt(startMs))
    this.#days.set(number, made)
    return made
  }
}

/** Agents by their own events; events of contacts that name them say that they are there. */
export function watchedAgents(rule: AgentRule, configAt: (atMs: number) => TenantConfig): Watched {
  const { agents: rules } = deadlineRulesFor([rule])
  const agents = new Map<string, Agent>()

  return {
    take({ event }) {
      const { agentId } = event.data
      if (agentId === undefined) return null
      const known = agents.get(agentId)
      if (known === undefined && !event.type.startsWith('agent.')) return null
      const agent = known ?? new Agent(agentId, configAt)
      agents.set(agentId, agent)
      agent.insert(event)
      return prefix + agentId
    },
    view(subject, nowMs, watch) {
      const agentId = subject.slice(prefix.length)
      const { carry, nextMs } = agents.get(agentId)!.at(nowMs)
      const { state = null, stateSinceMs = null, queues = [] } = carry ?? {}
      const applied = rules.applied({ agentId, queues, state, sinceMs: stateSinceMs }, watch)
      return { applied, slice: sliceText([{ dimension: 'agent', value: agentId }]), nextMs }
    },
    isKnown: () => true,
  }
}
