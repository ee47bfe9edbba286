import { expect, test } from 'vitest'
import { z } from 'zod'
import {
  describe as described,
  expectedOf,
  pointer,
  reasonOfRefusal,
  refusalOf,
} from './refusal.ts'

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

test.each([
  [undefined, 'missing'],
  [null, 'null'],
  [[1, 2], 'array of 2'],
  ['secret', 'text of 6 characters'],
  [5, 'number 5'],
  [true, 'boolean true'],
  [{ a: 1 }, 'object'],
])('what came is said without showing a text: %o', (value, said) => {
  expect(described(value)).toBe(said)
})

const schema = z.object({
  speed: z.number(),
  color: z.enum(['red', 'green']).optional(),
  labels: z.record(z.string(), z.string()).optional(),
  list: z.array(z.object({ n: z.number() })).optional(),
})

test.each<{ rule: string; input: object; refusal: object }>([
  {
    rule: 'a text in the place of a number is not shown',
    input: { speed: 'fast' },
    refusal: { path: '/speed', expected: 'number', got: 'text of 4 characters' },
  },
  {
    rule: 'what is missing is',
    input: {},
    refusal: { path: '/speed', expected: 'number', got: 'missing' },
  },
  {
    rule: 'a word of a list is shown, with the nearest one',
    input: { speed: 1, color: 'grean' },
    refusal: { path: '/color', expected: 'red | green', got: 'grean', nearest: 'green' },
  },
  {
    rule: 'a number in its place is said',
    input: { speed: 1, color: 7 },
    refusal: { path: '/color', expected: 'red | green', got: 'number 7' },
  },
  {
    rule: 'a key that the sender made up is not named',
    input: { speed: 1, labels: { Zoë: 7 } },
    refusal: { path: '/labels', expected: 'string', got: 'number 7' },
  },
  {
    rule: 'a place in a list is',
    input: { speed: 1, list: [{ n: 1 }, { n: null }] },
    refusal: { path: '/list/1/n', expected: 'number', got: 'null' },
  },
])('a refusal names the place, what was expected and what came: $rule', ({ input, refusal }) => {
  const [issue] = schema.safeParse(input).error!.issues
  expect(refusalOf(issue!, input)).toEqual({ code: 'bad-schema', ...refusal })
})

test('a place is a JSON pointer, and a reason is one line', () => {
  expect(pointer(['a/b', 'c~d', 0])).toBe('/a~1b/c~0d/0')
  const refusal = { code: 'bad-schema', path: '/a', expected: 'x | y', got: 'z' } as const
  expect([reasonOfRefusal(refusal), reasonOfRefusal({ ...refusal, nearest: 'y' })]).toEqual([
    'expected x | y, got z',
    'expected x | y, got z; nearest y',
  ])
})
