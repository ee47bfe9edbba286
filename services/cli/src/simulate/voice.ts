import { close, giveUp } from './aftermath.ts'
import type { Agent } from './agents.ts'
import { habits } from './catalogue.ts'
import type { Contact, Floor } from './floor.ts'
import { handOver } from './handover.ts'
import type { Process } from './processes.ts'
import { askForRating } from './rating.ts'
import { awaitAgent } from './waiting.ts'

/** A call from the ring to the archive. */
export function* voice(floor: Floor, contact: Contact): Process {
  const { random } = floor
  const { id: contactId, customerId, topic, queue } = contact
  if (random.chance(habits.menuShare)) return yield* leaveMenu(floor, contact)
  floor.emit('contact.opened', { contactId, customerId, channel: 'voice', queue, topic })
  for (;;) {
    const patienceMs = random.chance(habits.misdialShare)
      ? random.between(...habits.misdialMs)
      : random.logNormal(habits.voicePatienceMs, 0.6)
    const agent = yield* awaitAgent(floor, contact, patienceMs, true)
    if (agent === null && random.chance(habits.voicemailShare))
      return yield* leaveMessage(floor, contact)
    if (agent === null) return yield* giveUp(floor, contact)
    yield* talk(floor, contact, agent)
    if (!handOver(floor, contact, agent)) {
      floor.emit('contact.ended', { contactId, by: random.chance(0.7) ? 'customer' : 'agent' })
      floor.start(askForRating(floor, contact))
      yield* wrapUp(floor, contact, agent)
      if (random.chance(habits.resolvedShare))
        floor.emit('contact.resolved', { contactId, agentId: agent.id })
      return yield* close(floor, contact)
    }
    floor.start(wrapUp(floor, contact, agent)) // The customer waits for the next agent meanwhile.
  }
}

/** The caller finds in the menu what there is to know, and hangs up before any queue. */
function* leaveMenu(floor: Floor, { id: contactId, customerId, topic }: Contact): Process {
  floor.emit('contact.opened', { contactId, customerId, channel: 'voice', topic })
  yield floor.random.between(...habits.menuMs)
  floor.emit('contact.ended', { contactId, by: 'customer' })
}

/** The caller leaves a message instead of waiting. */
function* leaveMessage(floor: Floor, contact: Contact): Process {
  const { id: contactId, queue } = contact
  floor.emit('contact.dequeued', { contactId, queue, reason: 'voicemail' })
  yield* close(floor, contact)
}

/** The agent's part of the call, with or without a hold in its middle; ends with the release. */
function* talk(floor: Floor, contact: Contact, agent: Agent): Process {
  const { random } = floor
  floor.setState(agent, 'on_contact')
  const startMs = floor.nowMs()
  const talkMs = Math.round(random.logNormal(habits.talkMs, 0.5))
  const holdMs = random.chance(habits.heldShare) ? Math.round(random.between(10_000, 60_000)) : 0
  yield talkMs / 2
  if (holdMs > 0) {
    floor.emit('contact.held', { contactId: contact.id })
    yield holdMs
    floor.emit('contact.retrieved', { contactId: contact.id })
  }
  yield talkMs / 2
  const heard = { talkMs: floor.nowMs() - startMs - holdMs, holdMs, holds: holdMs > 0 ? 1 : 0 }
  floor.emit('contact.released', { contactId: contact.id, agentId: agent.id, ...heard })
  floor.setState(agent, 'wrap_up')
}

const wrapUpMsMax = 45_000 // Below the shortest time to the archive, so that nothing comes after it.

function* wrapUp(floor: Floor, contact: Contact, agent: Agent): Process {
  const startMs = floor.nowMs()
  yield Math.min(wrapUpMsMax, floor.random.logNormal(habits.wrapUpMs, 0.4))
  floor.emit('contact.wrapped_up', {
    contactId: contact.id,
    agentId: agent.id,
    wrapUpMs: floor.nowMs() - startMs,
  })
  floor.setState(agent, 'available')
  floor.letGo(agent, contact)
}
