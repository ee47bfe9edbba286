import { expect, test } from 'vitest'
import { z } from 'zod'
import { expectedOf } from './refusal.ts'

test.each<[expected: string, schema: z.ZodType, input: unknown]>([
  ['≤ 3 characters', z.string().max(3), 'four'],
  ['≥ 3 characters', z.string().min(3), 'ab'],
  ['≤ 1 entries', z.array(z.string()).max(1), ['a', 'b']],
  ['≥ 1 entries', z.array(z.string()).min(1), []],
  ['≤ 3', z.number().max(3), 4],
  ['≥ 3', z.number().min(3), 2],
  ['integer', z.int(), 1.5],
  ['object', z.record(z.string(), z.string()), 'text'],
  ['boolean', z.boolean(), 'yes'],
  ['red | green', z.enum(['red', 'green']), 'blue'],
  ['keys: ≤ 2 characters', z.record(z.string().max(2), z.string()), { abc: 'x' }],
  ['what the schema itself says', z.string().regex(/x/, 'what the schema itself says'), 'y'],
])('what was expected is said in words: %s', (expected, schema, input) => {
  const { error } = schema.safeParse(input)
  expect(error?.issues.map(expectedOf)).toEqual([expected])
})
