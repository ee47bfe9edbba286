// Appeals about score cards: how they are filed and decided, and as readers have them.
import { appealDecisions } from '@deskpulse/core/subjects'
import * as z from 'zod'
import { datePeriod, id, ids, kpiIds, scoreIds, sentence, tenantName } from '../events/words.ts'
import { instant } from './instant.ts'
import { wholeNumber } from './parameters.ts'
import { knownAsOf } from './responses/values.ts'

export const appealStates = ['open', ...appealDecisions] as const
export type AppealState = (typeof appealStates)[number]

const items = {
  contactIds: ids.optional().meta({ description: 'contacts, as rows of `kpis/explain` name them' }),
  scores: scoreIds.optional(),
  kpis: kpiIds.optional().meta({ description: 'KPIs that are to give no points' }),
}

/** Ids may be left out: the address of what is made then is in the answer. */
export const appealBody = z
  .strictObject({
    appealId: id
      .optional()
      .meta({ description: 'left out = a new one; the same again changes nothing' }),
    agentId: id.meta({ description: 'whose score cards they are' }),
    period: datePeriod,
    ...items,
    reason: sentence,
    filedBy: id.optional().meta({ description: 'left out = the agent' }),
  })
  .refine(({ period: { start, end } }) => start <= end, {
    path: ['period', 'end'],
    error: 'a date not before start',
  })
  .refine(
    ({ contactIds = [], scores = [], kpis = [] }) =>
      contactIds.length + scores.length + kpis.length > 0,
    { path: ['contactIds'], error: 'contactIds, scores or kpis: at least one of them' },
  )
  .meta({
    examples: [
      {
        ...{ appealId: 'ap-7', agentId: 'a-3', contactIds: ['c-17'] },
        period: { start: '2026-02-01', end: '2026-02-28' },
        ...{ reason: 'The payment provider was down.', filedBy: 'a-3' },
      },
    ],
  })
export type AppealBody = z.output<typeof appealBody>

export const decisionBody = z
  .strictObject({
    decision: z.enum(['granted', 'refused']),
    decidedBy: id,
    ...items,
    note: sentence.optional(),
  })
  .meta({
    description: 'a grant that names no items grants all that was asked for',
    examples: [{ decision: 'granted', decidedBy: 'lead-1', note: 'The incident is known.' }],
  })
export type DecisionBody = z.output<typeof decisionBody>

export const appealPath = z.strictObject({ tenant: tenantName, appeal: id })
export const appealsQuery = z.strictObject({
  agent: id.optional().meta({ description: 'about the score cards of this agent' }),
  state: z.enum(appealStates).optional(),
  limit: wholeNumber(1, 1_000, 100),
})
export type AppealsQuery = z.output<typeof appealsQuery>

export const appealTakenSchema = z.object({ appealId: z.string() }).meta({ id: 'AppealTaken' })
export type AppealTakenResponse = z.infer<typeof appealTakenSchema>

const leftOut = z.boolean().meta({ description: 'the decision leaves it out' })

export const appealSchema = z
  .object({
    appealId: z.string(),
    agentId: z.string(),
    period: z.object({ start: z.string(), end: z.string() }),
    state: z.enum(appealStates),
    reason: z.string(),
    filedAt: instant,
    filedBy: z.string().nullable().meta({ description: 'null: the agent' }),
    contacts: z.array(
      z.object({
        contactId: z.string(),
        leftOut,
        kept: z.boolean().meta({
          description:
            'false: nothing is known of the contact, or not any more: it is too late to leave anything out',
        }),
      }),
    ),
    scores: z.array(z.object({ kind: z.string(), id: z.string(), leftOut })),
    kpis: z.array(z.object({ kpi: z.string(), leftOut })),
    decidedAt: instant.nullable(),
    decidedBy: z.string().nullable(),
    note: z.string().nullable(),
  })
  .meta({ id: 'Appeal' })
export type AppealResponse = z.infer<typeof appealSchema>

export const appealsSchema = z
  .object({
    tenant: z.string(),
    timeZone: z.string(),
    ...knownAsOf,
    count: z.int().meta({ description: 'of all that were asked for, also past the limit' }),
    appeals: z.array(appealSchema).meta({ description: 'filed last first' }),
  })
  .meta({ id: 'Appeals' })
export type AppealsResponse = z.infer<typeof appealsSchema>
