import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { binOf, binValue } from './histogram.ts'
import { firstCell, type Measure } from './measure.ts'
import { countOf, durationOf, emptyMerged, mergeCount, mergeRecord, quotient } from './merged.ts'
import {
  addCount,
  addDuration,
  addRecord,
  copyOfRecord,
  countOfRecord,
  emptyRecord,
  firstBinCell,
  isEmpty,
  sumCell,
  type MeasureRecord,
} from './record.ts'
import { decodeRecord, encodeRecord, visitRecord } from './record-codec.ts'

const measureAt = (field: number, family = 0): Measure => ({
  name: 'measure',
  field,
  family,
  kind: 'count',
})

type Step = {
  readonly family: number
  readonly field: number
  readonly ms: number | null
  readonly n: number
}

const steps = fc.array(
  fc.record({
    family: fc.constantFrom(0, 1, 63),
    field: fc.constantFrom(1, 2, 7, 1_060, 1_361),
    ms: fc.option(fc.integer({ min: 0, max: 400 * 86_400_000 })),
    n: fc.constantFrom(-3, -1, 1, 2),
  }),
  { maxLength: 40 },
)

function recordOf(made: readonly Step[], sign = 1): MeasureRecord {
  const record = emptyRecord()
  for (const { family, field, ms, n } of made) {
    if (ms === null) addCount(record, measureAt(field, family), n * sign)
    else addDuration(record, measureAt(field + 10, family), ms, n * sign)
  }
  return record
}

function sum(...records: readonly MeasureRecord[]): MeasureRecord {
  const into = emptyRecord()
  for (const record of records) addRecord(into, record)
  return into
}

const bytesOf = (record: MeasureRecord): string => encodeRecord(record).toString()

describe('records are an abelian group', () => {
  test('adding is commutative and associative', () => {
    fc.assert(
      fc.property(steps, steps, steps, (one, two, three) => {
        const [a, b, c] = [recordOf(one), recordOf(two), recordOf(three)]
        expect(bytesOf(sum(a, b))).toBe(bytesOf(sum(b, a)))
        expect(bytesOf(sum(sum(a, b), c))).toBe(bytesOf(sum(a, sum(b, c))))
      }),
    )
  })

  test('taking back what was added leaves an empty record', () => {
    fc.assert(fc.property(steps, (made) => isEmpty(sum(recordOf(made), recordOf(made, -1)))))
  })

  test('the empty record adds nothing', () => {
    fc.assert(
      fc.property(
        steps,
        (made) => bytesOf(sum(recordOf(made), emptyRecord())) === bytesOf(recordOf(made)),
      ),
    )
  })

  test('the order in which additions came leaves no trace in the bytes', () => {
    const shuffled = steps.chain((made) =>
      fc.tuple(
        fc.constant(made),
        fc.shuffledSubarray(made, { minLength: made.length, maxLength: made.length }),
      ),
    )
    fc.assert(
      fc.property(
        shuffled,
        ([made, again]) => bytesOf(recordOf(made)) === bytesOf(recordOf(again)),
      ),
    )
  })
})

test('a sum has every cell of both, in order, and none that came to nothing; what was added and its copy stay as they were', () => {
  fc.assert(
    fc.property(steps, steps, (one, two) => {
      const [into, added] = [recordOf(one), recordOf(two)]
      const [before, copy] = [bytesOf(added), copyOfRecord(added)]
      addRecord(into, added)
      const { cells, values } = into
      expect(cells.map((cell, place) => [cell, values[place]])).toEqual([
        ...plainCells([...one, ...two]),
      ])
      addRecord(copy, into)
      expect(bytesOf(added)).toBe(before)
    }),
  )
})

/** Cells by number, added up the plain way. */
function plainCells(made: readonly Step[]): Map<number, number> {
  const cells = new Map<number, number>()
  const add = (cell: number, value: number): void =>
    void cells.set(cell, (cells.get(cell) ?? 0) + value)
  for (const { family, field, ms, n } of made) {
    const first = firstCell(measureAt(ms === null ? field : field + 10, family))
    add(ms === null ? first : first + sumCell, ms === null ? n : ms * n)
    if (ms !== null) add(first + firstBinCell + binOf(ms), n)
  }
  return new Map([...cells].filter(([, value]) => value !== 0).sort(([a], [b]) => a - b))
}

/** As the format is described, digit by digit. */
function plainBytes(cells: ReadonlyMap<number, number>): number[] {
  const varint = (value: bigint): number[] =>
    value < 128n ? [Number(value)] : [Number(value % 128n) + 128, ...varint(value / 128n)]
  const bytes = [1]
  let before = 0
  for (const [cell, value] of cells) {
    bytes.push(
      ...varint(BigInt((cell - before) * 2 + (value < 0 ? 1 : 0))),
      ...varint(BigInt(Math.abs(value))),
    )
    before = cell
  }
  return bytes
}

