import { afterResolution } from './aftermath.ts'
import type { Agent } from './agents.ts'
import { habits } from './catalogue.ts'
import type { Contact, Desk } from './desk.ts'
import type { Process } from './processes.ts'
import { awaitAgent, requeue } from './waiting.ts'

/** An email from its arrival to the archive; some need something from the customer first, and go on when it comes. */
export function* email(desk: Desk, contact: Contact): Process {
  const { random } = desk
  const { id: contactId, customerId, topic, queue } = contact
  desk.emit('contact.opened', { contactId, customerId, channel: 'email', queue, topic })
  desk.emit('message.sent', { contactId, customerId, from: 'customer' })
  for (;;) {
    const agent = (yield* awaitAgent(desk, contact, Infinity, false)) as Agent // Nobody gives up on an email.
    yield* work(desk, contact, agent)
    if (random.chance(habits.emailPendedShare)) {
      desk.emit('contact.pended', { contactId, reason: 'customer' })
      desk.emit('contact.unassigned', { contactId, agentId: agent.id })
      desk.letGo(agent, contact)
      yield random.between(...habits.emailAnswerMs)
      desk.emit('message.sent', { contactId, from: 'customer' })
      desk.emit('contact.resumed', { contactId })
    } else {
      desk.emit('contact.resolved', { contactId, agentId: agent.id })
      desk.letGo(agent, contact)
      if ((yield* afterResolution(desk, contact)) === 'closed') return
    }
    requeue(desk, contact, 'new')
  }
}

function* work(desk: Desk, contact: Contact, agent: Agent): Process {
  const parties = { contactId: contact.id, agentId: agent.id }
  desk.emit('contact.work_started', parties)
  yield desk.random.logNormal(habits.emailWorkMs, 0.5)
  desk.emit('message.sent', { ...parties, from: 'agent' })
  desk.emit('contact.work_ended', parties)
}
