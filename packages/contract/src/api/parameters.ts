import * as z from 'zod'
import { localDatePattern, timePattern } from '../events/time.ts'
import { tenantName } from '../events/words.ts'

const listed = (text: string): string[] => text.split(',').filter((one) => one !== '')

/** `a,b` or left out (= all). */
const names = z.string().transform(listed).optional().meta({ description: 'comma-separated KPI ids; left out = all' })

/** Given once or several times; a query parser gives text or a list. Left out = `all`. */
const slices = z
  .union([z.string().min(1), z.array(z.string().min(1)).max(1_000)], { error: 'a slice, such as all or queue=billing' })
  .default('all')
  .transform((one) => (Array.isArray(one) ? one : [one]))
  .meta({ description: 'canonical slice texts; `queue=*` = every queue; values are percent-encoded' })

const clock = z.enum(['calendar', 'business']).default('calendar')
const lang = z.enum(['en', 'zh']).default('en')

function whole(least: number, most: number) {
  const error = `a whole number from ${least} to ${most}`
  return z
    .string()
    .regex(/^\d{1,9}$/, { error })
    .transform(Number)
    .refine((value) => value >= least && value <= most, { error })
}

const wholeNumber = (least: number, most: number, usual: number) => whole(least, most).default(usual)

/** Of an answer that is JSON or CSV. */
const formats = {
  format: z.enum(['json', 'csv']).optional().meta({ description: 'wins over Accept' }),
  layout: z
    .enum(['long', 'wide'])
    .optional()
    .meta({ description: 'of CSV: a line for each statistic (long, usual), or a column for each (wide)' }),
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

const window = z
  .string()
  .regex(/^(?:[1-9]|[1-5]\d|60)m$|^today$/, { error: '1m … 60m or today' })
  .default('15m')

export const liveQuery = z.strictObject({ slice: slices, window, kpis: names, clock, lang, ...formats })

export const periods = ['15m', '30m', 'hour', 'day', 'week', 'month', 'quarter', 'year'] as const
export type Period = (typeof periods)[number]

const dateOrInstantError = 'a date YYYY-MM-DD, or an RFC 3339 instant'
const dateOrInstant = z
  .string({ error: dateOrInstantError })
  .refine((text) => localDatePattern.test(text) || timePattern.test(text), { error: dateOrInstantError })

export const periodsQuery = z.strictObject({
  period: z.enum(periods),
  from: dateOrInstant,
  to: dateOrInstant,
  slice: slices,
  kpis: names,
  clock,
  lang,
  revision: z.enum(['latest', 'all']).default('latest'),
  ...formats,
  limit: whole(1, 1_000).optional().meta({ description: 'rows of a page of JSON, 1,000 when left out; CSV has every row' }),
  cursor: z.string().max(500).optional().meta({ description: 'of JSON: the page to go on with' }),
})

export const waitingQuery = z.strictObject({ slice: z.string().min(1).default('all'), limit: wholeNumber(1, 1_000, 50) })
export const slicesQuery = z.strictObject({ dimension: z.string().min(1).max(32) })
