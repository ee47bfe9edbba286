import * as z from 'zod'
import { type EventDefinition, periodInOrder, type Rule } from './define.ts'
import {
  count,
  datePeriod,
  flag,
  id,
  ids,
  kpiIds,
  labels,
  money,
  questions,
  score100,
  scoreIds,
  sentence,
  time,
  word,
} from './words.ts'

const complaint = z.object({
  complaintId: id,
  contactId: id.optional(),
  customerId: id.optional(),
  agentId: id.optional(),
  justified: flag.optional(),
})

const followup = z.object({
  followupId: id,
  customerId: id,
  contactId: id.optional(),
  agentId: id.optional(),
  dueAt: time.optional(),
})

const order = z.object({
  orderId: id,
  customerId: id,
  money,
  agentId: id.optional(),
  contactId: id.optional(),
  shop: word.optional(),
  labels: labels.optional(),
})

const refund = z.object({
  refundId: id,
  orderId: id.optional(),
  customerId: id.optional(),
  contactId: id.optional(),
  agentId: id.optional(),
  money: money.optional(),
  kind: word.optional(),
  dueAt: time.optional(),
  correct: flag.optional(),
})

const offer = z.object({
  offerId: id,
  customerId: id,
  contactId: id.optional(),
  agentId: id.optional(),
  queue: word.optional(),
})

const incident = z.object({ incidentId: id, queue: word.optional(), service: word.optional() })

const appealItems = {
  contactIds: ids.optional(),
  scores: scoreIds.optional(),
  kpis: kpiIds.optional(),
}

/** An appeal is about something. */
const appealsSomething: Rule = (data) => {
  const { contactIds = [], scores = [], kpis = [] } = data as Record<string, readonly unknown[]>
  return contactIds.length + scores.length + kpis.length > 0
    ? periodInOrder(data)
    : { path: '/data/contactIds', expected: 'contactIds, scores or kpis: at least one of them' }
}

/** Events whose home is what their own id names. */
export const ownIdEvents = {
  'complaint.filed': { says: 'a complaint is made', data: complaint },
  'complaint.settled': { says: 'a complaint is settled', data: complaint },
  'review.posted': {
    says: 'shop rating',
    data: z.object({
      reviewId: id,
      contactId: id.optional(),
      agentId: id.optional(),
      rating: z.enum(['good', 'neutral', 'bad']),
      causedByService: flag.meta({ default: true }).optional(),
    }),
  },
  'followup.planned': { says: 'a call-back visit is planned', data: followup },
  'followup.done': { says: 'a call-back visit is done', data: followup },
  'quality.reviewed': {
    says: 'QA sampling; a later event of the same review replaces it, a calibration counts nowhere; at most 100 questions',
    data: z.object({
      reviewId: id,
      contactId: id.optional(),
      agentId: id,
      reviewerId: id.optional(),
      kind: z.enum(['call', 'ticket_hygiene', 'accuracy']),
      score: score100,
      passed: flag.optional(),
      period: datePeriod.optional(),
      form: word.optional(),
      formVersion: word.optional(),
      criticalErrors: count.optional(),
      questions: questions.optional(),
      calibration: flag.optional(),
    }),
    rule: periodInOrder,
  },
  'violation.recorded': {
    says: 'a rule was broken; a later event of the same violation replaces it',
    data: z.object({
      violationId: id,
      agentId: id,
      contactId: id.optional(),
      kind: word.meta({ examples: ['banned_phrase'] }),
      count: count.optional(),
    }),
  },
  'order.placed': { says: 'a later event of the same order replaces', data: order },
  'order.paid': { says: 'a later event of the same order replaces', data: order },
  'order.returned': {
    says: 'goods come back',
    data: z.object({
      orderId: id,
      money: money.optional(),
      cause: z.enum(['service', 'product', 'other']).optional(),
    }),
  },
  'refund.requested': { says: 'a refund is asked for', data: refund },
  'refund.handled': { says: 'a refund is decided', data: refund },
  'offer.made': { says: 'a service is offered', data: offer },
  'offer.accepted': { says: 'a service is taken', data: offer },
  'incident.opened': { says: 'a service is down', data: incident },
  'incident.restored': { says: 'a service is back', data: incident },
  'appeal.filed': {
    says: 'some of an agent’s work is to be left out of its score cards of a period: contacts, scores, or KPIs as a whole; the first event of an appeal stands',
    data: z.object({
      appealId: id,
      agentId: id,
      period: datePeriod,
      ...appealItems,
      reason: sentence,
      filedBy: id.optional(),
    }),
    rule: appealsSomething,
  },
  'appeal.decided': {
    says: 'an appeal is granted, in whole or what is named of it, or refused; the last decision stands',
    data: z.object({
      appealId: id,
      decision: z.enum(['granted', 'refused']),
      decidedBy: id,
      ...appealItems,
      note: sentence.optional(),
    }),
  },
} satisfies Record<string, EventDefinition>
