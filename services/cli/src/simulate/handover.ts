import { serves, type Agent } from './agents.ts'
import { escalationWeights, handoverWeights, queues } from './catalogue.ts'
import type { Contact, Floor } from './floor.ts'
import { requeue } from './waiting.ts'

/**
 * Now and then the agent cannot help and passes the contact on: to another queue, or up to a colleague in this one. It is queued for others
 * then, in the agent's hands until the caller lets go. `false`: the agent sees it through, as also one who is alone does.
 */
export function handOver(floor: Floor, contact: Contact, agent: Agent): boolean {
  const { random, agents } = floor
  const how = random.weighted(handoverWeights)
  if (how === 'none') return false
  const toQueue =
    how === 'escalation'
      ? contact.queue
      : random.pick(queues.filter((queue) => queue !== contact.queue))
  const isColleague = (other: Agent): boolean =>
    other !== agent && other.state !== 'offline' && serves(other, contact.channel, toQueue)
  if (!agents.some(isColleague)) return false
  contact.queue = toQueue
  contact.handedOverBy = agent.id
  if (how === 'escalation') escalate(floor, contact, agent)
  else transfer(floor, contact, agent, how === 'warm' ? floor.whoIsFree(contact) : null)
  requeue(floor, contact, 'transfer')
  return true
}

function escalate({ emit, random }: Floor, contact: Contact, agent: Agent): void {
  const kind = random.weighted(escalationWeights)
  const parties = { contactId: contact.id, byAgentId: agent.id }
  emit('contact.escalated', { ...parties, kind, level: 'second' })
}

/** `to`: the colleague who is told what it is about; `null`: there is only the queue to give it to. */
function transfer({ emit }: Floor, contact: Contact, agent: Agent, to: Agent | null): void {
  emit('contact.transferred', {
    contactId: contact.id,
    fromAgentId: agent.id,
    toQueue: contact.queue,
    ...(to === null ? { mode: 'cold' } : { toAgentId: to.id, mode: 'warm' }),
  })
}
