import type { EpochMs } from '../time/time.ts'
import { decodeId, encodeId } from './keys.ts'

/** What a member of a `reply` or `queue` zset says beside its score (since): a row of `GET …/waiting`. */
export type WaitingMember = {
  readonly contactId: string
  readonly dueAtMs: EpochMs
  readonly first: boolean
  readonly queue?: string
  readonly channel: string
  readonly agentId?: string
  readonly priority?: string
}

/** What a member of an `agent.<state>` zset says beside its score: a row of `GET …/agents`. `contacts`: engaged contacts now; `capacity`: how many fit, `null` when nobody told. */
export type AgentMember = {
  readonly agentId: string
  readonly contacts: number
  readonly capacity: number | null
  readonly queues: readonly string[]
}

const part = (text: string | undefined): string => (text === undefined ? '' : encodeId(text))
const optional = (text: string | undefined): string | undefined => (text === undefined || text === '' ? undefined : decodeId(text))

export function encodeWaiting(row: WaitingMember): string {
  return [
    part(row.contactId),
    row.dueAtMs,
    row.first ? 1 : 0,
    part(row.queue),
    part(row.channel),
    part(row.agentId),
    part(row.priority),
  ].join(',')
}

export function decodeWaiting(member: string): WaitingMember {
  const [contactId, dueAtMs, first, queue, channel, agentId, priority] = member.split(',')
  return {
    contactId: decodeId(contactId ?? ''),
    dueAtMs: Number(dueAtMs) as EpochMs,
    first: first === '1',
    queue: optional(queue),
    channel: decodeId(channel ?? ''),
    agentId: optional(agentId),
    priority: optional(priority),
  }
}

export function encodeAgentMember(row: AgentMember): string {
  return [part(row.agentId), row.contacts, row.capacity ?? '', ...row.queues.map(encodeId)].join(',')
}

export function decodeAgentMember(member: string): AgentMember {
  const [agentId, contacts, capacity, ...queues] = member.split(',')
  return {
    agentId: decodeId(agentId ?? ''),
    contacts: Number(contacts),
    capacity: optional(capacity) === undefined ? null : Number(capacity),
    queues: queues.map(decodeId),
  }
}
