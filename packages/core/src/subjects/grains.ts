import type { EventType } from '../events/types.ts'
import type { Grain } from './row.ts'

/** `what`: one row is. `sources`: events that make or change it, beside those that every contact has. */
export type GrainDocs = { readonly what: string; readonly sources: readonly EventType[] }

/** What the documentation says of each grain. */
export const grains: Readonly<Record<Grain, GrainDocs>> = {
  reply: {
    what: 'a reply that is owed to a customer who wrote: since when, its limits, and how it ended',
    sources: [
      'message.sent',
      'contact.handed_off',
      'contact.reopened',
      'contact.resolved',
      'contact.closed',
      'contact.ended',
      'contact.abandoned',
    ],
  },
  pass: {
    what: 'a stay of a call in a queue: its entry, its limit, and how it ended; and a wait of a call before any queue that nobody answered',
    sources: [
      'contact.opened',
      'contact.queued',
      'contact.dequeued',
      'contact.assigned',
      'contact.abandoned',
      'contact.ended',
      'contact.resolved',
      'contact.closed',
    ],
  },
  part: {
    what: 'an agent’s part in a contact, once it has ended, and the time that it took',
    sources: [
      'contact.assigned',
      'contact.unassigned',
      'contact.released',
      'contact.transferred',
      'contact.escalated',
      'contact.held',
      'contact.retrieved',
      'contact.wrapped_up',
      'contact.work_started',
      'contact.work_ended',
      'message.sent',
      'contact.resolved',
      'contact.closed',
      'contact.ended',
      'contact.abandoned',
    ],
  },
  resolution: {
    what: 'a resolution of a contact',
    sources: ['contact.resolved', 'contact.closed', 'contact.released', 'contact.ended'],
  },
  reopening: { what: 'a reopening of a contact', sources: ['contact.reopened', 'message.sent'] },
  contact: {
    what: 'a contact: its opening, its first answer, its first resolution, whether that held and came by its limit',
    sources: [
      'contact.opened',
      'contact.queued',
      'contact.assigned',
      'message.sent',
      'contact.resolved',
      'contact.closed',
      'contact.reopened',
      'contact.released',
      'contact.ended',
      'contact.pended',
      'contact.resumed',
    ],
  },
  session: {
    what: 'a contact that seemed to be solved, and whose customer came back',
    sources: ['contact.opened', 'contact.resolved', 'contact.closed', 'contact.reopened'],
  },
  'customer-period': {
    what: 'an hour, day, week, month, quarter or year in which a customer was answered, and where',
    sources: ['contact.assigned', 'message.sent', 'contact.resolved', 'contact.closed'],
  },
  'agent-time': {
    what: 'a stretch of a signed-in agent’s time, of one class, within a quarter-hour',
    sources: [
      'agent.state_changed',
      'agent.queue_joined',
      'agent.queue_left',
      'agent.heartbeat',
      'contact.assigned',
      'message.sent',
    ],
  },
  complaint: {
    what: 'a complaint: its filing, its settlement, and whether it was justified',
    sources: ['complaint.filed', 'complaint.settled'],
  },
  review: { what: 'a customer’s rating of a shop', sources: ['review.posted'] },
  'follow-up': {
    what: 'a call-back visit that was planned and is due',
    sources: ['followup.planned', 'followup.done'],
  },
  incident: {
    what: 'a service that was down and is back',
    sources: ['incident.opened', 'incident.restored'],
  },
  forecast: {
    what: 'what is expected in a queue within a quarter-hour, as far as that has begun',
    sources: ['workload.forecast'],
  },
}
