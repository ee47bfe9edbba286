import {
  type CardText,
  defaultBands,
  defaultTenantConfig,
  type ScoreCard,
  scoredPeriods,
  scoredStatistics,
} from '@deskpulse/core/config'
import * as z from 'zod'
import { localDatePattern } from '../events/time.ts'
import { amount } from './amount.ts'
import { millisecondsOf } from './duration.ts'

const name = z.string().min(1).max(128)
const idError = '1 to 64 lower-case letters, digits and hyphens'
const id = z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/u, { error: idError })
const points = z.number().min(0).max(100)

/** One for both languages, or one for each. */
const text = z.union([name, z.strictObject({ en: name, zh: name })], {
  error: 'a name, or { en, zh }',
})

/** Of one kind of raters, beside those of the others. */
const raterWeight = z.number().min(0).max(100)
export const raterWeights = z.strictObject({
  self: raterWeight,
  supervisor: raterWeight,
  peer: raterWeight,
  customer: raterWeight,
})

const item = z.strictObject({
  kpi: name,
  statistic: z.enum(scoredStatistics).optional(),
  /** Beside the agent: of one queue, one channel. */
  slice: name.optional(),
  weight: z.number().gt(0).max(100),
  points: z
    .array(z.tuple([amount, points]))
    .min(1)
    .max(50),
  few: z.strictObject({ upTo: z.int().min(1).max(1_000_000), minusEach: points }).optional(),
  whenEmpty: points.optional(),
})

const band = z.strictObject({ id, name: text.optional(), from: points })

const card = z.strictObject({
  id,
  name: text.optional(),
  period: z.enum(scoredPeriods).optional(),
  from: z.string().regex(localDatePattern, { error: 'a date YYYY-MM-DD, in quotes' }).optional(),
  teams: z.array(name).min(1).max(1_000).optional(),
  roles: z.array(name).min(1).max(1_000).optional(),
  kpis: z.array(item).min(1).max(50),
  bands: z.array(band).min(1).max(10).optional(),
  raters: raterWeights.partial().optional(),
})

/** Score cards as the file says them; what follows from several keys: `scoreCardFaults`. */
export const scoreCardsSchema = z.array(card).max(100)

export type ScoreCardInput = z.output<typeof card>
export type ScoreItemInput = z.output<typeof item>

const textOf = (said: string | CardText): CardText =>
  typeof said === 'string' ? { en: said, zh: said } : said

function itemOf(input: ScoreItemInput): ScoreCard['items'][number] {
  const { statistic = 'value', slice = null, few = null, whenEmpty = null } = input
  return {
    ...{ kpi: input.kpi, statistic, slice, weight: input.weight, few, whenEmpty },
    points: input.points.map(([at, its]) => [Number(millisecondsOf(at)), its] as const),
  }
}

/** A card that was checked. */
export function scoreCardOf(input: ScoreCardInput): ScoreCard {
  const bands = input.bands?.map(({ id, name = id, from }) => ({ id, name: textOf(name), from }))
  return {
    id: input.id,
    name: textOf(input.name ?? input.id),
    period: input.period ?? 'month',
    from: input.from ?? null,
    teams: input.teams ?? null,
    roles: input.roles ?? null,
    items: input.kpis.map(itemOf),
    bands: bands ?? defaultBands,
    raters: input.raters === undefined ? null : { ...defaultTenantConfig.raters, ...input.raters },
  }
}
