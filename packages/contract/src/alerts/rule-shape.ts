import {
  type AgentRule,
  type AlertRule,
  alertSeverities,
  alertStatistics,
  type ClockRule,
  type ContactRule,
  type DimensionRule,
  type EndpointRule,
  type PipelineRule,
  type RecordsRule,
  type SourceRule,
  type WeeklyHours,
  type WindowedRule,
} from '@deskpulse/core/alerts'
import { agentStates } from '@deskpulse/core/events'
import * as z from 'zod'

/** Shapes of rules as they are stored: complete, in milliseconds. What a person writes is another thing (config/alerts). */

const hours = z.array(
  z.object({ days: z.array(z.int()), fromMinute: z.int(), toMinute: z.int() }),
) satisfies z.ZodType<WeeklyHours>

const base = {
  name: z.string().min(1),
  enabled: z.boolean(),
  severity: z.enum(alertSeverities),
  labels: z.record(z.string(), z.string()),
  text: z.object({ en: z.string(), zh: z.string() }),
  hours: hours.nullable(),
  repeatMs: z.number().nullable(),
  endpoints: z.array(z.string()).nullable(),
  /** Rules of before have none. */
  escalation: z
    .object({ afterMs: z.number(), endpoints: z.array(z.string()) })
    .nullable()
    .default(null),
}

const deadline = { ...base, kind: z.literal('deadline'), limitMs: z.number() }

const warnAt = z.number().nullable().default(null)

const contactRule = z.object({
  ...deadline,
  warnAt,
  subject: z.literal('contact'),
  waits: z.array(z.enum(['reply', 'queue'])),
  classes: z.array(z.enum(['voice', 'live', 'deferred'])),
  slice: z.string(),
}) satisfies z.ZodType<ContactRule>

const agentRule = z.object({
  ...deadline,
  warnAt,
  subject: z.literal('agent'),
  states: z.array(z.enum(agentStates)),
  slice: z.string(),
}) satisfies z.ZodType<AgentRule>

const sourceRule = z.object({
  ...deadline,
  warnAt,
  subject: z.literal('source'),
  sources: z.array(z.string()).nullable(),
}) satisfies z.ZodType<SourceRule>

const dimensionRule = z.object({
  ...deadline,
  subject: z.literal('dimension'),
}) satisfies z.ZodType<DimensionRule>
const pipelineRule = z.object({
  ...deadline,
  subject: z.literal('pipeline'),
}) satisfies z.ZodType<PipelineRule>
const endpointRule = z.object({
  ...deadline,
  subject: z.literal('endpoint'),
}) satisfies z.ZodType<EndpointRule>
const clockRule = z.object({
  ...deadline,
  subject: z.literal('clock'),
}) satisfies z.ZodType<ClockRule>

const recordsRule = z.object({
  ...deadline,
  subject: z.literal('records'),
}) satisfies z.ZodType<RecordsRule>

const windowedRule = z.object({
  ...base,
  kind: z.literal('windowed'),
  kpi: z.string(),
  statistic: z.enum(alertStatistics),
  slice: z.string(),
  window: z.string(),
  comparison: z.enum(['above', 'below']),
  threshold: z.number(),
  recovery: z.number(),
  minimumSample: z.number(),
  forMs: z.number(),
  keepFiringForMs: z.number(),
  noData: z.enum(['ok', 'keep', 'fire']),
}) satisfies z.ZodType<WindowedRule>

export const ruleShape = z.discriminatedUnion('kind', [
  z.discriminatedUnion('subject', [
    contactRule,
    agentRule,
    sourceRule,
    dimensionRule,
    pipelineRule,
    endpointRule,
    clockRule,
    recordsRule,
  ]),
  windowedRule,
]) satisfies z.ZodType<AlertRule>
