import { expect, test } from 'vitest'
import { mutantsOf, mutated } from './mutants.ts'

/** The texts that mutants of this one have. */
const slips = (source: string): readonly string[] =>
  mutantsOf('a.ts', source).map((mutant) => mutated(source, mutant))

test.each<{ rule: string; source: string; wanted: readonly string[] }>([
  {
    rule: 'a bound is moved by one, and turned round',
    source: 'f = a < b',
    wanted: ['{}', 'f = a <= b', 'f = a >= b'],
  },
  { rule: 'equality is negated', source: 'f = a === b', wanted: ['{}', 'f = a !== b'] },
  {
    rule: 'sums and differences change places',
    source: 'f = a + b - c',
    wanted: ['{}', 'f = a - b - c', 'f = a + b + c'],
  },
  { rule: 'and becomes or', source: 'f = a && b', wanted: ['{}', 'f = a || b'] },
  {
    rule: 'a default is taken never, or always',
    source: 'f = a ?? b',
    wanted: ['{}', 'f = (a)!', 'f = (b)'],
  },
  {
    rule: 'a number becomes 0, or one more',
    source: 'f = 7',
    wanted: ['{}', 'f = 0', 'f = (7 + 1)'],
  },
  { rule: 'zero becomes one', source: 'f = 0', wanted: ['{}', 'f = 1'] },
  {
    rule: 'a condition holds always, or never',
    source: 'if (a) { let b }',
    wanted: ['if (true) { let b }', 'if (false) { let b }'],
  },
  {
    rule: 'a choice goes one way',
    source: 'let f = a ? b : c',
    wanted: ['let f = true ? b : c', 'let f = false ? b : c'],
  },
  { rule: 'a negation is left out', source: 'let f = !a', wanted: ['let f = a'] },
  { rule: 'a step goes the other way', source: 'for (;;i++) {}', wanted: ['for (;;i--) {}'] },
  { rule: 'a call is left out', source: 'f(a)', wanted: ['{}'] },
  {
    rule: 'a way out is left out',
    source: 'for (const a of b) continue',
    wanted: ['for (const a of b) {}'],
  },
  {
    rule: 'the last way out of a switch changes nothing',
    source: 'switch (a) { case b: break; default: break // Nothing.\n}',
    wanted: ['switch (a) { case b: {} default: break // Nothing.\n}'],
  },
  {
    rule: 'the largest becomes the smallest',
    source: 'let f = Math.max(a, b)',
    wanted: ['let f = Math.min(a, b)'],
  },
  {
    rule: 'a method that every object has is no other',
    source: 'let f = a.toString()',
    wanted: [],
  },
])('$rule', ({ source, wanted }) => {
  expect(slips(source).toSorted()).toEqual([...wanted].sort())
})

test('types, names of properties, texts and imports have no mutants', () => {
  expect(
    slips(
      "import { a } from 'b'\ntype F = 1 | 2\nconst f: F = a as 1\nlet g = { 1: 'text' }\nexport { f }",
    ),
  ).toEqual([])
})

test('each names its line', () => {
  expect(mutantsOf('a.ts', 'let a\n\nlet b = !a').map(({ line }) => line)).toEqual([3])
})
