import { close, giveUp } from './aftermath.ts'
import type { Agent } from './agents.ts'
import { habits } from './catalogue.ts'
import type { Contact, Desk } from './desk.ts'
import type { Process } from './processes.ts'
import { awaitAgent, requeue, transfer } from './waiting.ts'

/** A call from the ring to the archive. */
export function* voice(desk: Desk, contact: Contact): Process {
  const { random } = desk
  const { id: contactId, customerId, topic, queue } = contact
  desk.emit('contact.opened', { contactId, customerId, channel: 'voice', queue, topic })
  for (;;) {
    const agent = yield* awaitAgent(
      desk,
      contact,
      random.logNormal(habits.voicePatienceMs, 0.6),
      true,
    )
    if (agent === null) return yield* giveUp(desk, contact)
    yield* talk(desk, contact, agent)
    if (!random.chance(habits.transferShare)) {
      desk.emit('contact.ended', { contactId, by: random.chance(0.7) ? 'customer' : 'agent' })
      yield* wrapUp(desk, contact, agent)
      if (random.chance(habits.resolvedShare))
        desk.emit('contact.resolved', { contactId, agentId: agent.id })
      return yield* close(desk, contact)
    }
    transfer(desk, contact, agent)
    requeue(desk, contact, 'transfer')
    desk.start(wrapUp(desk, contact, agent)) // The customer waits for the next agent meanwhile.
  }
}

/** The agent's part of the call, with or without a hold in its middle; ends with the release. */
function* talk(desk: Desk, contact: Contact, agent: Agent): Process {
  const { random } = desk
  desk.setState(agent, 'on_contact')
  const startMs = desk.nowMs()
  const talkMs = Math.round(random.logNormal(habits.talkMs, 0.5))
  const holdMs = random.chance(habits.heldShare) ? Math.round(random.between(10_000, 60_000)) : 0
  yield talkMs / 2
  if (holdMs > 0) {
    desk.emit('contact.held', { contactId: contact.id })
    yield holdMs
    desk.emit('contact.retrieved', { contactId: contact.id })
  }
  yield talkMs / 2
  const heard = { talkMs: desk.nowMs() - startMs - holdMs, holdMs, holds: holdMs > 0 ? 1 : 0 }
  desk.emit('contact.released', { contactId: contact.id, agentId: agent.id, ...heard })
  desk.setState(agent, 'wrap_up')
}

const wrapUpMsMax = 45_000 // Below the shortest time to the archive, so that nothing comes after it.

function* wrapUp(desk: Desk, contact: Contact, agent: Agent): Process {
  const startMs = desk.nowMs()
  yield Math.min(wrapUpMsMax, desk.random.logNormal(habits.wrapUpMs, 0.4))
  desk.emit('contact.wrapped_up', {
    contactId: contact.id,
    agentId: agent.id,
    wrapUpMs: desk.nowMs() - startMs,
  })
  desk.setState(agent, 'available')
  desk.letGo(agent, contact)
}
