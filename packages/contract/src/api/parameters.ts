import { dimensions } from '@deskpulse/core/config'
import { bookings } from '@deskpulse/core/kpis'
import { periodKinds, trailingKinds } from '@deskpulse/core/time'
import * as z from 'zod'
import { foldRefusalCodeNames } from '../errors/refusals.ts'
import { periodDatePattern, periodLabelPattern, periodTimePattern } from '../events/time.ts'
import { windowError, windowPattern } from '../config/alerts/schema.ts'
import { millisecondsOf } from '../config/duration.ts'
import { id, sourceName, tenantName } from '../events/words.ts'

const listed = (text: string): string[] => text.split(',').filter((one) => one !== '')

/** `a,b` or left out (= all). */
const names = z
  .string()
  .transform(listed)
  .optional()
  .meta({ description: 'comma-separated KPI ids; left out = all' })

/** The OpenAPI document shows what a parameter is; its schema here reads the text, or the list of texts, that a query parser makes of it. */
function shownAs(shown: object) {
  return ({ jsonSchema }: { readonly jsonSchema: object }): void => {
    Object.assign(jsonSchema, { anyOf: undefined, pattern: undefined, ...shown })
  }
}

/** As the OpenAPI document has a slice's text; whoever reads it says more precisely what is wrong, and what there is. */
const part = `(?:${dimensions.join('|')})=(?:[^,%]|%[0-7][0-9A-Fa-f])+`
const team = 'team=(?:[^,%]|%[0-7][0-9A-Fa-f])+'
const sliceJson = { type: 'string' as const, pattern: `^(?:all|${team}|${part}(?:,${part})?)$` }
const slice = z.string().min(1).meta({ override: sliceJson })

/** Given once or several times; a query parser gives text or a list. Left out = `all`. */
const slices = z
  .union([slice, z.array(slice).max(1_000)], { error: 'a slice, such as all or queue=billing' })
  .default('all')
  .transform((one) => (Array.isArray(one) ? one : [one]))
  .meta({
    description: 'canonical slice texts; `queue=*` = every queue; values are percent-encoded',
    override: shownAs({
      type: 'array',
      items: sliceJson,
      minItems: 1,
      maxItems: 1_000,
      default: ['all'],
    }),
  })

const clock = z.enum(['calendar', 'business']).optional().meta({
  description: 'what durations and limits run on; left out = the clock of the class of the slice',
})
const by = z.enum(bookings).optional().meta({
  description:
    'where passes count: at their ends (event, usual) or in the bucket of their entries (entry)',
})
const lang = z.enum(['en', 'zh']).default('en')

function whole(minimum: number, maximum: number) {
  const error = `a whole number from ${minimum} to ${maximum}`
  return z
    .string()
    .regex(/^\d{1,9}$/, { error })
    .transform(Number)
    .refine((value) => value >= minimum && value <= maximum, { error })
    .meta({ override: shownAs({ type: 'integer', minimum, maximum }) })
}

export function wholeNumber(minimum: number, maximum: number, usual: number) {
  return whole(minimum, maximum)
    .default(usual)
    .meta({ override: shownAs({ type: 'integer', minimum, maximum, default: usual }) })
}

/** Of an answer that is JSON or CSV. */
const formats = {
  format: z.enum(['json', 'csv']).optional().meta({ description: 'wins over Accept' }),
  layout: z.enum(['long', 'wide']).optional().meta({
    description: 'of CSV: a line for each statistic (long, usual), or a column for each (wide)',
  }),
  bom: z
    .enum(['true', 'false'])
    .transform((text) => text === 'true')
    .optional()
    .meta({ description: 'of CSV: begins with a byte order mark, by which Excel knows UTF-8' }),
}

/** `limit` and `cursor` of a list. */
export function pageOf(most: number, usual: number) {
  return { limit: wholeNumber(1, most, usual), cursor: z.string().max(500).optional() }
}

export const tenantPath = z.strictObject({ tenant: tenantName })
export const kpisQuery = z.strictObject({ lang })

const window = z.string().regex(windowPattern, { error: windowError }).default('15m')

export const liveQuery = z.strictObject({
  slice: slices,
  window,
  kpis: names,
  clock,
  by,
  lang,
  ...formats,
  cursor: z.string().max(1_000).optional().meta({
    description: 'of a star with more rows than one answer holds: the page to go on with',
  }),
})

export const periods = [...periodKinds, ...trailingKinds] as const
export type Period = (typeof periods)[number]

/** A date, from its first instant on, or an instant. */
export const dateOrInstant = z.union(
  [
    z.string().regex(periodDatePattern).meta({ format: 'date' }),
    z.string().regex(periodTimePattern).meta({ format: 'date-time' }),
  ],
  {
    error:
      'a date YYYY-MM-DD, or an RFC 3339 instant with its offset, as 2026-03-02T09:00:00Z, of the years 1900 to 2199',
  },
)

