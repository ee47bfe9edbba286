import type { WireEvent } from '@deskpulse/contract'
import { capacityOf, hire, letGo, type Agent, type AgentState } from './agents.ts'
import type { Channel, Queue } from './catalogue.ts'
import { createJournal, type Journal } from './journal.ts'
import type { FullSimulationOptions } from './options.ts'
import { createProcesses, type Processes } from './processes.ts'
import { createRandom, type Random } from './random.ts'
import { createWaitingRoom, type WaitingRoom } from './waiting-room.ts'

export type Contact = {
  readonly id: string
  readonly customerId: string
  readonly channel: Channel
  readonly topic: string
  queue: Queue
  /** The agent who passed it on, until another one has it. */
  handedOverBy: string | null
}

/** The contact center's common ground: its clock, its chance, who works, who waits, and the stream of events. */
export type Floor = Pick<Processes, 'nowMs' | 'start' | 'step'> &
  WaitingRoom & {
    readonly random: Random
    /** Chance of what is not the contact center's doing: customers who order change nothing of what else happens. */
    readonly outside: Random
    readonly agents: readonly Agent[]
    readonly emit: Journal['emit']
    /** `reason`: the agent's word for it. */
    setState(agent: Agent, state: AgentState, reason?: string): void
    /** `customerId` null: somebody new. */
    newContact(channel: Channel, queue: Queue, topic: string, customerId: string | null): Contact
    letGo(agent: Agent, contact: Contact): void
    /** Sees everybody off: contacts that are still open end, agents sign out. Nothing may be stepped afterwards. */
    windUp(): void
    takeEvents(): WireEvent[]
  }

const outsideSeed = 1_000_003

export function openFloor({
  tenant,
  seed,
  startMs,
  agents: perShift,
}: FullSimulationOptions): Floor {
  const processes = createProcesses(startMs)
  const nowMs = (): number => processes.nowMs()
  const agents = hire(perShift)
  const room = createWaitingRoom(agents, nowMs)
  const journal = createJournal(tenant, seed, startMs, nowMs)
  let contacts = 0
  return {
    ...processes,
    ...room,
    random: createRandom(seed),
    outside: createRandom(seed + outsideSeed),
    agents,
    emit: (type, data) => journal.emit(type, data),
    setState: (agent, state, reason) => {
      if (agent.state === state) return
      agent.state = state
      const capacity = state === 'available' ? { capacity: capacityOf(agent) } : {}
      journal.emit('agent.state_changed', {
        ...{ agentId: agent.id, state, ...capacity },
        ...(reason === undefined ? {} : { reason }),
      })
    },
    newContact: (channel, queue, topic, customerId) => {
      const number = `${journal.run}-${++contacts}`
      return {
        id: `${channel}-${number}`,
        customerId: customerId ?? `customer-${number}`,
        channel,
        topic,
        queue,
        handedOverBy: null,
      }
    },
    letGo: (agent, contact) => {
      letGo(agent, contact.id, nowMs())
      room.offer(agent)
    },
    windUp: () => windUp(journal, agents),
    takeEvents: () => journal.take(),
  }
}

function windUp(journal: Journal, agents: readonly Agent[]): void {
  for (const contactId of journal.openContacts()) {
    journal.emitLast(`end-${contactId}`, 'contact.ended', { contactId, by: 'system' })
    journal.emitLast(`close-${contactId}`, 'contact.closed', { contactId })
  }
  for (const { id, state } of agents) {
    if (state !== 'offline')
      journal.emitLast(`off-${id}`, 'agent.state_changed', { agentId: id, state: 'offline' })
  }
}
