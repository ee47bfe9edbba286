import type { Agent } from './agents.ts'
import { habits, queues, queueWeights, topics, type Queue } from './catalogue.ts'
import type { Contact, Desk } from './desk.ts'
import type { Process } from './processes.ts'
import type { Random } from './random.ts'

/**
 * From entering the queue to an agent who has taken the contact, through as many unanswered rings as it takes; `null` when the customer
 * was not served within `patienceMs`. `rings: false`: an agent takes it without being rung (email).
 */
export function* awaitAgent(
  desk: Desk,
  contact: Contact,
  patienceMs: number,
  rings: boolean,
): Process<Agent | null> {
  const sinceMs = desk.nowMs()
  for (;;) {
    const agent = yield* desk.nextAgent(contact, sinceMs, sinceMs + patienceMs)
    if (agent === null) return null
    if (!rings || (yield* answers(desk, contact, agent))) {
      desk.emit('contact.assigned', {
        contactId: contact.id,
        agentId: agent.id,
        queue: contact.queue,
      })
      return agent
    }
    agent.restsUntilMs = desk.nowMs() + habits.noAnswerPauseMs
    desk.letGo(agent, contact)
    desk.start(comesBack(desk, agent))
  }
}

function* answers(desk: Desk, contact: Contact, agent: Agent): Process<boolean> {
  desk.emit('contact.presented', { contactId: contact.id, agentId: agent.id })
  const isHeard = !desk.random.chance(habits.noAnswerShare)
  yield isHeard ? desk.random.between(...habits.ringMs) : 15_000
  if (!isHeard)
    desk.emit('contact.declined', { contactId: contact.id, agentId: agent.id, reason: 'timeout' })
  return isHeard
}

function* comesBack(desk: Desk, agent: Agent): Process {
  yield habits.noAnswerPauseMs
  desk.offer(agent)
}

/** Moves the contact into another queue; the agent keeps it in hand until the caller lets go. */
export function transfer(desk: Desk, contact: Contact, agent: Agent): void {
  const toQueue = desk.random.pick(queues.filter((queue) => queue !== contact.queue))
  contact.queue = toQueue
  desk.emit('contact.transferred', {
    contactId: contact.id,
    fromAgentId: agent.id,
    toQueue,
    mode: 'cold',
  })
}

export function requeue(desk: Desk, contact: Contact, reason: 'new' | 'transfer'): void {
  desk.emit('contact.queued', { contactId: contact.id, queue: contact.queue, reason })
}

export function anyQueue(random: Random): Queue {
  return random.weighted(queueWeights)
}

export function anyTopic(random: Random, queue: Queue): string {
  return random.pick(topics[queue])
}
