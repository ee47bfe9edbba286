import fc from 'fast-check'
import { expect, test } from 'vitest'
import { currencyCodes, currencyOfNumber, minorDigits, numberOfCurrency } from './currency.ts'
import { currencyOfCell, fieldsOf, firstCell, type Measure, moneyCell } from './measure.ts'
import { emptyMerged, mergeRecord, moneyOf, sumAmounts } from './merged.ts'
import { addMoney, addRecord, emptyRecord, isEmpty } from './record.ts'
import { encodeRecord } from './record-codec.ts'

const money: Measure = { name: 'money', family: 63, field: 10, kind: 'money' }
const anyCurrency = fc.nat({ max: currencyCodes - 1 }).map(currencyOfNumber)
const amountMinor = fc.integer({ min: -1_000_000_000_000, max: 1_000_000_000_000 })
const amounts = fc.array(fc.tuple(anyCurrency, amountMinor), { maxLength: 20 })

test('each of the 26³ codes has a number, and is found by it, in alphabetical order', () => {
  const codes = Array.from({ length: currencyCodes }, (_, number) => currencyOfNumber(number))
  expect(codes.map(numberOfCurrency)).toEqual(codes.map((_, number) => number))
  expect(codes.toSorted()).toEqual(codes)
  expect([codes[0], codes.at(-1)]).toEqual(['AAA', 'ZZZ'])
})

test.each(['', 'cny', 'CN', 'CNYY', 'CN1'])('%j is no currency', (code) => {
  expect(() => numberOfCurrency(code)).toThrow(RangeError)
})

test.each([
  ['CNY', 2],
  ['JPY', 0],
  ['KWD', 3],
  ['XQZ', 2],
])('the minor unit of %s is %i digits behind the point', (currency, digits) => {
  expect(minorDigits(currency)).toBe(digits)
})

test('each currency has a cell of its own, in the fields of the measure and in no other', () => {
  const codes = ['AAA', 'CNY', 'EUR', 'GBN', 'GBO', 'ZZZ'] // The first two of them in one field, GBO first in the next.
  const cells = codes.map((one) => moneyCell(money, one))
  expect(cells.map((cell) => currencyOfCell(money, cell))).toEqual(codes)
  expect(fieldsOf(money)).toEqual([10, 11, 12, 13, 14])
  for (const field of [9, 15])
    expect(currencyOfCell(money, firstCell({ family: 63, field }))).toBeNull()
  expect(currencyOfCell(money, firstCell({ family: 62, field: 10 }))).toBeNull()
})

test('amounts add up by currency, however they are put into records, and what is taken back is gone', () => {
  fc.assert(
    fc.property(amounts, fc.nat({ max: 20 }), (all, cut) => {
      const [one, other, back] = [emptyRecord(), emptyRecord(), emptyRecord()]
      const wanted = new Map<string, number>()
      for (const [place, [currency, amount]] of all.entries()) {
        addMoney(place < cut ? one : other, money, currency, amount)
        addMoney(back, money, currency, -amount)
        wanted.set(currency, (wanted.get(currency) ?? 0) + amount)
      }
      const merged = emptyMerged()
      for (const record of [one, other]) mergeRecord(merged, encodeRecord(record).slice())
      const sum = moneyOf(merged, money)
      const sorted = [...wanted]
        .filter(([, amount]) => amount !== 0)
        .sort(([a], [b]) => (a < b ? -1 : 1))
      expect([...sum]).toEqual(sorted)
      for (const record of [one, other]) addRecord(back, record)
      expect(isEmpty(back)).toBe(true)
    }),
  )
})

test('sums past 2^53 are exact', () => {
  const most = emptyRecord()
  addMoney(most, money, 'IRR', Number.MAX_SAFE_INTEGER)
  const merged = emptyMerged()
  for (let n = 0; n < 3; n += 1) mergeRecord(merged, encodeRecord(most).slice())
  const three = 3n * BigInt(Number.MAX_SAFE_INTEGER)
  expect(moneyOf(merged, money)).toEqual(new Map([['IRR', three]]))
  expect(sumAmounts(moneyOf(merged, money), new Map([['CNY', 5]]))).toEqual(
    new Map<string, number | bigint>([
      ['CNY', 5],
      ['IRR', three],
    ]),
  )
})
