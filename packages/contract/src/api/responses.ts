import { closedCauses, revisionReasons } from '@deskpulse/core/closed'
import { bookings } from '@deskpulse/core/kpis'
import { type ClockProblem, clockProblems, closedKinds } from '@deskpulse/core/time'
import * as z from 'zod'
import { foldRefusalCodes } from '../errors/refusals.ts'
import { flatRowSchema } from '../rows/schema.ts'
import { anyEventSchema } from './events-in.ts'
import { instant } from './instant.ts'

/**
 * What is wrong with the clocks in the log, `null`: nothing. `ahead`: log time stands until the clocks have caught up; `jump`, `silence`: both clocks are
 * elsewhere, and it is judged whether that lasts; `append`, `sender`: one is off, and is not followed.
 */
export const clockSchema = z
  .object({
    problem: z.enum(clockProblems),
    byMs: z.int().meta({ description: 'how far, in ms, when it began; negative: back' }),
    since: instant,
  })
  .nullable()
  .meta({ id: 'LogClock', description: 'what is wrong with the clocks in the log; null: nothing' })
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

const targetSchema = z.object({ min: z.number().optional(), max: z.number().optional() })

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
    currency: z.string().optional(),
    byCurrency: z.record(z.string(), z.number()).optional(),
    identifiedShare: z.number().nullable().optional(),
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
const incomplete = z
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

const kpis = z.record(z.string(), kpiValueSchema)

export const kpiListSchema = z
  .object({
    kpis: z.array(
      z.object({
        id: z.string(),
        name: z.string(),
        description: z.string(),
        unit: unitSchema,
        direction: z.enum(['lower', 'higher', 'neutral']),
        target: targetSchema.nullable(),
        version: z.int(),
      }),
    ),
  })
  .meta({ id: 'KpiList' })
export type KpiList = z.infer<typeof kpiListSchema>

export const liveSchema = z
  .object({
    tenant: z.string(),
    asOf: instant,
    stale: z.boolean(),
    clock: clockSchema,
    incomplete,
    window: z.object({ start: instant, end: instant }),
    rows: z.array(z.object({ slice: z.string(), kpis })),
    /** Of a star, how many rows follow these; absent = none. */
    omitted: z.int().optional(),
    /** Ask again with it for the rows after these; absent = there are none. */
    cursor: z.string().optional(),
  })
  .meta({ id: 'Live' })
export type LiveResponse = z.infer<typeof liveSchema>

export const periodsSchema = z
  .object({
    tenant: z.string(),
    timeZone: z.string(),
    period: z.string(),
    asOf: instant,
    stale: z.boolean(),
    clock: clockSchema,
    incomplete,
    rows: z.array(
      z.object({
        start: instant,
        end: instant,
        label: z.string(),
        timeZone: z
          .string()
          .optional()
          .meta({ description: 'where another one applied than applies now' }),
        slice: z.string(),
        closed: z.boolean().meta({
          description:
            'it was issued, and these are the values that were issued last; of a slice that held nothing: the period is closed',
        }),
        revision: z.int().optional().meta({
          description: 'of a closed row: 1 as the period was closed, one more with each issue',
        }),
        closedAt: instant.optional().meta({ description: 'log time at which it was issued' }),
        provisionalUntil: instant.optional().meta({
          description: 'the latest `provisionalUntil` of its values; absent: none of them says one',
        }),
        /** With `revision=all`, of an issued row. */
        cause: z.enum(closedCauses).optional().meta({ description: 'why it was issued' }),
        why: z.array(z.enum(revisionReasons)).optional().meta({
          description: 'what changed since the revision before, as far as the measures say',
        }),
        changes: z
          .array(
            z.object({
              kpi: z.string(),
              before: z.number().nullable(),
              after: z.number().nullable(),
            }),
          )
          .optional()
          .meta({ description: 'KPIs whose value is not that of the revision before' }),
        kpis,
      }),
    ),
    /** Ask again with it for the rows after these; absent = there are none. */
    cursor: z.string().optional(),
  })
  .meta({ id: 'Periods' })
export type PeriodsResponse = z.infer<typeof periodsSchema>

/** What was issued of closed periods, in the order in which it was. */
export const closedSchema = z
  .object({
    tenant: z.string(),
    asOf: instant,
    stale: z.boolean(),
    clock: clockSchema,
    rows: z.array(
      z.object({
        kind: z.enum(closedKinds),
        start: instant,
        end: instant,
        label: z.string(),
        slice: z.string(),
        revision: z.int(),
        closedAt: instant,
      }),
    ),
    /** More was issued than these. */
    more: z.boolean(),
    /** As `since` of the next question: what is issued after these. */
    cursor: z.string(),
  })
  .meta({ id: 'Closed' })
