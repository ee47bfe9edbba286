// What the answers have in common.
import { bookings, kpiBases } from '@deskpulse/core/kpis'
import { type ClockProblem, clockProblems } from '@deskpulse/core/time'
import * as z from 'zod'
import { instant } from '../instant.ts'

/**
 * What is wrong with the clocks in the log, `null`: nothing. `ahead`: log time stands until the clocks have caught up; `jump`, `silence`: both clocks are
 * elsewhere, and it is judged whether that lasts; `append`, `sender`: one is off, and is not followed.
 */
const clockSchema = z
  .object({
    problem: z.enum(clockProblems),
    byMs: z.int().meta({ description: 'how far, in ms, when it began; negative: back' }),
    since: instant,
  })
  .nullable()
  .meta({ id: 'LogClock', description: 'what is wrong with the clocks in the log; null: nothing' })
/** In every answer about what happened: how much of the log it knows, and whether that is enough. */
export const knownAsOf = { asOf: instant, stale: z.boolean(), clock: clockSchema }

export type LogClockResponse = z.infer<typeof clockSchema>

/** @param problem of the partition that the answer is made of */
export const clockResponse = (problem: ClockProblem | null): LogClockResponse =>
  problem === null
    ? null
    : { problem: problem.kind, byMs: problem.byMs, since: new Date(problem.sinceMs).toISOString() }

export const nullReasons = [
  'nothing-happened',
  'no-agent-states',
  'no-source',
  'not-in-this-window',
  'not-distinct-here',
  'not-kept',
  'several-currencies',
] as const
export type NullReason = (typeof nullReasons)[number]

export const units = ['ms', 'ratio', 'index', 'count', 'points', 'money'] as const
export const unitSchema = z.enum(units)
export type Unit = z.infer<typeof unitSchema>

export const targetSchema = z.object({ min: z.number().optional(), max: z.number().optional() })

/** `null` = nothing to divide by, with its reason; `0` = computed zero. */
export const kpiValueSchema = z
  .object({
    value: z.number().nullable(),
    reason: z.enum(nullReasons).optional(),
    unit: unitSchema,
    numerator: z.number().optional(),
    denominator: z.number().optional(),
    count: z.number().optional(),
    sum: z.number().optional(),
    p50: z.number().nullable().optional(),
    p90: z.number().nullable().optional(),
    p95: z.number().nullable().optional(),
    p99: z.number().nullable().optional(),
    /** Of an open interval: when it began. */
    since: instant.nullable().optional(),
    breakdown: z.record(z.string(), z.number()).optional(),
    currency: z.string().optional().meta({
      description:
        'of a value in money, which is in its main unit; sum and numerator are in its minor unit',
    }),
    byCurrency: z.record(z.string(), z.number()).optional().meta({
      description: 'of money of several currencies: the value in each, in its main unit',
    }),
    identifiedShare: z.number().nullable().optional(),
    basis: z.enum(kpiBases).optional().meta({
      description:
        'whom the retention of customers counts: those under contract at the begin of the period (contracts) or, where there are none, those who paid in the one before (payers)',
    }),
    additive: z.boolean().optional(),
    clock: z.enum(['calendar', 'business', 'class']).optional().meta({
      description:
        'what its durations and limits run on; class: each contact on the clock of its class',
    }),
    by: z.enum(bookings).optional().meta({
      description: 'of passes: they count at their ends (event) or at their entries (entry)',
    }),
    target: targetSchema.optional(),
    status: z.enum(['ok', 'warning', 'breach', 'no-data', 'exempt']),
    definition: z.string().meta({ description: 'KPI and version, such as response_time@1' }),
    provisionalUntil: instant
      .optional()
      .meta({ description: 'what is counted here may change until then; absent: it is final' }),
  })
  .meta({ id: 'KpiValue' })
export type KpiValue = z.infer<typeof kpiValueSchema>

/** Present while records are missing that nobody has acknowledged. */
export const incomplete = z
  .object({
    since: instant,
    until: instant,
    records: z.int().meta({
      description: 'records of the log or of the raw topic, each of which may hold many events',
    }),
  })
  .optional()
  .meta({
    description:
      'records that came in within this time were lost before they were counted; absent: none, or acknowledged',
  })

/** By KPI. */
export const kpis = z.record(z.string(), kpiValueSchema)
