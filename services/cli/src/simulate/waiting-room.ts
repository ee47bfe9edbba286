import { canTake, type Agent } from './agents.ts'
import type { Channel } from './catalogue.ts'
import type { Contact } from './floor.ts'
import { createSignal, type Process, type Signal } from './processes.ts'

/** One stay in a queue; `agent` is set when one has been found. */
type Pass = {
  readonly contact: Contact
  readonly sinceMs: number
  agent: Agent | null
  readonly found: Signal
}

/** Brings waiting contacts and free agents together. */
export type WaitingRoom = {
  /** Waits for a free agent, who then has the contact in hand; `null`: nobody was free until `untilMs`. `sinceMs` is the place in the queue. */
  nextAgent(contact: Contact, sinceMs: number, untilMs: number): Process<Agent | null>
  /** Who would get the contact now; `null`: it would wait. */
  whoIsFree(contact: Contact): Agent | null
  /** Gives an agent who has become free whatever waits for one. */
  offer(agent: Agent): void
}

export function createWaitingRoom(agents: readonly Agent[], nowMs: () => number): WaitingRoom {
  const waiting: Pass[] = [] // The most urgent first.

  const give = (pass: Pass, agent: Agent): void => {
    agent.hands.set(pass.contact.id, pass.contact.channel)
    pass.agent = agent
    pass.found.fire()
  }

  const enter = (pass: Pass): void => {
    const agent = bestOf(agents, pass.contact, nowMs())
    if (agent !== null) return give(pass, agent)
    const place = waiting.findIndex((other) => comesBefore(pass, other))
    waiting.splice(place < 0 ? waiting.length : place, 0, pass)
  }

  return {
    *nextAgent(contact, sinceMs, untilMs) {
      const pass: Pass = { contact, sinceMs, agent: null, found: createSignal() }
      enter(pass)
      if (pass.agent === null) yield { signal: pass.found, withinMs: untilMs - nowMs() }
      if (pass.agent === null) waiting.splice(waiting.indexOf(pass), 1)
      return pass.agent
    },
    whoIsFree: (contact) => bestOf(agents, contact, nowMs()),
    offer: (agent) => {
      for (let index = 0; index < waiting.length;) {
        const pass = waiting[index] as Pass
        if (canTake(agent, pass.contact, nowMs())) {
          waiting.splice(index, 1)
          give(pass, agent)
        } else index++
      }
    },
  }
}

const urgency: Readonly<Record<Channel, number>> = { voice: 0, chat: 1, email: 2 }

/** Calls before chats before emails; among equals whoever has waited longest. */
function comesBefore(one: Pass, other: Pass): boolean {
  const difference = urgency[one.contact.channel] - urgency[other.contact.channel]
  return difference < 0 || (difference === 0 && one.sinceMs < other.sinceMs)
}

/** The agent with the fewest contacts, among those the one who has been idle longest; `null` when nobody can. */
function bestOf(agents: readonly Agent[], contact: Contact, nowMs: number): Agent | null {
  let best: Agent | null = null
  for (const agent of agents) {
    if (canTake(agent, contact, nowMs) && (best === null || isFreer(agent, best))) best = agent
  }
  return best
}

function isFreer(one: Agent, other: Agent): boolean {
  return (
    one.hands.size < other.hands.size ||
    (one.hands.size === other.hands.size && one.idleSinceMs < other.idleSinceMs)
  )
}
