import fc from 'fast-check'
import { expect, test } from 'vitest'
import { equalDimensions } from './dimension-set.ts'
import { dimensionNodesMax, dimensionSet, numberOf } from './dimension-set.ts'
import { attributeNames, type DimensionValues } from './measure.ts'

const value = fc.constantFrom('a', 'b', '')
const anyDimensions: fc.Arbitrary<DimensionValues> = fc.record(
  {
    queue: fc.oneof(value, fc.array(value, { maxLength: 2 })),
    ...Object.fromEntries(
      ['agent', 'channel', 'class', ...attributeNames].map((name) => [name, value]),
    ),
  },
  { requiredKeys: [] },
)
const setOf = (dimensions: DimensionValues) => dimensionSet(dimensions, dimensions)

test('a set has the values that it was asked for', () => {
  fc.assert(
    fc.property(fc.array(anyDimensions), (all) => {
      for (const dimensions of all) expect(setOf(dimensions)).toEqual(dimensions)
    }),
  )
})

test('equal values are one object with one number; others have another', () => {
  fc.assert(
    fc.property(fc.array(anyDimensions, { maxLength: 20 }), (all) => {
      const sets = all.map(setOf)
      for (const [at, a] of all.entries()) {
        for (const [other, b] of all.entries()) {
          const isEqual = equalDimensions(a, b)
          expect(sets[at] === sets[other]).toBe(isEqual)
          expect(numberOf(a) === numberOf(sets[other]!)).toBe(isEqual)
        }
      }
    }),
  )
})

test.each<[string, DimensionValues, DimensionValues]>([
  ['a queue and a list of it', { queue: 'a' }, { queue: ['a'] }],
  ['no queue and a list of none', {}, { queue: [] }],
  ['a list of none and one of an empty name', { queue: [] }, { queue: [''] }],
  ['lists in another order', { queue: ['a', 'b'] }, { queue: ['b', 'a'] }],
  ['an empty value and none', { topic: '' }, {}],
  ['one value in two dimensions', { topic: 'a' }, { priority: 'a' }],
  ['values of which one has more', { topic: 'a' }, { topic: 'a', intent: 'a' }],
])('%s are two sets', (_, a, b) => {
  expect(numberOf(a)).not.toBe(numberOf(b))
})

test.each(['queue', 'agent', 'channel', 'class', ...attributeNames] as const)(
  'sets that differ in %s alone are others',
  (name) => {
    const full = Object.fromEntries(
      ['queue', 'agent', 'channel', 'class', ...attributeNames].map((one) => [one, 'same']),
    )
    for (const same of [{}, full]) {
      const sets = ['x', 'y', undefined].map((one) => setOf({ ...same, [name]: one }))
      expect(new Set(sets).size).toBe(3)
      expect(sets.map((set) => set[name])).toEqual(['x', 'y', undefined])
    }
  },
)

test('what is written of a set is its values alone', () => {
  expect(JSON.stringify(setOf({ agent: '7', queue: 'billing', topic: 'refund' }))).toBe(
    '{"queue":"billing","agent":"7","topic":"refund"}',
  )
})

test('the table starts over when it is full: what was made before is still equal, and no number is given twice', () => {
  const numbers = new Set<number>()
  const first = dimensionSet({ agent: 'first' })
  numbers.add(numberOf(first))
  let agents = 0
  for (; agents < dimensionNodesMax; agents += 1)
    numbers.add(numberOf({ agent: `agent-${agents}` }))
  const again = dimensionSet({ agent: 'first' })
  expect(again).not.toBe(first)
  expect(equalDimensions(again, first)).toBe(true)
  expect(numbers.size).toBe(agents + 1)
  expect(numbers.has(numberOf(again))).toBe(false)
})
