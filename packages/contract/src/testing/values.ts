import fc from 'fast-check'
import * as z from 'zod'
import { formatTime } from '../events/time.ts'
import * as words from '../events/words.ts'

type Schema = z.core.$ZodType

const syllable = fc.constantFrom(
  'a',
  'b',
  '7',
  '-',
  ' ',
  'é',
  '客',
  '😀',
  '~',
  '/',
  '"',
  '\\',
  '%',
  ':',
)
const word = fc.oneof(
  fc.constantFrom('billing', 'refund', 'chat', 'constructor', 'toString'),
  fc.string({ unit: syllable, minLength: 1, maxLength: 12 }),
)
const key = word.filter((one) => one !== '__proto__')
const date = fc
  .integer({ min: 0, max: 40_000 })
  .map((day) => formatTime(day * 86_400_000).slice(0, 10))

/** An instant of 2026, written in one of the ways that RFC 3339 has. */
const time = fc
  .tuple(
    fc.integer({ min: 1_767_225_600_000, max: 1_798_761_599_999 }),
    fc.constantFrom('Z', 'z', '+00:00', '-09:30', '+14:00'),
    fc.boolean(),
  )
  .map(([ms, offset, isWhole]) => {
    const text = formatTime(ms)
    return `${isWhole ? text.slice(0, 19) : text.slice(0, 23)}${offset}`
  })

/** Scalars that a pattern makes; the rest follows from the schema's shape. */
const known = new Map<Schema, fc.Arbitrary<unknown>>([
  [
    words.id,
    fc.oneof(
      fc.integer({ min: 0, max: 30 }).map((n) => `id-${n}`),
      word,
    ),
  ],
  [words.word, word],
  [words.sourceName, fc.constantFrom('/chat/acme', 'urn:pbx:1', 'https://desk.example/a b')],
  [words.tenantName, fc.constantFrom('acme', 'other', '0-x')],
  [
    words.sequenceDigits,
    fc.oneof(
      fc.bigInt({ min: 0n, max: 10n ** 60n }).map(String),
      fc.constantFrom('0', '007', '000'),
    ),
  ],
  [words.time, time],
  [words.localDate, date],
  [words.labels, fc.dictionary(key, word, { maxKeys: 8, noNullPrototype: true })],
  [
    words.capacity,
    fc.dictionary(word, fc.integer({ min: 0, max: 1_000 }), { maxKeys: 16, noNullPrototype: true }),
  ],
  [
    words.money,
    fc.record({
      amountMinor: fc.nat({ max: 1_000_000_000_000 }),
      currency: fc.constantFrom('CNY', 'EUR', 'JPY'),
    }),
  ],
])

function numberOf(schema: z.ZodNumber): fc.Arbitrary<number> {
  const range = {
    min: Math.max(schema.minValue ?? -1e6, -1e6),
    max: Math.min(schema.maxValue ?? 1e6, 2 ** 53 - 1),
  }
  const isWhole = !schema.safeParse(range.min + 0.5).success
  // JSON has no negative zero.
  const fraction = fc.double({ ...range, noNaN: true }).map((value) => (value === 0 ? 0 : value))
  return isWhole ? fc.integer(range) : fraction
}

const epochMs = fc.integer({ min: 0, max: 4_000_000_000_000 })

/** Values that the schema accepts, made from its shape. */
export function valueOf(schema: Schema): fc.Arbitrary<unknown> {
  const made = known.get(schema)
  if (made !== undefined) return made
  if (schema instanceof z.ZodObject) return objectOf(schema)
  if (schema instanceof z.ZodEnum) return fc.constantFrom(...schema.options)
  if (schema instanceof z.ZodLiteral) return fc.constantFrom(...schema.values)
  if (schema instanceof z.ZodBoolean) return fc.boolean()
  if (schema instanceof z.ZodNumber) return numberOf(schema)
  if (schema instanceof z.ZodNullable) return fc.option(valueOf(schema.unwrap()))
  if (schema instanceof z.ZodDefault) return valueOf(schema.unwrap())
  if (schema instanceof z.ZodUnion) return fc.oneof(...(schema.options as Schema[]).map(valueOf))
  if (schema instanceof z.ZodRecord)
    return fc.dictionary(key, valueOf(schema.valueType), { maxKeys: 4, noNullPrototype: true })
  if (schema instanceof z.ZodCustom) return epochMs // The only branded value.
  if (schema instanceof z.ZodArray) return fc.array(valueOf(schema.element), { maxLength: 4 })
  if (schema instanceof z.ZodString) return word // A word with examples.
  throw new Error(`no arbitrary for ${schema.constructor.name}`)
}

export function objectOf(schema: z.ZodObject): fc.Arbitrary<Record<string, unknown>> {
  const parts: Record<string, fc.Arbitrary<unknown>> = {}
  const requiredKeys: string[] = []
  for (const [key, part] of Object.entries(schema.shape) as [string, Schema][]) {
    const isOptional = part instanceof z.ZodOptional
    parts[key] = valueOf(isOptional ? part.unwrap() : part)
    if (!isOptional) requiredKeys.push(key)
  }
  return fc.record(parts, { requiredKeys, noNullPrototype: true })
}

/** The same, typed: for schemas whose every value is plain JSON. */
export function shapedValueOf<Shape extends z.ZodType>(
  schema: Shape,
): fc.Arbitrary<z.output<Shape>> {
  return valueOf(schema) as fc.Arbitrary<z.output<Shape>>
}
