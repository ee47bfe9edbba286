import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Difference } from './difference.ts'

const cell = fc.nat(2 ** 31)
const value = fc.integer({ min: -(2 ** 45), max: 2 ** 45 })

test('what came and went is nothing, in whatever pieces and order', () => {
  fc.assert(
    fc.property(
      fc
        .array(fc.tuple(cell, fc.array(value, { minLength: 1, maxLength: 4 })))
        .map((all) =>
          all.flatMap(([at, values]) => [
            ...values.map((one) => [at, one] as const),
            [at, -values.reduce((sum, one) => sum + one, 0)] as const,
          ]),
        )
        .chain((all) => fc.shuffledSubarray(all, { minLength: all.length })),
      fc.nat(),
      (changes, cut) => {
        let difference = new Difference()
        for (const [place, [at, by]] of changes.entries()) {
          difference.add(at, by)
          if (place === cut % changes.length) difference = new Difference(...difference.parts) // Stored, and read again.
        }
        expect(difference.isNothing).toBe(true)
      },
    ),
  )
})

test('a change of one cell is none that is missed', () => {
  fc.assert(
    fc.property(cell, value, (at, by) => {
      fc.pre(by % 2 ** 32 !== 0)
      const difference = new Difference()
      difference.add(at, by)
      expect(difference.isNothing).toBe(false)
    }),
  )
})

test('what moves from one cell to another is a change', () => {
  fc.assert(
    fc.property(cell, cell, value, (from, to, by) => {
      fc.pre(from !== to && by % 2 ** 32 !== 0)
      const difference = new Difference()
      difference.add(from, -by)
      difference.add(to, by)
      expect(difference.isNothing).toBe(false)
    }),
  )
})
