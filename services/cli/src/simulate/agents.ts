import { chatCapacity, queues, teams, type Channel, type Queue, type Team } from './catalogue.ts'
import type { Contact } from './floor.ts'
import { createSignal, type Signal } from './processes.ts'

export type Agent = {
  readonly id: string
  /** Which third of the day: 0 = from 00:00 UTC, 1 = from 08:00, 2 = from 16:00. */
  readonly shift: number
  /** Its place among those of the shift. */
  readonly turn: number
  readonly team: Team
  readonly channels: readonly Channel[]
  readonly queues: readonly Queue[]
  state: AgentState
  /** Takes new contacts: signed in, and not about to leave or on a break. */
  accepting: boolean
  /** Left alone until then, after having let a contact ring out. */
  restsUntilMs: number
  idleSinceMs: number
  /** `null`: it had none yet. */
  lastContactId: string | null
  /** Contacts in hand or ringing. */
  readonly hands: Map<string, Channel>
  readonly emptied: Signal
}

export type AgentState =
  'offline' | 'available' | 'on_contact' | 'wrap_up' | 'not_ready' | 'break' | 'meal' | 'training'

const chats: readonly Channel[] = ['chat']
const calls: readonly Channel[] = ['voice', 'email']
const mails: readonly Channel[] = ['email']
const duties = [chats, calls, chats, mails, calls] as const
const everything: readonly Channel[] = ['chat', 'voice', 'email']
const smallest = 6 // Fewer than these cannot specialise without leaving someone unserved.

/** Three shifts of `perShift` agents. Who does what depends on the number alone. */
export function hire(perShift: number): Agent[] {
  return Array.from({ length: perShift * 3 }, (_, index) => {
    const place = Math.floor(index / 3)
    const specialises = perShift >= smallest
    return {
      id: `agent-${String(index + 1).padStart(3, '0')}`,
      shift: index % 3,
      turn: place,
      team: teams[place % teams.length]!,
      channels: specialises ? dutyAt(place) : everything,
      queues: specialises
        ? queues.filter((_name, at) => at !== colleaguesBefore(place) % queues.length)
        : queues,
      state: 'offline',
      accepting: false,
      restsUntilMs: 0,
      idleSinceMs: 0,
      lastContactId: null,
      hands: new Map(),
      emptied: createSignal(),
    }
  })
}

function dutyAt(place: number): readonly Channel[] {
  return duties[place % duties.length] ?? chats
}

/** How many before `place` have the same channels: they take turns in which queue they leave out, so that every queue is served. */
function colleaguesBefore(place: number): number {
  let count = 0
  for (let before = 0; before < place; before++) if (dutyAt(before) === dutyAt(place)) count++
  return count
}

export function serves(
  { channels, queues: served }: Agent,
  channel: Channel,
  queue: Queue,
): boolean {
  return channels.includes(channel) && served.includes(queue)
}

/** A call or an email takes the whole agent, chats go up to the capacity. */
export function canTake(agent: Agent, contact: Contact, nowMs: number): boolean {
  const { channel, queue, handedOverBy } = contact
  if (!agent.accepting || agent.restsUntilMs > nowMs || handedOverBy === agent.id) return false
  if (!serves(agent, channel, queue)) return false
  if (agent.hands.size === 0) return true
  return (
    channel === 'chat' &&
    agent.hands.size < chatCapacity &&
    agent.hands.values().every((inHand) => inHand === 'chat')
  )
}

export function letGo(agent: Agent, contactId: string, nowMs: number): void {
  agent.hands.delete(contactId)
  agent.lastContactId = contactId
  if (agent.hands.size > 0) return
  agent.idleSinceMs = nowMs
  agent.emptied.fire()
}

/** Of one channel, as nothing goes beside a call or an email: chats, where the agent takes them. */
export function capacityOf({ channels }: Agent): Partial<Record<Channel, number>> {
  const channel = channels.includes('chat') ? 'chat' : channels[0]!
  return { [channel]: channel === 'chat' ? chatCapacity : 1 }
}
