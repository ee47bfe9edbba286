// Values of KPIs: which there are, now, of periods, as they were issued, by the intervals of a day.
import { closedCauses, revisionReasons } from '@deskpulse/core/closed'
import { closedKinds } from '@deskpulse/core/time'
import * as z from 'zod'
import { instant } from '../instant.ts'
import { incomplete, knownAsOf, kpis, targetSchema, unitSchema } from './values.ts'

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
    ...knownAsOf,
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
    ...knownAsOf,
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
    ...knownAsOf,
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

const expected = (what: string) => z.number().nullable().meta({ description: what })

export const intradaySchema = z
  .object({
    tenant: z.string(),
    timeZone: z.string(),
    ...knownAsOf,
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
