import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { EpochMs } from '../../time/time.ts'
import { isEngagedAt, type Engagement } from './engagement.ts'
import { Engagements } from './engagements.ts'

const instant = fc.nat({ max: 30 }).map((ms) => ms as EpochMs)

const engagement: fc.Arbitrary<Engagement> = fc.record({
  contactId: fc.constantFrom('c-1', 'c-2', 'c-3', 'c-4'),
  spans: fc.array(fc.record({ startMs: instant, endMs: fc.option(instant) }), { maxLength: 3 }),
  mentionsMs: fc.array(instant, { maxLength: 2 }),
})

type Step =
  | { readonly kind: 'put'; readonly engagement: Engagement }
  | { readonly kind: 'count'; readonly atMs: EpochMs }

const step: fc.Arbitrary<Step> = fc.oneof(
  engagement.map((said): Step => ({ kind: 'put', engagement: said })),
  instant.map((atMs): Step => ({ kind: 'count', atMs })),
)

test('whatever was said and counted before, those that engage the agent at an instant are counted as by a look at each', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const engagements = new Engagements()
      const said = new Map<string, Engagement>()
      for (const one of steps) {
        if (one.kind === 'put') {
          engagements.put(one.engagement)
          said.set(one.engagement.contactId, one.engagement)
          continue
        }
        const count = [...said.values()].filter((each) => isEngagedAt(each, one.atMs)).length
        expect(engagements.countAt(one.atMs)).toBe(count)
      }
      const held = [...said.values()].filter(
        ({ spans, mentionsMs }) => spans.length + mentionsMs.length > 0,
      )
      expect(new Set(engagements.values())).toEqual(new Set(held))
      expect(engagements.size).toBe(held.length)
    }),
    { numRuns: 500 },
  )
})
