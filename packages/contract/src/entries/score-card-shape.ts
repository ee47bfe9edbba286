import { type ScoreCard, scoredPeriods, scoredStatistics } from '@deskpulse/core/config'
import * as z from 'zod'

const points = z.number().min(0).max(100)
const text = z.strictObject({ en: z.string(), zh: z.string() })
const weight = z.number().min(0)

/** A score card as it is stored: complete, its amounts in the units of its KPIs. */
export const scoreCardShape = z.strictObject({
  id: z.string(),
  name: text,
  period: z.enum(scoredPeriods),
  from: z.string().nullable(),
  teams: z.array(z.string()).readonly().nullable(),
  roles: z.array(z.string()).readonly().nullable(),
  items: z
    .array(
      z.strictObject({
        kpi: z.string(),
        statistic: z.enum(scoredStatistics),
        slice: z.string().nullable(),
        weight,
        points: z
          .array(z.tuple([z.number(), points]).readonly())
          .min(1)
          .readonly(),
        few: z.strictObject({ upTo: z.int(), minusEach: points }).nullable(),
        whenEmpty: points.nullable(),
      }),
    )
    .readonly(),
  bands: z
    .array(z.strictObject({ id: z.string(), name: text, from: points }))
    .min(1)
    .readonly(),
  raters: z
    .strictObject({ self: weight, supervisor: weight, peer: weight, customer: weight })
    .nullable(),
}) satisfies z.ZodType<ScoreCard>
