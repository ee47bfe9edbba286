import { afterResolution } from './aftermath.ts'
import type { Agent } from './agents.ts'
import { habits } from './catalogue.ts'
import type { Contact, Floor } from './floor.ts'
import type { Process } from './processes.ts'
import { awaitAgent, requeue } from './waiting.ts'

/** Nobody is free to chat: the customer leaves a message instead of waiting, and somebody answers it when there is time. */
export function* leaveMessage(floor: Floor, contact: Contact): Process {
  const { random } = floor
  const { id: contactId, customerId, topic, queue } = contact
  const about = { contactId, customerId, channel: 'chat', queue, topic }
  floor.emit('contact.opened', { ...about, offline: true })
  floor.emit('message.sent', { contactId, customerId, from: 'customer' })
  yield random.between(...habits.leftMessageMs)
  for (;;) {
    const agent = (yield* awaitAgent(floor, contact, Infinity, false)) as Agent // The customer has left and waits for nobody.
    const parties = { contactId, agentId: agent.id }
    yield random.logNormal(habits.emailWorkMs, 0.5)
    floor.emit('message.sent', { ...parties, from: 'agent' })
    floor.emit('contact.resolved', parties)
    floor.letGo(agent, contact)
    if ((yield* afterResolution(floor, contact)) === 'closed') return
    requeue(floor, contact, 'new')
  }
}