export type ClosedResponse = z.infer<typeof closedSchema>

export const waitingSchema = z
  .object({
    asOf: instant,
    stale: z.boolean(),
    clock: clockSchema,
    incomplete,
    count: z.int(),
    rows: z.array(
      z.object({
        contactId: z.string(),
        kind: z.enum(['reply', 'queue']),
        since: instant,
        dueAt: instant,
        first: z.boolean(),
        queue: z.string().nullable(),
        channel: z.string(),
        agentId: z.string().nullable(),
        priority: z.string().nullable(),
        position: z.int().nullable().meta({
          description:
            'of a caller: the place in the queue, 1 = the next one; null: an owed reply, a call in no queue, or a wait that was given up',
        }),
        estimatedWaitMs: z.int().nullable().meta({
          description:
            'how long a caller will probably wait from now on, by the calls that the queue answered in the last 30 minutes; null: it answered none, or there is no position',
        }),
      }),
    ),
  })
  .meta({ id: 'Waiting' })
export type WaitingResponse = z.infer<typeof waitingSchema>

const reason = z.string().nullable().meta({
  description: 'why the agent is in its state, in the word of the source; null: it gave none',
})

export const agentsSchema = z
  .object({
    asOf: instant,
    stale: z.boolean(),
    clock: clockSchema,
    incomplete,
    rows: z.array(
      z.object({
        id: z.string(),
        state: z.string(),
        reason,
        since: instant,
        contacts: z.int(),
        capacity: z.int().nullable(),
        queues: z.array(z.string()),
        missedInARow: z.int().meta({
          description: 'offers that it missed since the last one that it accepted',
        }),
        /** Of today, as rosters say. */
        teams: z.array(z.string()),
        role: z.string().nullable(),
        aliases: z.array(z.string()),
      }),
    ),
  })
  .meta({ id: 'Agents' })
export type AgentsResponse = z.infer<typeof agentsSchema>

export const agentTimelineSchema = z
  .object({
    tenant: z.string(),
    agentId: z.string(),
    timeZone: z.string(),
    asOf: instant,
    stale: z.boolean(),
    clock: clockSchema,
    incomplete,
    start: instant,
    end: instant.meta({ description: 'as it was asked for; rows end at `asOf`' }),
    rows: z
      .array(
        z.object({
          state: z.string(),
          reason,
          class: z
            .enum(['handling', 'available', 'not_ready'])
            .nullable()
            .meta({ description: 'as what the time counts; null: the agent is not signed in' }),
          start: instant,
          end: instant.nullable().meta({ description: 'null: it goes on' }),
          durationMs: z.int(),
          queues: z.array(z.string()),
          signedOutBy: z.enum(['heartbeat', 'silence', 'shift-max']).nullable().meta({
            description: 'the timeout that set the agent offline; null: none did',
          }),
        }),
      )
      .meta({ description: 'in order of time' }),
    totals: z
      .array(z.object({ state: z.string(), reason, count: z.int(), durationMs: z.int() }))
      .meta({ description: 'how often and how long in each state with each reason' }),
  })
  .meta({ id: 'AgentTimeline' })
export type AgentTimelineResponse = z.infer<typeof agentTimelineSchema>

const expected = (what: string) => z.number().nullable().meta({ description: what })

export const intradaySchema = z
  .object({
    tenant: z.string(),
    timeZone: z.string(),
    asOf: instant,
    stale: z.boolean(),
    clock: clockSchema,
    incomplete,
    slice: z.string(),
    period: z.string(),
    serviceLevel: z
      .object({ share: z.number(), withinMs: z.int() })
      .meta({ description: 'what the required agents are to reach' }),
    rows: z.array(
      z.object({
        start: instant,
        end: instant,
        label: z.string(),
        forecastOffered: expected('contacts; null: nothing is forecast'),
        actualOffered: expected('contacts up to now; null: it has not begun'),
        variance: expected(
          '(actual − forecast) ÷ forecast of what has begun; null: nothing of a forecast has',
        ),
        forecastHandleMs: expected('the handle time of a contact; null: nothing was told of it'),
        requiredAgents: z.int().nullable().meta({
          description:
            'by Erlang C for the forecast, with the handle time of today where it tells none; null: neither is known, or nothing is forecast',
        }),
        forecastAgents: expected('agents who are planned; null: nothing was told of them'),
      }),
    ),
    totals: z.object({
      actualToNow: z.number(),
      forecastToNow: z.number(),
      forecastDay: z.number(),
      projectedDay: expected(
        'what the day comes to if what is ahead is off by as much as what has been; null: nothing of a forecast has begun',
      ),
    }),
  })
  .meta({ id: 'Intraday' })
