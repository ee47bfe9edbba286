import * as z from 'zod'
import { type EventDefinition, scoreOnScale } from './define.ts'
import { count, durationMs, flag, id, labels, rating, word } from './words.ts'

const parties = { contactId: id, customerId: id.optional(), agentId: id.optional() }

/** What describes a contact and may change while it lasts. */
const about = {
  topic: word.optional(),
  intent: word.meta({ examples: ['presales', 'aftersales'] }).optional(),
  priority: word.optional(),
  skill: word.optional(),
  shop: word.optional(),
  labels: labels.optional(),
  inAuthority: flag.optional(),
}

const channel = word.meta({ examples: ['chat', 'voice', 'email', 'ticket', 'social', 'sms'] })

function contact(says: string, shape: z.core.$ZodLooseShape = {}): EventDefinition {
  return { says, data: z.object({ ...parties, ...shape }) }
}

/** Every event has the contact; all may name its customer and agent. */
export const contactEvents = {
  'contact.opened': contact('a contact begins; the first one wins', {
    channel,
    queue: word.optional(),
    direction: z.enum(['inbound', 'outbound']).meta({ default: 'inbound' }).optional(),
    openedBy: z
      .enum(['customer', 'agent', 'bot', 'system'])
      .meta({ default: 'customer' })
      .optional(),
    handledBy: z.enum(['human', 'bot']).optional(),
    ...about,
    offline: flag.optional(),
  }),
  'contact.updated': contact('last wins, for the whole contact', about),
  'contact.queued': contact('enters a queue (and leaves the one before)', {
    queue: word,
    reason: z.enum(['new', 'transfer', 'overflow', 'callback']).optional(),
  }),
  'contact.presented': contact('rings / is offered to an agent', { agentId: id }),
  'contact.declined': contact('ring-no-answer, rejection, or taken back (no fault)', {
    agentId: id,
    reason: z.enum(['timeout', 'rejected', 'withdrawn']).optional(),
  }),
  'contact.assigned': contact(
    'an agent owns it (voice: answers it); ends the previous owner’s part',
    {
      agentId: id,
      queue: word.optional(),
    },
  ),
  'message.sent': contact(
    'a message; a later event of the same messageId replaces content and visibility, not the time',
    {
      from: z.enum(['customer', 'agent', 'bot', 'system']),
      visibility: z.enum(['public', 'private']).meta({ default: 'public' }).optional(),
      automatic: z.union([flag, z.literal('assisted')]).optional(),
      messageId: id.optional(),
    },
  ),
  'contact.held': contact('hold begins'),
  'contact.retrieved': contact('hold ends'),
  'contact.pended': contact('waits for the customer or a third party', { reason: word.optional() }),
  'contact.resumed': contact('goes on', { reason: word.optional() }),
  'contact.work_started': contact('an agent begins to work on a deferred contact', { agentId: id }),
  'contact.work_ended': contact('the agent stops working on it', { agentId: id }),
  'contact.handed_off': contact('between bot and humans', {
    to: z.enum(['human', 'bot']).meta({ default: 'human' }).optional(),
    reason: word.meta({ examples: ['limit', 'requested', 'unable', 'policy'] }).optional(),
  }),
  'contact.dequeued': contact('leaves the queue without an agent', {
    queue: word.optional(),
    reason: z.enum([
      'timeout',
      'overflow',
      'key',
      'empty',
      'full',
      'closed',
      'callback',
      'voicemail',
    ]),
  }),
  'contact.transferred': contact(
    'counts the transfer, which ends the agent’s part if cold or warm; only `queued` and `assigned` move the contact',
    {
      fromAgentId: id.optional(),
      toAgentId: id.optional(),
      toQueue: word.optional(),
      mode: z.enum(['cold', 'warm', 'consult', 'conference']).meta({ default: 'cold' }).optional(),
    },
  ),
  'contact.escalated': contact('is handed up', {
    kind: word.meta({ examples: ['conflict', 'technical'] }).optional(),
    byAgentId: id.optional(),
    toAgentId: id.optional(),
    level: word.optional(),
  }),
  'contact.unassigned': contact(
    'nobody owns it; one that names another agent than the owner changes nothing',
  ),
  'contact.released': contact(
    'the agent’s conversation part ends; after-contact work begins; given totals win over instants',
    {
      agentId: id,
      talkMs: durationMs.optional(),
      holdMs: durationMs.optional(),
      holds: count.optional(),
      ringMs: durationMs.optional(),
    },
  ),
  'contact.wrapped_up': contact('after-contact work ends', {
    agentId: id,
    wrapUpMs: durationMs.optional(),
  }),
  'contact.ended': contact(
    'the connection ends: waiting for an agent = abandoned, unless by an agent or the system; answered = releases all',
    {
      by: z.enum(['customer', 'agent', 'system']).optional(),
    },
  ),
  'contact.abandoned': contact(
    'the customer leaves before an answer (after an answer it is a release)',
  ),
  'contact.resolved': contact('solved', { resolution: word.optional(), ...about }),
  'contact.reopened': contact('open again; ignored while open', {
    by: z.enum(['customer', 'agent', 'system']).meta({ default: 'customer' }).optional(),
  }),
  'contact.closed': contact('archived: nothing more is owed'),
  'contact.discarded': contact(
    'retracts all that the contact contributed to contact and customer KPIs (never agent time), until restored',
    {
      reason: z.enum(['spam', 'merged', 'deleted', 'test']).optional(),
    },
  ),
  'contact.restored': contact('takes a discard back', {
    reason: z.enum(['spam', 'merged', 'deleted', 'test']).optional(),
  }),
} satisfies Record<string, EventDefinition>

const survey = {
  contactId: id.optional(),
  customerId: id.optional(),
  agentId: id.optional(),
  surveyId: id.optional(),
  kind: z.enum(['csat', 'nps', 'ces', 'quality']),
}

/** Surveys may lack the contact: then surveyId, else the event, is the home. */
export const surveyEvents = {
  'survey.sent': { says: 'a customer is asked', data: z.object(survey) },
  'survey.answered': {
    says: 'a later answer to the same contact (else surveyId) and kind replaces',
    data: z.object({
      ...survey,
      score: rating,
      scaleMin: rating,
      scaleMax: rating,
      satisfiedFrom: rating.optional(),
      reversed: flag.optional(),
    }),
    rule: scoreOnScale,
  },
} satisfies Record<string, EventDefinition>
