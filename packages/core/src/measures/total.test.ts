import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodeRecord, encodeRecord } from './record-codec.ts'
import { emptyMerged, encodeTotal, mergeRecord, negatedRecord, quotient } from './merged.ts'

const safe = fc.maxSafeInteger().filter((value) => value !== 0)
const part = fc
  .uniqueArray(fc.tuple(fc.nat(40), safe), { selector: ([cell]) => cell, maxLength: 10 })
  .map((cells) => cells.sort(([a], [b]) => a - b))
const bytesOf = (cells: readonly (readonly [number, number])[]): Uint8Array =>
  encodeRecord({
    cells: cells.map(([cell]) => cell),
    values: cells.map(([, value]) => value),
  }).slice()
const totalOf = (parts: readonly Uint8Array[]): Uint8Array[] => {
  const merged = emptyMerged()
  for (const bytes of parts) mergeRecord(merged, bytes)
  return encodeTotal(merged)
}

/** By cell, exactly. */
function sums(parts: readonly Uint8Array[]): Map<number, bigint> {
  const sum = new Map<number, bigint>()
  for (const { cells, values } of parts.map(decodeRecord))
    for (const [place, cell] of cells.entries())
      sum.set(cell, (sum.get(cell) ?? 0n) + BigInt(values[place]!))
  return new Map([...sum].filter(([, value]) => value !== 0n).sort(([a], [b]) => a - b))
}

test('a quotient is the nearest number, whatever its parts are written as', () => {
  for (const divisor of [300, 300n]) expect(quotient(500, divisor)).toBe(5 / 3)
})

test('what a record adds is taken off by its negation, whatever else there is', () => {
  fc.assert(
    fc.property(part, part, (cells, others) => {
      const [bytes, rest] = [bytesOf(cells), bytesOf(others)]
      expect(totalOf([bytes, rest, negatedRecord(bytes)])).toEqual(totalOf([rest]))
    }),
  )
})

test('a total is exact, also past 2^53, and has the same bytes however it was added up', () => {
  fc.assert(
    fc.property(
      fc
        .array(part, { maxLength: 8 })
        .chain((parts) =>
          fc.tuple(fc.constant(parts), fc.shuffledSubarray(parts, { minLength: parts.length })),
        ),
      ([parts, shuffled]) => {
        const total = totalOf(parts.map(bytesOf))
        expect([...sums(total)].sort(([a], [b]) => a - b)).toEqual([...sums(parts.map(bytesOf))])
        expect(totalOf(shuffled.map(bytesOf))).toEqual(total)
        expect(totalOf(total)).toEqual(total)
      },
    ),
  )
})