export type IntradayResponse = z.infer<typeof intradaySchema>

export const slicesSchema = z
  .object({
    asOf: instant,
    stale: z.boolean(),
    clock: clockSchema,
    dimension: z.string(),
    values: z.array(z.object({ value: z.string(), slice: z.string(), name: z.string() })),
    /** Of queue, agent and channel. */
    limit: z
      .object({ values: z.int(), max: z.int(), other: z.array(z.string()) })
      .optional()
      .meta({
        description:
          'how many values have slices of their own, of how many; the first hundred of those that count as `other`: none = no one does',
      }),
  })
  .meta({ id: 'Slices' })
export type SlicesResponse = z.infer<typeof slicesSchema>

/** What the folds refused of a tenant: the last 1,000 of them. */
export const refusalsSchema = z
  .object({
    asOf: instant,
    stale: z.boolean(),
    clock: clockSchema,
    /** All that were refused since the log began. */
    total: z.int(),
    /** Of those listed, how many are asked for. */
    count: z.int(),
    /** The newest first. */
    rows: z.array(
      z.object({
        at: instant.meta({ description: 'log time of the entry at which it was refused' }),
        code: z.enum(Object.keys(foldRefusalCodes)),
        reason: z.string(),
        source: z.string().nullable(),
        id: z.string().nullable(),
        type: z.string().nullable(),
        time: instant.nullable(),
        event: anyEventSchema.nullable().meta({
          description: 'as the log has it, pseudonymised; null: no event, or more than 2 KiB',
        }),
        place: z
          .object({ partition: z.int(), offset: z.int(), index: z.int() })
          .meta({ description: 'of that entry in the log' }),
      }),
    ),
    /** Ask again with it for the rows after these; absent = there are none. */
    cursor: z.string().optional(),
  })
  .meta({ id: 'Refusals' })
export type RefusalsResponse = z.infer<typeof refusalsSchema>

/** What a row, or what goes on, adds to the numbers of the same names of a KPI's value. */
const added = {
  numerator: z.int().optional(),
  denominator: z.int().optional(),
  count: z.int().optional().meta({ description: 'of a time: how often it was measured' }),
  sum: z.int().optional().meta({ description: 'of a time: ms' }),
  value: z.int().optional().meta({ description: 'of a number, or of what goes on' }),
}

export const explainSchema = z
  .object({
    tenant: z.string(),
    asOf: instant,
    stale: z.boolean(),
    clock: clockSchema,
    incomplete,
    source: z.enum(['state', 'log']).meta({
      description: 'what the rows were read from: what is held, or the log, folded anew',
    }),
    kpi: z.string(),
    slice: z.string(),
    window: z.object({ start: instant, end: instant }).optional(),
    period: z
      .object({ kind: z.string(), label: z.string(), start: instant, end: instant })
      .optional(),
    value: kpiValueSchema.meta({ description: 'as `live` and `periods` give it' }),
    sums: z.object(added).meta({
      description:
        'of the rows up to here: of this page and those before; of all rows the numbers of the value',
    }),
    rows: z.array(
      z.object({
        at: instant.meta({ description: 'the first instant at which it counts here' }),
        ...added,
        durationMs: z.int().optional().meta({
          description: 'what `where` compares: the time that is averaged, else how long was waited',
        }),
        row: flatRowSchema.nullable().meta({ description: 'null: it is what goes on' }),
        open: z
          .object({
            kind: z.string(),
            since: instant,
            contactId: z.string().optional(),
            agentId: z.string().optional(),
          })
          .nullable()
          .meta({ description: 'what goes on; null: it is a row' }),
        events: z
          .array(anyEventSchema)
          .optional()
          .meta({ description: 'of its subject, in order' }),
        hasAllEvents: z.boolean().optional().meta({
          description: 'false: the subject had events before these, which the log alone still has',
        }),
      }),
    ),
    /** Ask again with it for the rows after these; absent = there are none. */
    cursor: z.string().optional(),
  })
  .meta({ id: 'Explained' })
export type ExplainResponse = z.infer<typeof explainSchema>

export const livenessSchema = z.object({ alive: z.boolean() }).meta({ id: 'Liveness' })
/** `checks`: by name, whether it passed just now; `reasons`: why those that did not have not. */
export const readinessSchema = z
  .object({
    ready: z.boolean(),
    stopping: z.boolean(),
    checks: z.record(z.string(), z.boolean()),
    reasons: z.record(z.string(), z.string()),
  })
  .meta({ id: 'Readiness' })
