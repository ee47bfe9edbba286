import { alertSeverities } from '@deskpulse/core/alerts'
import { agentStates } from '@deskpulse/core/events'
import * as z from 'zod'
import { word } from '../../events/words.ts'
import { amount } from '../amount.ts'
import { duration, millisecondsOf } from '../duration.ts'
import { alertName, endpointSchema, httpUrl } from './endpoint-schema.ts'
import { hoursSchema } from '../hours.ts'

const day = 86_400_000
const minute = 60_000

/** `300s`, `5m` and 300000 are `5m`; what is no duration of whole minutes is returned as it came. */
function windowText(value: unknown): unknown {
  const ms = millisecondsOf(value)
  return typeof ms === 'number' && ms % minute === 0 ? `${ms / minute}m` : value
}

export const windowError = '1m … 60m in whole minutes, or today'
export const windowPattern = /^(?:(?:[1-9]|[1-5]\d|60)m|today)$/u
const window = z
  .preprocess(
    windowText,
    z.string({ error: windowError }).regex(windowPattern, { error: windowError }),
  )
  .meta({ description: windowError })

const template = z.string().min(1).max(1_000)
const slice = z.string().min(1).max(600)

const labels = z
  .record(
    z.string().regex(/^[a-zA-Z_][a-zA-Z0-9_]{0,62}$/u, { error: 'letters, digits and _' }),
    word,
  )
  .refine((value) => Object.keys(value).length <= 8, { error: 'at most 8 labels' })

/** Members of every rule. */
export const commonMembers = {
  name: alertName,
  kind: z.enum(['windowed', 'deadline']).optional(),
  enabled: z.boolean().optional(),
  severity: z.enum(alertSeverities).optional(),
  labels: labels.optional(),
  text: z.strictObject({ en: template.optional(), zh: template.optional() }).optional(),
  /** It fires within these hours alone; null as `always`. */
  hours: hoursSchema.nullable().optional(),
  always: z.boolean().optional(),
  /** null: told once. */
  repeat: duration(minute, 30 * day)
    .nullable()
    .optional(),
  /** null: all; an empty list: nobody is told. */
  endpoints: z.array(alertName).max(100).nullable().optional(),
  /** null: no second level. */
  escalate: z
    .strictObject({
      after: duration(minute, 30 * day),
      endpoints: z.array(alertName).min(1).max(100),
    })
    .nullable()
    .optional(),
}

/** Members of deadline rules beside the common ones. The subject says which of them a rule has. */
const deadlineMembers = {
  subject: z
    .enum(['contact', 'agent', 'source', 'dimension', 'pipeline', 'endpoint', 'clock', 'records'])
    .optional(),
  limit: duration(1_000, 30 * day).optional(),
  /** A share of the limit; null: no warning. */
  warnAt: z
    .number()
    .refine((share) => share > 0 && share < 1, { error: 'a share of the limit, between 0 and 1' })
    .nullable()
    .optional(),
  waits: z
    .array(z.enum(['reply', 'queue']))
    .min(1)
    .optional(),
  classes: z
    .array(z.enum(['voice', 'live', 'deferred']))
    .min(1)
    .optional(),
  states: z.array(z.enum(agentStates)).min(1).optional(),
  /** null: every source. */
  sources: z.array(z.string().min(1).max(256)).min(1).max(100).nullable().optional(),
  slice: slice.optional(),
}

/** Members of windowed rules beside the common ones. */
export const windowMembers = {
  slice: slice.optional(),
  kpi: z.string().min(1).max(64).optional(),
  statistic: z.string().min(1).max(80).optional(),
  window: window.optional(),
  comparison: z.enum(['above', 'below']).optional(),
  threshold: amount.optional(),
  recovery: amount.optional(),
  minimumSample: z.int().min(0).max(1_000_000_000).optional(),
  for: duration(0, day).optional(),
  keepFiringFor: duration(0, day).optional(),
  noData: z.enum(['ok', 'keep', 'fire']).optional(),
}

/**
 * A rule as people write it, in the file and over HTTP. What is left out is that of the rule of the
 * same name which it changes, else a default. Which members a rule has follows from its kind and
 * subject; `completeRule` says so.
 */
export const ruleInputSchema = z.strictObject({
  ...commonMembers,
  ...deadlineMembers,
  ...windowMembers,
})
export type RuleInput = z.output<typeof ruleInputSchema>

/** An address that paths are added to. */
function isBase(text: string): boolean {
  return httpUrl(text) && !/[?#]/u.test(text)
}

/** The block `alerts` of the file; what follows from several of its keys: `alertsFaults`. */
export const alertsSchema = z.strictObject({
  /** Loopback, private, link-local and metadata addresses are refused unless true. */
  allowPrivateAddresses: z.boolean().default(false),
  /** Where people reach the alert page: messages link to it. */
  publicUrl: z
    .string()
    .max(2_000)
    .refine(isBase, { error: 'an http or https URL without user, query and fragment' })
    .optional(),
  hours: hoursSchema.optional(),
  endpoints: z.array(endpointSchema).max(100).default([]),
  rules: z.array(ruleInputSchema).max(500).default([]),
})
