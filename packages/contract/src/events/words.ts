import * as z from 'zod'
import { localDatePattern, timePattern } from './time.ts'

/** The scalars that attributes are made of. Lengths count Unicode code points; a lone surrogate is no character. */
const characters = '[^\\u0000-\\u001f\\u007f-\\u009f\\ud800-\\udfff]'

function text(pattern: RegExp, description: string): z.ZodString {
  return z.string().regex(pattern, { error: description }).meta({ description })
}

export const id = text(
  new RegExp(`^${characters}{1,256}$`, 'u'),
  'text of 1 to 256 characters without control characters',
)
export const sourceName = text(
  new RegExp(`^${characters}{1,256}$`, 'u'),
  'text of 1 to 256 characters without control characters',
)
/** An open vocabulary: a queue, a topic, a channel that we do not know. */
export const word = text(
  new RegExp(`^${characters}{1,128}$`, 'u'),
  'word of 1 to 128 characters without control characters',
)
export const tenantName = text(
  /^[a-z0-9][a-z0-9-]{0,62}$/u,
  'tenant: 1 to 63 of a–z, 0–9 and -, not beginning with -',
)
export const sequenceDigits = text(/^\d{1,64}$/u, 'text of 1 to 64 digits')
export const time = text(timePattern, 'RFC 3339 time with seconds and offset')
export const localDate = text(localDatePattern, 'date YYYY-MM-DD')
const currency = text(/^[A-Z]{3}$/u, 'ISO 4217 code, three capital letters')

export const flag = z.boolean()
export const count = z.int().min(0).max(1_000_000_000)
export const durationMs = z
  .int()
  .min(0)
  .max(400 * 86_400_000)
  .meta({ description: 'milliseconds, up to 400 days' })
/** A forecast may be a fraction. */
export const contactsExpected = z.number().min(0).max(10_000_000)
export const agentsPlanned = z.number().min(0).max(100_000)
export const rating = z.number().min(-1_000_000).max(1_000_000)
export const score100 = z.number().min(0).max(100)
/** Thousands of the largest amounts in one day are still added up exactly. */
export const money = z
  .object({ amountMinor: z.int().min(0).max(1_000_000_000_000), currency })
  .meta({ description: 'money in minor units of its currency, up to 10^12' })
export const datePeriod = z
  .object({ start: localDate, end: localDate })
  .meta({ description: 'local dates; both are inside' })

/** What somebody wrote for others to read. */
export const sentence = text(
  new RegExp(`^${characters}{1,1000}$`, 'u'),
  'text of 1 to 1000 characters without control characters',
)
export const ids = z.array(id).max(100).meta({ description: 'a list of at most 100 ids' })
export const kpiIds = z.array(word).max(50).meta({ description: 'a list of at most 50 KPIs' })
export const scoreIds = z
  .array(
    z.object({
      kind: z.enum(['complaint', 'review', 'quality-review', 'violation', 'assessment']),
      id,
    }),
  )
  .max(100)
  .meta({ description: 'a list of at most 100 of { kind, id }' })

const entriesMax = (most: number) => (value: object) => Object.keys(value).length <= most

/** What each question of a review's form was given. */
export const questions = z
  .array(z.object({ question: word, score: score100 }))
  .max(100)
  .meta({ description: 'a list of at most 100 of { question, score }' })

/** At most 8 keys. */
export const labels = z
  .record(word, word)
  .refine(entriesMax(8), { error: 'at most 8 labels' })
  .meta({ maxProperties: 8, description: 'at most 8 labels' })

/** Channel → contacts at once. */
export const capacity = z
  .record(word, z.int().min(0).max(1_000))
  .refine(entriesMax(16), { error: 'at most 16 channels' })
  .meta({ maxProperties: 16, description: 'contacts at once by channel; at most 16 channels' })
