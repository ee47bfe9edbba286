import type { Agent } from './agents.ts'
import { habits, queueWeights, topics, type Queue } from './catalogue.ts'
import type { Contact, Floor } from './floor.ts'
import type { Process } from './processes.ts'
import type { Random } from './random.ts'

/**
 * From entering the queue to an agent who has taken the contact, through as many unanswered rings as it takes; `null` when the customer
 * was not served within `patienceMs`. `rings: false`: an agent takes it without being rung (email).
 */
export function* awaitAgent(
  floor: Floor,
  contact: Contact,
  patienceMs: number,
  rings: boolean,
): Process<Agent | null> {
  const sinceMs = floor.nowMs()
  for (;;) {
    const agent = yield* floor.nextAgent(contact, sinceMs, sinceMs + patienceMs)
    if (agent === null) return null
    if (!rings || (yield* answers(floor, contact, agent))) {
      contact.handedOverBy = null
      floor.emit('contact.assigned', {
        contactId: contact.id,
        agentId: agent.id,
        queue: contact.queue,
      })
      return agent
    }
    agent.restsUntilMs = floor.nowMs() + habits.noAnswerPauseMs
    floor.letGo(agent, contact)
    floor.start(comesBack(floor, agent))
  }
}

function* answers(floor: Floor, contact: Contact, agent: Agent): Process<boolean> {
  floor.emit('contact.presented', { contactId: contact.id, agentId: agent.id })
  const isHeard = !floor.random.chance(habits.noAnswerShare)
  yield isHeard ? floor.random.between(...habits.ringMs) : 15_000
  if (!isHeard)
    floor.emit('contact.declined', { contactId: contact.id, agentId: agent.id, reason: 'timeout' })
  return isHeard
}

function* comesBack(floor: Floor, agent: Agent): Process {
  yield habits.noAnswerPauseMs
  floor.offer(agent)
}

export function requeue(floor: Floor, contact: Contact, reason: 'new' | 'transfer'): void {
  floor.emit('contact.queued', { contactId: contact.id, queue: contact.queue, reason })
}

export function anyQueue(random: Random): Queue {
  return random.weighted(queueWeights)
}

export function anyTopic(random: Random, queue: Queue): string {
  return random.pick(topics[queue])
}