export const periodsQuery = z.strictObject({
  period: z.enum(periods),
  from: dateOrInstant,
  to: dateOrInstant,
  slice: slices,
  kpis: names,
  clock,
  by,
  lang,
  revision: z
    .enum(['latest', 'all'])
    .default('latest')
    .meta({ description: 'all: a row for each revision of a closed period' }),
  ...formats,
  limit: whole(1, 1_000)
    .optional()
    .meta({ description: 'rows of a page of JSON, 1,000 when left out; CSV has every row' }),
  cursor: z.string().max(500).optional().meta({ description: 'of JSON: the page to go on with' }),
})

/** `wait>60s`: a duration, compared with another. `duration` is the same by a word that fits all of them. */
const wherePattern = /^(?:wait|duration)(>=|<=|>|<|=)(.+)$/
const whereError = 'a comparison, such as wait>60s or duration<=1.5h'
const where = z
  .string()
  .transform((text, context) => {
    const [, operator, given] = wherePattern.exec(text) ?? []
    const ms = millisecondsOf(given)
    if (operator !== undefined && typeof ms === 'number')
      return { operator: operator as WhereOperator, ms }
    context.addIssue({ code: 'custom', message: whereError })
    return z.NEVER
  })
  .optional()
  .meta({
    description:
      'only rows whose duration compares so: what they add to a time, or how long was waited; `wait` and `duration` are the same',
    override: shownAs({
      type: 'string',
      pattern: '^(?:wait|duration)(?:>=|<=|>|<|=)\\d{1,9}(?:ms|s|m|h|d)$',
    }),
  })
export type WhereOperator = '>' | '>=' | '<' | '<=' | '='

export const explainQuery = z.strictObject({
  kpi: z.string().min(1).max(100).meta({ description: 'an id of `/v1/kpis`' }),
  slice: slice.default('all'),
  window: z.string().regex(windowPattern, { error: windowError }).optional().meta({
    description: 'a live window, as of `live`; 15m where no period is given',
  }),
  period: z.enum(periods).optional().meta({ description: 'with `from`: a period of that kind' }),
  from: dateOrInstant.optional().meta({ description: 'the period that holds it' }),
  clock,
  by,
  where,
  include: z.enum(['events']).optional().meta({
    description: 'each row with the events behind it, as the log has them',
  }),
  format: formats.format,
  bom: formats.bom,
  limit: whole(1, 1_000)
    .optional()
    .meta({ description: 'rows of a page of JSON, 100 when left out; CSV has every row' }),
  cursor: z.string().max(2_000).optional().meta({ description: 'of JSON: the page to go on with' }),
})

/** `since`: a cursor, a date or an instant. */
export const closedQuery = z.strictObject({
  since: z.string().min(1).max(100).optional().meta({
    description: 'the cursor of an answer, or a date or an instant; left out = from the first on',
  }),
  limit: wholeNumber(1, 5_000, 1_000),
})

/** `lost=true`: the waits that were given up, in the place of those that go on. */
export const waitingQuery = z.strictObject({
  slice: slice.default('all'),
  limit: wholeNumber(1, 1_000, 50),
  lost: z
    .enum(['true', 'false'])
    .default('false')
    .transform((text) => text === 'true'),
})
/** `team`: those alone who are on its roster today. */
export const agentsQuery = z.strictObject({
  team: z
    .string()
    .min(1)
    .max(512)
    .optional()
    .meta({ description: 'on whose roster they are today' }),
})

export const agentPath = z.strictObject({ tenant: tenantName, agent: id })
export const agentTimelineQuery = z.strictObject({
  from: dateOrInstant.optional().meta({ description: 'left out = the beginning of today' }),
  to: dateOrInstant
    .optional()
    .meta({ description: 'at most 31 days after `from`; left out = up to now' }),
})

export const intradayQuery = z.strictObject({
  queue: z.string().min(1).max(128).optional().meta({
    description: 'the name of a queue; left out = all of them together',
  }),
  period: z.enum(['15m', '30m']).default('30m'),
  format: formats.format,
  bom: formats.bom,
})
/** Left out = all. */
export const refusalsQuery = z.strictObject({
  code: z.enum(foldRefusalCodeNames).optional(),
  source: sourceName.optional(),
  ...pageOf(1_000, 100),
})
export const slicesQuery = z.strictObject({
  dimension: z
    .string()
    .min(1)
    .max(32)
    .meta({ override: { type: 'string', enum: [...dimensions, 'team'] } }),
})

/** Of the names in answers. */
export const scoreCardsQuery = z.strictObject({ lang })
const card = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,63}$/, { error: '1 to 64 lower-case letters, digits and hyphens' })
const label = z
  .string()
  .regex(periodLabelPattern, {
    error: 'the label of a period, as 2026-03, 2026-W10 or 2026-Q1, or a date in it',
  })
  .meta({ description: 'the label of a period, or a date in it' })
export const scoreCardPath = z.strictObject({ tenant: tenantName, card, period: label })
export const agentScorePath = z.strictObject({ ...scoreCardPath.shape, agent: id })
export const scoresQuery = z.strictObject({
  lang,
  format: z.enum(['json', 'csv', 'xlsx']).optional().meta({ description: 'wins over Accept' }),
  bom: formats.bom,
})
