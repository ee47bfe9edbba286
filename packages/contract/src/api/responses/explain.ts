// The rows behind a value.
import * as z from 'zod'
import { flatRowSchema } from '../../rows/schema.ts'
import { anyEventSchema } from '../events-in.ts'
import { instant } from '../instant.ts'
import { incomplete, knownAsOf, kpiValueSchema } from './values.ts'

/** What a row, or what goes on, adds to the numbers of the same names of a KPI's value. */
const added = {
  numerator: z.int().optional(),
  denominator: z.int().optional(),
  count: z.int().optional().meta({ description: 'of a time: how often it was measured' }),
  sum: z.int().optional().meta({ description: 'of a time: ms' }),
  value: z.int().optional().meta({ description: 'of a number, or of what goes on' }),
  minorByCurrency: z.record(z.string(), z.int()).optional().meta({
    description: 'of money: minor units by currency, where the value has sum or numerator',
  }),
}

export const explainSchema = z
  .object({
    tenant: z.string(),
    ...knownAsOf,
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