describe('a record and a plain sum', () => {
  test('have the same cells, in ascending order, and the same bytes, whether amounts or records are added', () => {
    fc.assert(
      fc.property(fc.array(steps, { maxLength: 5 }), (parts) => {
        const plain = plainCells(parts.flat())
        const one = recordOf(parts.flat())
        const many = sum(...parts.map((part) => recordOf(part)))
        for (const record of [one, many]) {
          expect(record).toEqual({ cells: [...plain.keys()], values: [...plain.values()] })
          expect([...encodeRecord(record)]).toEqual(plainBytes(plain))
          for (const field of [1, 2, 7, 8])
            expect(countOfRecord(record, measureAt(field))).toBe(
              plain.get(firstCell(measureAt(field))) ?? 0,
            )
        }
      }),
    )
  })
})

describe('bytes of a record', () => {
  test('are these for good: the store is full of them', () => {
    const record = emptyRecord()
    addDuration(record, measureAt(6), 90_000, 2)
    addCount(record, measureAt(3), 5)
    addCount(record, measureAt(1_361), -3_000_000_000)
    const [count, time, far] = [
      [128, 128, 96, 5],
      [130, 128, 96, 160, 254, 10, 176, 11, 2],
      [207, 244, 223, 210, 2, 128, 188, 193, 150, 11],
    ]
    expect([...encodeRecord(record)]).toEqual([1, ...count, ...time, ...far])
  })

  test('stay as they are when others are encoded, and when their record changes', () => {
    const encoded = Array.from({ length: 3_000 }, (_, n) => {
      const record = emptyRecord()
      for (let field = 1; field <= (n % 97) + 1; field += 1)
        addCount(record, measureAt(field), n + 1)
      const bytes = encodeRecord(record)
      addCount(record, measureAt(1), 1)
      return bytes
    })
    for (const [n, bytes] of encoded.entries())
      expect(decodeRecord(bytes).values).toEqual(Array.from({ length: (n % 97) + 1 }, () => n + 1))
  })

  test('of a record larger than any are whole', () => {
    const record = emptyRecord()
    for (let field = 1; field <= 20_000; field += 1) addCount(record, measureAt(field), field)
    expect(decodeRecord(encodeRecord(record))).toEqual(record)
  })

  test('decoding gives back what was encoded', () => {
    fc.assert(
      fc.property(steps, (made) => {
        const record = recordOf(made)
        expect(decodeRecord(encodeRecord(record))).toEqual(record)
      }),
    )
  })

  test('the largest safe integers survive, of either sign', () => {
    const record = emptyRecord()
    addCount(record, measureAt(1), Number.MAX_SAFE_INTEGER)
    addCount(record, measureAt(2), -Number.MAX_SAFE_INTEGER)
    expect(decodeRecord(encodeRecord(record))).toEqual(record)
  })

  test('are for good: what is stored is read by every later version', () => {
    const record = emptyRecord()
    addCount(record, measureAt(1), 300)
    addCount(record, measureAt(1_061), -2)
    addDuration(record, measureAt(6), 90_000, 3)
    expect(Buffer.from(encodeRecord(record)).toString('hex')).toBe(
      '01808020ac028280a001b0bd10b00b03cff4df870202',
    )
  })

  test('an empty record is its version alone', () => {
    expect(encodeRecord(emptyRecord())).toEqual(Uint8Array.of(1))
  })

  test.each([
    { bytes: [], says: 'measure record of version none, not 1', rule: 'no bytes are no record' },
    { bytes: [2], says: 'measure record of version 2, not 1', rule: 'another version is refused' },
    {
      bytes: [1, 0x80],
      says: 'measure record ends inside a number',
      rule: 'a number cut short is refused',
    },
    {
      bytes: [1, 2],
      says: 'measure record ends inside a number',
      rule: 'a cell without a value is refused',
    },
  ])('$rule', ({ bytes, says }) => {
    expect(() => visitRecord(Uint8Array.from(bytes), () => undefined)).toThrow(new RangeError(says))
  })
})

describe('merged records', () => {
  test('a duration has its count, sum and bins back', () => {
    const record = emptyRecord()
    addDuration(record, measureAt(6), 1_000, 1)
    addDuration(record, measureAt(6), 3_000, 1)
    addDuration(record, measureAt(7), 5, 1)
    const merged = emptyMerged()
    mergeRecord(merged, encodeRecord(record))
    const { count, sum: total, bins } = durationOf(merged, measureAt(6))
    expect({ count, total }).toEqual({ count: 2, total: 4_000 })
    expect(bins.bins.map(binValue)).toHaveLength(2)
  })

  test('what was never added is zero', () => {
    expect(countOf(emptyMerged(), measureAt(1))).toBe(0)
    expect(durationOf(emptyMerged(), measureAt(1))).toMatchObject({ count: 0, sum: 0 })
  })

  test('sums past 2^53 are exact, and come back down exactly', () => {
    const amounts = fc.array(fc.maxSafeInteger(), { maxLength: 20 })
    fc.assert(
      fc.property(amounts, (values) => {
        const merged = emptyMerged()
        for (const value of values) mergeCount(merged, measureAt(3), value)
        expect(BigInt(countOf(merged, measureAt(3)))).toBe(
          values.reduce((total, value) => total + BigInt(value), 0n),
        )
      }),
    )
  })

  test('an average of a sum past 2^53 is the nearest float', () => {
    expect(quotient(2n ** 60n + 1n, 2)).toBe(2 ** 59)
    expect(quotient(7, 2)).toBe(3.5)
  })
})
