import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { EpochMs } from '../../time/time.ts'
import { inProportion, shareOut, type Piece } from './share-out.ts'

const piece = (contactId: string, startMs: number, endMs: number): Piece => ({
  ...{ contactId, queue: null, startMs, endMs },
})

function shares(pieces: readonly Piece[], fromMs = 0, toMs = 1_000): Record<string, number> {
  const got: Record<string, number> = {}
  shareOut(pieces, fromMs as EpochMs, toMs as EpochMs, ({ contactId }, ms) => {
    got[contactId] = (got[contactId] ?? 0) + ms
  })
  return got
}

test.each([
  { rule: 'nothing engages the agent', pieces: [], is: {} },
  { rule: 'one contact has all of its time', pieces: [piece('a', 10, 110)], is: { a: 100 } },
  {
    rule: 'two at once have half of it each',
    pieces: [piece('a', 0, 100), piece('b', 0, 100)],
    is: { a: 50, b: 50 },
  },
  {
    rule: 'what lies in one alone is its own',
    pieces: [piece('a', 0, 100), piece('b', 50, 150)],
    is: { a: 75, b: 75 },
  },
  {
    rule: 'a contact begins where another ends',
    pieces: [piece('a', 0, 100), piece('b', 100, 150)],
    is: { a: 100, b: 50 },
  },
  {
    rule: 'milliseconds are whole: contacts have them in turns, by their ids',
    pieces: [piece('b', 0, 10), piece('c', 0, 10), piece('a', 0, 10)],
    is: { a: 4, b: 3, c: 3 },
  },
  {
    rule: 'time outside of what is asked for is not in it',
    pieces: [piece('a', 900, 1_200), piece('b', 1_000, 1_200)],
    is: { a: 100 },
  },
])('$rule', ({ pieces, is }) => {
  expect(shares(pieces)).toEqual(is)
})

const anyPieces = fc
  .array(fc.tuple(fc.nat(1_000), fc.nat(1_000)), { maxLength: 6 })
  .map((spans) =>
    spans.map(([a, b], place) => piece(`c-${place}`, Math.min(a, b), Math.max(a, b) + 1)),
  )

test('together the shares are the time in which anything goes on, wherever it is cut', () => {
  fc.assert(
    fc.property(anyPieces, fc.integer({ min: 1, max: 1_000 }), (pieces, cutMs) => {
      const whole = shares(pieces, 0, 1_001)
      const covered = Array.from({ length: 1_001 }, (_, ms) => ms).filter((ms) =>
        pieces.some(({ startMs, endMs }) => startMs <= ms && ms < endMs),
      )
      expect(Object.values(whole).reduce((sum, ms) => sum + ms, 0)).toBe(covered.length)
      const [first, second] = [shares(pieces, 0, cutMs), shares(pieces, cutMs, 1_001)]
      for (const id of Object.keys(whole))
        expect((first[id] ?? 0) + (second[id] ?? 0)).toBe(whole[id])
    }),
  )
})

test.each([
  { amount: 100, weights: [1, 3], is: [25, 75] },
  { amount: 10, weights: [1, 1, 1], is: [3, 3, 4] },
  { amount: 10, weights: [0, 1], is: [0, 10] },
])('parts of $amount by $weights are $is, and whole', ({ amount, weights, is }) => {
  expect(inProportion(amount, weights)).toEqual(is)
})
