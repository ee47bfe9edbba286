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
  offer: {
    what: 'a presentation of a contact to an agent, once it has ended: accepted, missed, or withdrawn',
    sources: [
      'contact.presented',
      'contact.declined',
      'contact.assigned',
      'contact.queued',
      'contact.dequeued',
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
  escalation: {
    what: 'a contact that was handed up, and the first reaction of another agent than the one who held it',
    sources: ['contact.escalated', 'contact.assigned', 'message.sent'],
  },
  contact: {
    what: 'a contact: its opening, when an agent got to work on it, its first answer, its first and last resolution, how long they took, whether the first held and came by its limit, or its close without any; who hung up, and its end',
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
      'contact.abandoned',
      'contact.pended',
      'contact.resumed',
    ],
  },
  message: {
    what: 'a message of a customer to humans, or a public one of a human, in writing',
    sources: ['message.sent'],
  },
  session: {
    what: 'a contact that seemed to be solved, and whose customer came back',
    sources: ['contact.opened', 'contact.resolved', 'contact.closed', 'contact.reopened'],
  },
  repeat: {
    what: 'a contact with which a customer came back soon after another one was resolved',
    sources: ['contact.opened', 'contact.resolved', 'contact.closed'],
  },
  'customer-period': {
    what: 'an hour, day, week, month, quarter or year in which a customer was answered, a reply to it came due, or it paid, or that follows one in which it paid, and where',
    sources: [
      'contact.assigned',
      'message.sent',
      'contact.handed_off',
      'contact.reopened',
      'contact.resolved',
      'contact.closed',
      'order.placed',
      'order.paid',
    ],
  },
  'contract-count': {
    what: 'how many customers were under contract at the begin of an hour, day, week, month, quarter or year',
    sources: ['customer.started', 'customer.left'],
  },
  'contract-loss': {
    what: 'a customer who was under contract at the begin of an hour, day, week, month, quarter or year, left in it, and did not start anew',
    sources: ['customer.started', 'customer.left'],
  },
  'agent-time': {
    what: 'a stretch of a signed-in agent’s time, of one class, with the same contacts and capacity, within a quarter-hour',
    sources: [
      'agent.state_changed',
      'agent.queue_joined',
      'agent.queue_left',
      'agent.heartbeat',
      'contact.assigned',
      'message.sent',
    ],
  },
  staffing: {
    what: 'the staffed time of an agent’s quarter-hour that went to a queue, once the quarter-hour is over',
    sources: [
      'agent.state_changed',
      'agent.queue_joined',
      'agent.queue_left',
      'agent.heartbeat',
      'contact.assigned',
      'contact.queued',
      'message.sent',
    ],
  },
  'effective-part': {
    what: 'an agent’s part in a contact that has ended, with its time divided by the agent’s parts at once',
    sources: [
      'contact.assigned',
      'contact.unassigned',
      'contact.released',
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
  'agent-day': {
    what: 'a local day in which contacts of an agent were handled, and where',
    sources: [
      'contact.assigned',
      'contact.unassigned',
      'contact.released',
      'contact.transferred',
      'message.sent',
      'contact.resolved',
      'contact.closed',
      'contact.ended',
      'contact.abandoned',
    ],
  },
  survey: {
    what: 'a survey of one kind: when the customer was first asked, and the last answer',
    sources: ['survey.sent', 'survey.answered'],
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
  'sale-offer': {
    what: 'a service that a customer was offered, and whether the customer took it',
    sources: ['offer.made', 'offer.accepted'],
  },
  refund: {
    what: 'a refund that was asked for: its handling, whether that was in time, and correct',
    sources: ['refund.requested', 'refund.handled'],
  },
  order: {
    what: 'an order: when it was placed and paid, what was paid, and how much of that came back',
    sources: ['order.placed', 'order.paid', 'order.returned', 'refund.requested', 'refund.handled'],
  },
  'bot-episode': {
    what: 'an episode: one stay of a contact with a bot, how it ended, and whether that held',
    sources: [
      'contact.opened',
      'message.sent',
      'contact.handed_off',
      'contact.queued',
      'contact.assigned',
      'contact.resolved',
      'contact.closed',
      'contact.ended',
      'contact.abandoned',
      'contact.reopened',
    ],
  },
  'bot-contact': {
    what: 'a contact that a bot had: whether one was involved, and how the contact ended',
    sources: [
      'contact.opened',
      'message.sent',
      'contact.handed_off',
      'contact.queued',
      'contact.assigned',
      'contact.resolved',
      'contact.closed',
      'contact.ended',
      'contact.abandoned',
      'contact.reopened',
      'contact.released',
    ],
  },
  forecast: {
    what: 'what is expected in a queue within a quarter-hour, as far as that has begun',
    sources: ['workload.forecast'],
  },
  'shift-time': {
    what: 'a stretch of an agent’s time in a shift, or productive around one, within a quarter-hour that is over: what was scheduled, and what the agent did',
    sources: ['agent.scheduled', 'agent.state_changed', 'contact.assigned', 'message.sent'],
  },
  shift: {
    what: 'a shift that is over, and how much of it the agent was signed in',
    sources: ['agent.scheduled', 'agent.attendance', 'agent.state_changed', 'agent.heartbeat'],
  },
  attendance: {
    what: 'what was told by hand of an agent’s date: whether it was scheduled, attended, and violations',
    sources: ['agent.attendance'],
  },
  'quality-review': {
    what: 'a conversation or a ticket that was reviewed by hand, and its score; no calibration',
    sources: ['quality.reviewed'],
  },
  violation: { what: 'a rule that an agent broke', sources: ['violation.recorded'] },
  assessment: {
    what: 'a score of an agent in a period, by a rater or a test',
    sources: ['agent.assessed'],
  },
  'employee-survey': {
    what: 'what an employee said of the work',
    sources: ['employee.surveyed'],
  },
  cost: { what: 'what service has cost in a period', sources: ['cost.recorded'] },
}
