import * as z from 'zod'
import { duration } from './duration.ts'

const day = 86_400_000
const name = z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/u, { error: 'a name of a–z, 0–9 and -' })

/** Rules that every installation has; a rule of the same name changes one of them. */
export const shippedRules = [
  'customer-waiting',
  'response-time',
  'service-level',
  'abandon-rate',
  'fcr',
  'occupancy',
  'silent-source',
] as const

const endpoint = z.strictObject({
  name,
  kind: z.enum(['webhook', 'wecom', 'dingtalk', 'feishu', 'slack', 'teams', 'alertmanager']),
  url: z.url({ protocol: /^https?$/, error: 'an http or https URL' }),
  /** Signs the webhook (Standard Webhooks: `whsec_` and base64). */
  secret: z.string().min(16, { error: 'a secret of at least 16 characters' }).optional(),
})

const ruleShape = z.strictObject({
  name,
  kind: z.enum(['windowed', 'deadline']).optional(),
  enabled: z.boolean().optional(),
  severity: z.enum(['info', 'warning', 'critical']).optional(),
  slice: z.string().min(1).optional(),
  /** Windowed: a KPI and a statistic, such as `response_time.p90`. */
  statistic: z
    .string()
    .regex(/^[a-z0-9_]+(\.[a-z0-9]+)?$/u, { error: 'a KPI, or a KPI and a statistic, such as response_time.p90' })
    .optional(),
  window: duration(60_000, day).optional(),
  comparison: z.enum(['above', 'below']).optional(),
  threshold: z.number().optional(),
  recovery: z.number().optional(),
  minimumSample: z.int().min(0).optional(),
  for: duration(0, day).optional(),
  /** Deadline: what passes a limit. */
  subject: z.enum(['contact', 'agent', 'source']).optional(),
  limit: duration(1_000, 30 * day).optional(),
  /** Also outside business hours. */
  always: z.boolean().optional(),
  repeat: duration(60_000, 30 * day).optional(),
  /** Names of endpoints; absent = all. */
  endpoints: z.array(name).optional(),
})

type Rule = z.output<typeof ruleShape>

/** What a rule that no shipped one stands behind must say. */
function missingOf(one: Rule): string | null {
  if ((shippedRules as readonly string[]).includes(one.name)) return null
  if (one.kind === undefined) return 'kind'
  const needed = one.kind === 'windowed' ? (['statistic', 'window', 'comparison', 'threshold'] as const) : (['subject', 'limit'] as const)
  return needed.find((part) => one[part] === undefined) ?? null
}

const rule = ruleShape.check((context) => {
  const missing = missingOf(context.value)
  if (missing === null) return
  context.issues.push({ code: 'custom', path: [missing], message: 'what a rule that is not shipped must say', input: undefined })
})

function repeated(names: readonly string[]): number {
  return names.findIndex((one, at) => names.indexOf(one) !== at)
}

export const alertsSchema = z
  .strictObject({
    allowPrivateAddresses: z.boolean().default(false),
    endpoints: z.array(endpoint).max(100).default([]),
    rules: z.array(rule).max(500).default([]),
  })
  .check((context) => {
    const { endpoints, rules } = context.value
    const report = (path: PropertyKey[], message: string, input: unknown) => context.issues.push({ code: 'custom', path, message, input })
    for (const [part, all] of [
      ['endpoints', endpoints],
      ['rules', rules],
    ] as const) {
      const at = repeated(all.map((one) => one.name))
      if (at >= 0) report([part, at, 'name'], 'a name that no other has', all[at]!.name)
    }
    const known = new Set(endpoints.map((one) => one.name))
    rules.forEach((one, at) => {
      const strange = (one.endpoints ?? []).findIndex((other) => !known.has(other))
      if (strange >= 0) report(['rules', at, 'endpoints', strange], 'the name of an endpoint', one.endpoints![strange])
    })
  })
