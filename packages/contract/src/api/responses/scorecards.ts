// Score cards: how they are made, and what agents have by them.
import { scoredPeriods, scoredStatistics } from '@deskpulse/core/config'
import { pointsRules } from '@deskpulse/core/scorecards'
import * as z from 'zod'
import { appealSchema } from '../appeals.ts'
import { instant } from '../instant.ts'
import { incomplete, knownAsOf, kpiValueSchema, nullReasons } from './values.ts'

const points = z.number().min(0).max(100)
const band = z.object({ id: z.string(), name: z.string() })

const cardSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    period: z.enum(scoredPeriods),
    from: z
      .string()
      .nullable()
      .meta({ description: 'of periods that begin on this date or later; null: of all' }),
    teams: z
      .array(z.string())
      .nullable()
      .meta({ description: 'of agents whose first team is one of these; null: of all' }),
    roles: z.array(z.string()).nullable(),
    kpis: z.array(
      z.object({
        kpi: z.string(),
        name: z.string(),
        statistic: z.enum(scoredStatistics),
        slice: z
          .string()
          .nullable()
          .meta({ description: 'the part of the agent’s work; null: all of it' }),
        weight: z.number(),
        points: z
          .array(z.tuple([z.number(), points]))
          .meta({ description: 'value and points: straight lines between, clipped' }),
        few: z
          .object({ upTo: z.int(), minusEach: points })
          .nullable()
          .meta({ description: 'of a share of at most so many: 100 less so much for each miss' }),
        whenEmpty: points
          .nullable()
          .meta({ description: 'without a value; null: its weight goes to the others' }),
      }),
    ),
    bands: z.array(z.object({ ...band.shape, from: points })),
    raters: z
      .record(z.string(), z.number())
      .nullable()
      .meta({ description: 'weights of raters; null: those of the tenant' }),
  })
  .meta({ id: 'ScoreCard' })

export const scoreCardsSchema = z
  .object({ tenant: z.string(), ...knownAsOf, cards: z.array(cardSchema) })
  .meta({ id: 'ScoreCards' })
export type ScoreCardsResponse = z.infer<typeof scoreCardsSchema>

const total = z
  .number()
  .nullable()
  .meta({ description: '0 to 100; null: no KPI of the card has a value' })

const itemSchema = z.object({
  kpi: z.string(),
  statistic: z.enum(scoredStatistics),
  slice: z.string().meta({ description: 'of which the value is' }),
  weight: z.number(),
  value: kpiValueSchema,
  points: points.nullable().meta({ description: 'null: there is no value, or it is left out' }),
  leftOut: z.object({
    byAppeal: z.string().nullable().meta({
      description: 'the appeal by which the KPI gives no points; null: none',
    }),
    slice: z.string().nullable().meta({
      description: 'what appeals leave out of the value, for `kpis/explain`; null: nothing ever',
    }),
  }),
  rule: z.enum(pointsRules).nullable().meta({
    description:
      'how the points are found: on the line, by each miss of few, or as of what is not there',
  }),
  adds: z.number().nullable().meta({
    description: 'to the total: points × weight ÷ the weights of all that have points',
  }),
})

const rowSchema = z
  .object({
    agentId: z.string(),
    team: z.string().nullable().meta({ description: 'the first one on the roster' }),
    role: z.string().nullable(),
    total,
    band: band.nullable(),
    rank: z.int().nullable().meta({ description: 'in the team, 1 = the highest total' }),
    ranked: z.int().nullable().meta({ description: 'of how many' }),
    top: z.boolean().meta({ description: 'among the first three' }),
    salesIndex: z
      .object({
        value: z.number().nullable(),
        reason: z.enum(nullReasons).optional().meta({ description: 'with `value: null` alone' }),
        byCurrency: z.record(z.string(), z.number()).optional().meta({
          description: 'where they sold in several currencies',
        }),
        agents: z.int().meta({ description: 'of the role in the team who served a customer' }),
      })
      .meta({
        description:
          'own sales ÷ the mean of those of all agents of the role in the team who served a customer, as they are now',
      }),
    closed: z.boolean(),
    revision: z.int().optional().meta({
      description: '1 as the period was closed, one more each time that the score changed',
    }),
    closedAt: instant.optional(),
    provisionalUntil: instant.optional(),
    missingWeight: z
      .number()
      .meta({ description: 'of KPIs without points, spread over the others' }),
    appeals: z
      .object({ open: z.int(), decided: z.int() })
      .meta({ description: 'of the agent, about some of the period' }),
    weakest: z.string().nullable().meta({
      description: 'the KPI that misses its target by most; null: none misses one',
    }),
    lowInARow: z.int().meta({ description: 'periods up to this one in the lowest band' }),
    topQuartersInARow: z.int().meta({
      description: 'quarters that are over in the highest band, by the mean of their periods',
    }),
    items: z.array(itemSchema),
  })
  .meta({ id: 'AgentScore' })

const about = {
  tenant: z.string(),
  timeZone: z.string(),
  ...knownAsOf,
  incomplete,
  card: cardSchema.meta({ description: 'as it was in force in the period' }),
  start: instant,
  end: instant,
  label: z.string(),
}

export const scoresSchema = z
  .object({ ...about, rows: z.array(rowSchema).meta({ description: 'by agent' }) })
  .meta({ id: 'Scores' })
export type ScoresResponse = z.infer<typeof scoresSchema>

export const agentScoreSchema = z
  .object({
    ...about,
    ...rowSchema.shape,
    course: z
      .array(
        z.object({
          start: instant,
          end: instant,
          label: z.string(),
          total,
          band: band.nullable(),
        }),
      )
      .meta({ description: 'twelve periods, this one last, each by the card in force in it' }),
    appealsAbout: z
      .array(appealSchema)
      .meta({ description: 'of the agent, about some of the period, filed last first' }),
    revisions: z
      .array(
        z.object({
          revision: z.int(),
          closedAt: instant,
          total,
          band: band.nullable(),
          changes: z.array(
            z.object({
              kpi: z.string(),
              slice: z.string(),
              before: z.number().nullable(),
              after: z.number().nullable(),
              pointsBefore: z.number().nullable(),
              pointsAfter: z.number().nullable(),
            }),
          ),
        }),
      )
      .meta({ description: 'what was issued, the first one first, each with what it changed' }),
  })
  .meta({ id: 'AgentScoreCard' })
export type AgentScoreResponse = z.infer<typeof agentScoreSchema>
