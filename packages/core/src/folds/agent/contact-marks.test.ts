import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { EpochMs } from '../../time/time.ts'
import { ContactMarks, type Instants } from './contact-marks.ts'
import { engagementDiffersFromMs, type Engagement } from './engagement.ts'

const instant = fc.integer({ min: 0, max: 30 }).map((atMs) => atMs as EpochMs)
const engagement: fc.Arbitrary<Engagement> = fc.record({
  contactId: fc.constantFrom('c-1', 'c-2', 'c-3'),
  isCall: fc.boolean(),
  spans: fc.array(fc.record({ startMs: instant, endMs: fc.option(instant) }), { maxLength: 3 }),
  mentionsMs: fc.array(instant, { maxLength: 4 }).map((all) => all.sort((a, b) => a - b)),
})

function allOf(instants: Instants): number[] {
  const all: number[] = []
  for (let place = 0; instants.at(place) !== undefined; place += 1) all.push(instants.at(place)!)
  return all
}

const seen = ({ mentions, engaged, calls }: ContactMarks) => ({
  mentions: allOf(mentions),
  engaged: [allOf(engaged.starts), allOf(engaged.ends)],
  calls: [allOf(calls.starts), allOf(calls.ends)],
})

describe('what the contacts of an agent say', () => {
  test('is that of the last word of each, whatever it said before, each instant as often as it is said', () => {
    fc.assert(
      fc.property(fc.array(engagement, { maxLength: 12 }), (said) => {
        const marks = new ContactMarks()
        const last = new Map<string, Engagement>()
        for (const word of said) {
          const before = last.get(word.contactId) ?? null
          const fromMs = engagementDiffersFromMs(before, word)
          if (fromMs !== null) marks.replace(before, word, fromMs)
          last.set(word.contactId, word)
        }
        const ascending = (instants: readonly number[]): number[] =>
          [...instants].sort((a, b) => a - b)
        const spans = [...last.values()].flatMap((word) =>
          word.spans
            .filter(({ startMs, endMs }) => endMs === null || endMs > startMs)
            .map((span) => ({ ...span, isCall: word.isCall })),
        )
        const bounds = (of: typeof spans) => [
          ascending(of.map(({ startMs }) => startMs)),
          ascending(of.flatMap(({ endMs }) => (endMs === null ? [] : [endMs]))),
        ]
        expect(seen(marks)).toEqual({
          mentions: ascending([...last.values()].flatMap(({ mentionsMs }) => mentionsMs)),
          engaged: bounds(spans),
          calls: bounds(spans.filter(({ isCall }) => isCall)),
        })
      }),
    )
  })

  test('an instant is found by its place, also before the first and behind the last', () => {
    const { mentions } = new ContactMarks()
    for (const atMs of [3, 1, 3, 7]) mentions.put(atMs as EpochMs)
    expect([0, 1, 2, 3, 4, 7, 8].map((atMs) => mentions.firstFrom(atMs))).toEqual([
      0, 0, 1, 1, 3, 3, 4,
    ])
    mentions.remove(3 as EpochMs)
    expect(allOf(mentions)).toEqual([1, 3, 7])
  })
})
