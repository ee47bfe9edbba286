import * as z from 'zod'
import { foldRefusalCodes } from '../errors/refusals.ts'
import { localDatePattern, timePattern } from '../events/time.ts'
import { sourceName, tenantName } from '../events/words.ts'

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

function wholeNumber(least: number, most: number, usual: number) {
  const error = `a whole number from ${least} to ${most}`
  return z
    .string()
    .regex(/^\d{1,9}$/, { error })
    .transform(Number)
    .refine((value) => value >= least && value <= most, { error })
    .default(usual)
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

export const liveQuery = z.strictObject({ slice: slices, window, kpis: names, clock, lang })

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
  ...pageOf(1_000, 1_000),
})

/** `lost=true`: the waits that were given up, in the place of those that go on. */
export const waitingQuery = z.strictObject({
  slice: z.string().min(1).default('all'),
  limit: wholeNumber(1, 1_000, 50),
  lost: z
    .enum(['true', 'false'])
    .default('false')
    .transform((text) => text === 'true'),
})
/** Left out = all. */
export const refusalsQuery = z.strictObject({
  code: z.enum(Object.keys(foldRefusalCodes)).optional(),
  source: sourceName.optional(),
  ...pageOf(1_000, 100),
})
export const slicesQuery = z.strictObject({ dimension: z.string().min(1).max(32) })
