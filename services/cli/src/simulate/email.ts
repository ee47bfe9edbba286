import { afterResolution } from './aftermath.ts'
import type { Agent } from './agents.ts'
import { habits } from './catalogue.ts'
import type { Contact, Floor } from './floor.ts'
import type { Process } from './processes.ts'
import { awaitAgent, requeue } from './waiting.ts'

/** An email from its arrival to the archive; some need something from the customer first, and go on when it comes. */
export function* email(floor: Floor, contact: Contact): Process {
  const { random } = floor
  const { id: contactId, customerId, topic, queue } = contact
  floor.emit('contact.opened', { contactId, customerId, channel: 'email', queue, topic })
  floor.emit('message.sent', { contactId, customerId, from: 'customer' })
  for (;;) {
    const agent = (yield* awaitAgent(floor, contact, Infinity, false)) as Agent // Nobody gives up on an email.
    yield* work(floor, contact, agent)
    if (random.chance(habits.emailPendedShare)) {
      floor.emit('contact.pended', { contactId, reason: 'customer' })
      floor.emit('contact.unassigned', { contactId, agentId: agent.id })
      floor.letGo(agent, contact)
      yield random.between(...habits.emailAnswerMs)
      floor.emit('message.sent', { contactId, from: 'customer' })
      floor.emit('contact.resumed', { contactId })
    } else {
      floor.emit('contact.resolved', { contactId, agentId: agent.id })
      floor.letGo(agent, contact)
      if ((yield* afterResolution(floor, contact)) === 'closed') return
    }
    requeue(floor, contact, 'new')
  }
}

function* work(floor: Floor, contact: Contact, agent: Agent): Process {
  const parties = { contactId: contact.id, agentId: agent.id }
  floor.emit('contact.work_started', parties)
  yield floor.random.logNormal(habits.emailWorkMs, 0.5)
  floor.emit('message.sent', { ...parties, from: 'agent' })
  floor.emit('contact.work_ended', parties)
}
