import { agentDaySubject, contactSubject, parseSubject, type CanonicalEvent, type EventType, type Subject } from '@deskpulse/core'
import { utcDayOf } from '../subjects/agents.ts'

/** The subject on whose timeline an event stands. */
export type Home =
  | { readonly kind: 'contact'; readonly subject: Subject; readonly contactId: string }
  | { readonly kind: 'agent-day'; readonly subject: Subject; readonly agentId: string; readonly utcDay: number }

const agentDayTypes: ReadonlySet<EventType> = new Set(['agent.state_changed', 'agent.queue_joined', 'agent.queue_left', 'agent.heartbeat'])

/** `null`: an event that no KPI of this version reads. It stays in the log, for a rebuild by a version that does. */
export function homeOf({ type, tenant, timeMs, data }: CanonicalEvent): Home | null {
  const { contactId, agentId } = data
  if ((type.startsWith('contact.') || type === 'message.sent') && contactId !== undefined) {
    return { kind: 'contact', subject: contactSubject(tenant, contactId), contactId }
  }
  if (agentDayTypes.has(type) && agentId !== undefined) {
    const utcDay = utcDayOf(timeMs)
    return { kind: 'agent-day', subject: agentDaySubject(tenant, agentId, utcDay), agentId, utcDay }
  }
  return null
}

/** The home that is this subject. @throws RangeError when no event has its home there. */
export function homeAt(subject: Subject): Home {
  const parsed = parseSubject(subject)
  if (parsed.kind === 'contact') return { kind: 'contact', subject, contactId: parsed.id }
  if (parsed.kind === 'agent-day') return { kind: 'agent-day', subject, agentId: parsed.id, utcDay: parsed.utcDay }
  throw new RangeError(`no home of events: ${subject}`)
}
