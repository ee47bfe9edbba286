import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { measures, thresholdMeasures, type Fact } from '../measures/measure.ts'
import type { EpochMs } from '../time/time.ts'
import { restoreFacts, storeFacts } from './fact-codec.ts'

const anyMeasure = fc.constantFrom(...Object.values(measures), thresholdMeasures(30).due, thresholdMeasures(180).within)

const word = fc.constantFrom('billing', 'a:b', '')
const anyDimensions = fc.record(
  { queue: fc.oneof(word, fc.uniqueArray(word, { maxLength: 3 })), agent: word, channel: word, priority: word },
  { requiredKeys: [] },
)

const anyFact: fc.Arbitrary<Fact> = fc.record({
  id: fc.string(),
  measure: anyMeasure,
  atMs: fc.nat().map((ms) => ms as EpochMs),
  value: fc.integer(),
  scope: fc.constantFrom('both', 'wide', 'agent'),
  dimensions: anyDimensions,
})

describe('stored facts', () => {
  test('come back as they were: id, measure, time, value, scope and dimensions, through JSON', () => {
    fc.assert(
      fc.property(fc.array(anyFact, { maxLength: 20 }), (facts) => {
        expect(restoreFacts(JSON.parse(JSON.stringify(storeFacts(facts))) as ReturnType<typeof storeFacts>)).toEqual(facts)
      }),
    )
  })

  test('name equal dimensions once, wherever they come again', () => {
    const fact = (queue: string): Fact => ({
      id: queue,
      measure: measures.contactOpened,
      atMs: 0 as EpochMs,
      value: 1,
      scope: 'wide',
      dimensions: { queue },
    })
    expect(storeFacts([fact('a'), fact('b'), fact('a')])).toMatchObject({
      dimensions: [{ queue: 'a' }, { queue: 'b' }],
      facts: [{ 6: 0 }, { 6: 1 }, { 6: 0 }],
    })
  })
})

test('the numbers that stand in stores are for good', () => {
  const facts: readonly Fact[] = (['both', 'wide', 'agent'] as const).map((scope, number) => ({
    id: `f-${number}`,
    measure: [measures.replyTime, measures.fcrDue, measures.agentHandling][number]!,
    atMs: 7 as EpochMs,
    value: -1,
    scope,
    dimensions: {},
  }))
  expect(storeFacts(facts).facts).toEqual([
    ['f-0', 0, 1, 7, -1, 0, 0],
    ['f-1', 1, 7, 7, -1, 1, 0],
    ['f-2', 2, 1, 7, -1, 2, 0],
  ])
})
