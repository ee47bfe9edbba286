import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { binValue } from './histogram.ts'
import { countOf, durationOf, emptyMerged, mergeCount, mergeRecord, quotient } from './merged.ts'
import { addCount, addDuration, addRecord, emptyRecord, isEmpty, type MeasureRecord } from './record.ts'
import { decodeRecord, encodeRecord, visitRecord } from './record-codec.ts'

type Step = { readonly field: number; readonly ms: number | null; readonly n: number }

const steps = fc.array(
  fc.record({
    field: fc.constantFrom(1, 2, 7, 1_060, 1_361),
    ms: fc.option(fc.integer({ min: 0, max: 400 * 86_400_000 })),
    n: fc.constantFrom(-3, -1, 1, 2),
  }),
  { maxLength: 40 },
)

function recordOf(made: readonly Step[], sign = 1): MeasureRecord {
  const record = emptyRecord()
  for (const { field, ms, n } of made) {
    if (ms === null) addCount(record, field, n * sign)
    else addDuration(record, field + 10, ms, n * sign)
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
    fc.assert(fc.property(steps, (made) => bytesOf(sum(recordOf(made), emptyRecord())) === bytesOf(recordOf(made))))
  })

  test('the order in which facts came leaves no trace in the bytes', () => {
    const shuffled = steps.chain((made) =>
      fc.tuple(fc.constant(made), fc.shuffledSubarray(made, { minLength: made.length, maxLength: made.length })),
    )
    fc.assert(fc.property(shuffled, ([made, again]) => bytesOf(recordOf(made)) === bytesOf(recordOf(again))))
  })
})

describe('bytes of a record', () => {
  test('decoding gives back what was encoded', () => {
    fc.assert(
      fc.property(steps, (made) => {
        const record = recordOf(made)
        expect(new Map(decodeRecord(encodeRecord(record)).cells)).toEqual(record.cells)
      }),
    )
  })

  test('the largest safe integers survive, of either sign', () => {
    const record = emptyRecord()
    addCount(record, 1, Number.MAX_SAFE_INTEGER)
    addCount(record, 2, -Number.MAX_SAFE_INTEGER)
    expect(decodeRecord(encodeRecord(record))).toEqual(record)
  })

  test('are for good: what is stored is read by every later version', () => {
    const record = emptyRecord()
    addCount(record, 1, 300)
    addCount(record, 1_061, -2)
    addDuration(record, 6, 90_000, 3)
    expect(Buffer.from(encodeRecord(record)).toString('hex')).toBe('018040ac0282c002b0bd10b00b03cfb48f0402')
  })

  test('an empty record is its version alone', () => {
    expect(encodeRecord(emptyRecord())).toEqual(Uint8Array.of(1))
  })

  test.each([
    { bytes: [], rule: 'no bytes are no record' },
    { bytes: [2], rule: 'another version is refused' },
    { bytes: [1, 0x80], rule: 'a number cut short is refused' },
    { bytes: [1, 2], rule: 'a cell without a value is refused' },
  ])('$rule', ({ bytes }) => {
    expect(() => visitRecord(Uint8Array.from(bytes), () => undefined)).toThrow(RangeError)
  })
})

describe('merged records', () => {
  test('a duration has its count, sum and bins back', () => {
    const record = emptyRecord()
    addDuration(record, 6, 1_000, 1)
    addDuration(record, 6, 3_000, 1)
    addDuration(record, 7, 5, 1)
    const merged = emptyMerged()
    mergeRecord(merged, encodeRecord(record))
    const { count, sum: total, bins } = durationOf(merged, 6)
    expect({ count, total }).toEqual({ count: 2, total: 4_000 })
    expect(bins.bins.map(binValue)).toHaveLength(2)
  })

  test('what was never added is zero', () => {
    expect(countOf(emptyMerged(), 1)).toBe(0)
    expect(durationOf(emptyMerged(), 1)).toMatchObject({ count: 0, sum: 0 })
  })

  test('sums past 2^53 are exact, and come back down exactly', () => {
    const amounts = fc.array(fc.maxSafeInteger(), { maxLength: 20 })
    fc.assert(
      fc.property(amounts, (values) => {
        const merged = emptyMerged()
        for (const value of values) mergeCount(merged, 3, value)
        expect(BigInt(countOf(merged, 3))).toBe(values.reduce((total, value) => total + BigInt(value), 0n))
      }),
    )
  })

  test('an average of a sum past 2^53 is the nearest float', () => {
    expect(quotient(2n ** 60n + 1n, 2)).toBe(2 ** 59)
    expect(quotient(7, 2)).toBe(3.5)
  })
})
