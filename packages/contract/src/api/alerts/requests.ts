import { installationTenant, type Silence } from '@deskpulse/core/alerts'
import type { EpochMs } from '@deskpulse/core/time'
import * as z from 'zod'
import { alertName } from '../../config/alerts/endpoint-schema.ts'
import { ruleInputSchema } from '../../config/alerts/schema.ts'
import { duration } from '../../config/duration.ts'
import { epochMsOf, timePattern } from '../../events/time.ts'
import { id, tenantName, word } from '../../events/words.ts'
import { dateOrInstant, pageOf } from '../parameters.ts'
import { parseBody, type ParsedParameters, parseParameters, problemOf } from '../problem.ts'
import { alertStatuses } from './responses.ts'

const hex32 = z.string().regex(/^[0-9a-f]{32}$/u, { error: 'an id of 32 hexadecimal digits' })
const page = pageOf(1_000, 100)

/** Alerts of the installation itself stand beside those of tenants. */
const alertTenant = z
  .union([tenantName, z.literal(installationTenant)], {
    error: `a tenant, or ${installationTenant}`,
  })
  .meta({
    description: `a tenant, or ${installationTenant}: what is wrong with the installation itself`,
  })

export const alertsPath = z.strictObject({ tenant: alertTenant })
export const alertPath = z.strictObject({ tenant: alertTenant, alertId: hex32 })
export const silencePath = z.strictObject({ tenant: alertTenant, id })
export const rulePath = z.strictObject({ tenant: tenantName, name: alertName })
export const endpointPath = z.strictObject({ name: alertName })
export const deliveryPath = z.strictObject({ name: alertName, id })

export const alertsQuery = z.strictObject({
  status: z.enum(alertStatuses).optional().meta({ description: 'left out = all' }),
  rule: alertName.optional(),
  queue: word
    .optional()
    .meta({ description: 'those whose slice is of this queue; none = of no queue' }),
  from: dateOrInstant
    .optional()
    .meta({ description: 'those that fired at or after it; a date is a day of the tenant' }),
  to: dateOrInstant.optional().meta({ description: 'those that fired before it' }),
  ...page,
})
export const deliveriesQuery = z.strictObject(page)

const author = word.optional().meta({
  description:
    'who asks, 1 to 128 characters; where a key or session says that, its name stands in its place, and it may be left out',
})
const comment = z.string().max(1_000)
const version = z
  .string()
  .max(64)
  .nullable()
  .meta({ description: 'the version that was read, else 409; the header If-Match says the same' })

export const authoredBody = z.strictObject({ author })
export const authoredQuery = z.strictObject({ author })
export const deleteRuleQuery = z.strictObject({ author, version: version.unwrap().optional() })
export const acknowledgeBody = z.strictObject({ author, comment: comment.default('') })

const compared = ['rule', 'subject', 'slice', 'severity', 'kind', 'contact', 'agent'] as const
const matcher = z.discriminatedUnion(
  'on',
  [
    z.strictObject({ on: z.enum(compared), value: z.string().min(1).max(2_000) }),
    z.strictObject({
      on: z.literal('label'),
      label: z.string().min(1).max(63),
      value: z.string().max(128),
    }),
  ],
  {
    error: ({ code }) =>
      code === 'invalid_union' ? [...compared, 'label'].join(' | ') : undefined,
  },
)

const instantError = 'an RFC 3339 time with seconds and offset'
const instant = z.string().regex(timePattern, { error: instantError }).meta({ format: 'date-time' })

export const silenceBody = z.strictObject({
  author,
  comment,
  matchers: z
    .array(matcher)
    .max(10)
    .meta({ description: 'all must match; none = every alert of the tenant' }),
  startsAt: instant.optional().meta({ description: 'left out = now' }),
  endsAt: instant.optional(),
  duration: duration(60_000, 400 * 86_400_000).optional(),
})
export type SilenceBody = z.output<typeof silenceBody>

const typedAuthor = z.strictObject({ author: word })

/** What is typed must be there where nobody else says who asks. `of`: the part of the request that has it. */
export function typedAuthorOf(
  of: 'body' | 'query',
  typed: string | undefined,
): ParsedParameters<{ readonly author: string }> {
  const input = typed === undefined ? {} : { author: typed }
  return of === 'body' ? parseBody(typedAuthor, input) : parseParameters(typedAuthor, input)
}

/** The silence that a body asks for: up to `endsAt`, or for `duration`. */
export function silenceOf(
  body: SilenceBody,
  of: Pick<Silence, 'id' | 'tenant' | 'author'>,
  nowMs: number,
): ParsedParameters<Silence> {
  const startsMs = body.startsAt === undefined ? nowMs : epochMsOf(body.startsAt)
  const endsAtMs = body.endsAt === undefined ? undefined : epochMsOf(body.endsAt)
  if ((endsAtMs === undefined) === (body.duration === undefined)) {
    return refused(
      '/endsAt',
      'endsAt or duration, one of them',
      endsAtMs === undefined ? 'none' : 'both',
    )
  }
  const endsMs = endsAtMs ?? startsMs + (body.duration ?? 0)
  if (endsMs <= startsMs || endsMs <= nowMs)
    return refused('/endsAt', 'a time after startsAt and after now', String(body.endsAt))
  const { matchers, comment: why } = body
  const times = { startsMs: startsMs as EpochMs, endsMs: endsMs as EpochMs }
  return { ok: true, value: { ...of, matchers, comment: why, ...times } }
}

function refused(path: string, expected: string, got: string): ParsedParameters<Silence> {
  return {
    ok: false,
    problem: problemOf('bad-request', `not what it must be: ${path}`, [{ path, expected, got }]),
  }
}

/** The rule is completed by `completeRule(body.rule, …, '/rule')`; its name is that of the address. */
export const putRuleBody = z.strictObject({
  author,
  version: version.optional(),
  rule: ruleInputSchema,
})
export type PutRuleBody = z.output<typeof putRuleBody>
export const ruleHeaders = z.looseObject({
  'if-match': z
    .string()
    .optional()
    .meta({ description: '`"version"`, as `version` says it, or `*`' }),
})

export const dryRunBody = z.strictObject({
  rule: ruleInputSchema,
  from: dateOrInstant.optional(),
  to: dateOrInstant.optional(),
})
export type DryRunBody = z.output<typeof dryRunBody>
