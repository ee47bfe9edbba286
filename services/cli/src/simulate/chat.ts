import { afterResolution, close, giveUp } from './aftermath.ts'
import type { Agent } from './agents.ts'
import { botWeights, habits, handoffWeights } from './catalogue.ts'
import type { Contact, Floor } from './floor.ts'
import { handOver } from './handover.ts'
import { leaveMessage } from './left-message.ts'
import { order } from './ordering.ts'
import type { Process } from './processes.ts'
import { awaitAgent, requeue } from './waiting.ts'

/** A chat from the first message to the archive. */
export function* chat(floor: Floor, contact: Contact): Process {
  const { random } = floor
  const isForBot = random.chance(habits.botShare)
  const wouldWait = !isForBot && floor.whoIsFree(contact) === null
  if (wouldWait && random.chance(habits.leftMessageShare))
    return yield* leaveMessage(floor, contact)
  const { id: contactId, customerId, topic, queue } = contact
  const about = { contactId, customerId, channel: 'chat', topic }
  floor.emit('contact.opened', isForBot ? { ...about, handledBy: 'bot' } : { ...about, queue })
  floor.emit('message.sent', { contactId, customerId, from: 'customer' })
  if (isForBot) {
    const outcome = yield* talkToBot(floor, contact)
    if (outcome === 'loses') return yield* giveUp(floor, contact)
    if (outcome === 'solves' && (yield* afterResolution(floor, contact)) === 'closed') return
    requeue(floor, contact, 'new')
  }
  for (;;) {
    const patienceMs = random.logNormal(habits.chatPatienceMs, 0.5)
    const agent = yield* awaitAgent(floor, contact, patienceMs, true)
    if (agent === null) return yield* giveUp(floor, contact)
    const end = yield* converse(floor, contact, agent)
    if (end === 'unresolved') return yield* close(floor, contact)
    if (end === 'resolved') {
      if ((yield* afterResolution(floor, contact)) === 'closed') return
      requeue(floor, contact, 'new')
    }
  }
}

/** A bot's attempt: it solves it, hands it to humans, or loses the customer's patience. */
function* talkToBot(floor: Floor, contact: Contact): Process<keyof typeof botWeights> {
  const { random } = floor
  const message = (from: string): void =>
    floor.emit('message.sent', { contactId: contact.id, from })
  const rounds = random.chance(0.5) ? 1 : 2
  for (let round = 0; round < rounds; round++) {
    yield random.between(600, 2_000)
    message('bot')
    yield random.logNormal(habits.chatCustomerMs, 0.5)
    message('customer')
  }
  const outcome = random.weighted(botWeights)
  yield random.between(600, 2_000)
  if (outcome === 'hands_off') {
    const reason = random.weighted(handoffWeights)
    floor.emit('contact.handed_off', { contactId: contact.id, to: 'human', reason })
    return outcome
  }
  message('bot')
  yield random.between(5_000, 20_000)
  if (outcome === 'solves') floor.emit('contact.resolved', { contactId: contact.id })
  return outcome
}

/** Question and answer in turn; an agent with several chats is slower in each. The contact is out of the agent's hands afterwards. */
function* converse(
  floor: Floor,
  contact: Contact,
  agent: Agent,
): Process<'resolved' | 'unresolved' | 'handed over'> {
  const { random } = floor
  const byAgent = { contactId: contact.id, from: 'agent', agentId: agent.id }
  const rounds = 2 + Math.min(6, Math.floor(random.exponential(1.6)))
  if (random.chance(0.3)) floor.emit('message.sent', { ...byAgent, automatic: true })
  for (let round = 0; round < rounds; round++) {
    yield (
      random.logNormal(habits.chatReplyMs, habits.chatReplySpread) *
      (1 + 0.2 * (agent.hands.size - 1))
    )
    if (round === 1 && handOver(floor, contact, agent)) {
      floor.letGo(agent, contact)
      return 'handed over'
    }
    floor.emit('message.sent', byAgent)
    if (round === rounds - 1) break
    yield random.logNormal(habits.chatCustomerMs, 0.6)
    floor.emit('message.sent', { contactId: contact.id, from: 'customer' })
  }
  yield random.between(2_000, 10_000)
  if (contact.queue === 'orders') floor.start(order(floor, contact, agent))
  const isResolved = random.chance(habits.resolvedShare)
  if (isResolved) floor.emit('contact.resolved', { contactId: contact.id, agentId: agent.id })
  else floor.emit('contact.ended', { contactId: contact.id, by: 'customer' })
  floor.letGo(agent, contact)
  return isResolved ? 'resolved' : 'unresolved'
}
