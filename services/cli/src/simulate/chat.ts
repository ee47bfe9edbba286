import { afterResolution, close, giveUp } from './aftermath.ts'
import type { Agent } from './agents.ts'
import { habits } from './catalogue.ts'
import type { Contact, Desk } from './desk.ts'
import type { Process } from './processes.ts'
import { awaitAgent, requeue, transfer } from './waiting.ts'

/** A chat from the first message to the archive. */
export function* chat(desk: Desk, contact: Contact): Process {
  const isForBot = desk.random.chance(habits.botShare)
  const { id: contactId, customerId, topic, queue } = contact
  const about = { contactId, customerId, channel: 'chat', topic }
  desk.emit('contact.opened', isForBot ? { ...about, handledBy: 'bot' } : { ...about, queue })
  desk.emit('message.sent', { contactId, customerId, from: 'customer' })
  if (isForBot && (yield* botSolves(desk, contact))) return
  for (;;) {
    const agent = yield* awaitAgent(
      desk,
      contact,
      desk.random.logNormal(habits.chatPatienceMs, 0.5),
      true,
    )
    if (agent === null) return yield* giveUp(desk, contact)
    const end = yield* converse(desk, contact, agent)
    if (end === 'unresolved') return yield* close(desk, contact)
    if (end === 'resolved') {
      if ((yield* afterResolution(desk, contact)) === 'closed') return
      requeue(desk, contact, 'new')
    }
  }
}

/** A bot's attempt; where it fails, the contact is in the queue for humans afterwards. */
function* botSolves(desk: Desk, contact: Contact): Process<boolean> {
  const { random } = desk
  const message = (from: string): void => desk.emit('message.sent', { contactId: contact.id, from })
  const rounds = random.chance(0.5) ? 1 : 2
  for (let round = 0; round < rounds; round++) {
    yield random.between(600, 2_000)
    message('bot')
    yield random.logNormal(habits.chatCustomerMs, 0.5)
    message('customer')
  }
  if (random.chance(habits.botSolvesShare)) {
    yield random.between(600, 2_000)
    message('bot')
    yield random.between(5_000, 20_000)
    desk.emit('contact.ended', { contactId: contact.id, by: 'customer' })
    yield* close(desk, contact)
    return true
  }
  yield random.between(600, 2_000)
  desk.emit('contact.handed_off', { contactId: contact.id, to: 'human' })
  requeue(desk, contact, 'new')
  return false
}

/** Question and answer in turn; an agent with several chats is slower in each. The contact is out of the agent's hands afterwards. */
function* converse(
  desk: Desk,
  contact: Contact,
  agent: Agent,
): Process<'resolved' | 'unresolved' | 'transferred'> {
  const { random } = desk
  const byAgent = { contactId: contact.id, from: 'agent', agentId: agent.id }
  const rounds = 2 + Math.min(6, Math.floor(random.exponential(1.6)))
  const transferAt = random.chance(habits.transferShare) ? 1 : -1
  if (random.chance(0.3)) desk.emit('message.sent', { ...byAgent, automatic: true })
  for (let round = 0; round < rounds; round++) {
    yield (
      random.logNormal(habits.chatReplyMs, habits.chatReplySpread) *
      (1 + 0.2 * (agent.hands.size - 1))
    )
    if (round === transferAt) {
      transfer(desk, contact, agent)
      requeue(desk, contact, 'transfer')
      desk.letGo(agent, contact)
      return 'transferred'
    }
    desk.emit('message.sent', byAgent)
    if (round === rounds - 1) break
    yield random.logNormal(habits.chatCustomerMs, 0.6)
    desk.emit('message.sent', { contactId: contact.id, from: 'customer' })
  }
  yield random.between(2_000, 10_000)
  const isResolved = random.chance(habits.resolvedShare)
  if (isResolved) desk.emit('contact.resolved', { contactId: contact.id, agentId: agent.id })
  else desk.emit('contact.ended', { contactId: contact.id, by: 'customer' })
  desk.letGo(agent, contact)
  return isResolved ? 'resolved' : 'unresolved'
}
