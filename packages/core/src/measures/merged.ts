import type { Bins } from './histogram.ts'
import { cellsPerField, currencyOfCell, firstCell, type Measure } from './measure.ts'
import { firstBinCell, sumCell } from './record.ts'
import { encodeRecord, visitRecord } from './record-codec.ts'

/**
 * Records added up for reading. A total that leaves the safe integers goes on as a bigint, so that a year of many agents is exact to
 * the millisecond.
 */
export type MergedMeasures = {
  readonly cells: Map<number, number>
  readonly carried: Map<number, bigint>
}

export function emptyMerged(): MergedMeasures {
  return { cells: new Map(), carried: new Map() }
}

function mergeCell(into: MergedMeasures, cell: number, value: number): void {
  const before = into.cells.get(cell) ?? 0
  const after = before + value // A sum that rounds lies beyond the safe integers, so the check below cannot miss it.
  if (Number.isSafeInteger(after)) {
    into.cells.set(cell, after)
    return
  }
  into.carried.set(cell, (into.carried.get(cell) ?? 0n) + BigInt(before))
  into.cells.set(cell, value)
}

/** Adds a stored record, straight from its bytes. */
export function mergeRecord(into: MergedMeasures, bytes: Uint8Array): void {
  visitRecord(bytes, (cell, value) => mergeCell(into, cell, value))
}

/** A record that takes off what another one adds. */
export function negatedRecord(bytes: Uint8Array): Uint8Array {
  const [cells, values]: [number[], number[]] = [[], []]
  visitRecord(bytes, (cell, value) => {
    cells.push(cell)
    values.push(-value)
  })
  return encodeRecord({ cells, values }).slice()
}

/** What stored records hold together of a `count` or, in milliseconds, of a `span`. */
export function countIn(records: Iterable<Uint8Array>, measure: Measure): number {
  const first = firstCell(measure)
  let total = 0
  for (const bytes of records) {
    visitRecord(bytes, (cell, value) => {
      if (cell === first) total += value
    })
  }
  return total
}

/** Adds to a count or span what no record holds yet, such as the part of an open interval. */
export function mergeCount(into: MergedMeasures, measure: Measure, n: number): void {
  if (n !== 0) mergeCell(into, firstCell(measure), n)
}

/** A number where it is exact, else a bigint. */
export type ExactInteger = number | bigint

function exact(value: bigint): ExactInteger {
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : value
}

export function exactSum(...terms: readonly ExactInteger[]): ExactInteger {
  return exact(terms.reduce<bigint>((total, term) => total + BigInt(term), 0n))
}

function totalOf(merged: MergedMeasures, cell: number): ExactInteger {
  const value = merged.cells.get(cell) ?? 0
  const carried = merged.carried.get(cell)
  return carried === undefined ? value : exact(carried + BigInt(value))
}

/** The same total gives the same bytes, whatever it was added up of: records that come to it together, more than one where it leaves the safe integers. */
export function encodeTotal(merged: MergedMeasures): Uint8Array[] {
  const records: Uint8Array[] = []
  let rest = [...merged.cells.keys()]
    .map((cell) => ({ cell, value: totalOf(merged, cell) }))
    .filter(({ value }) => value !== 0)
    .sort((a, b) => a.cell - b.cell)
  while (rest.length > 0) {
    const values = rest.map(({ value }) => nearestSafe(value))
    records.push(encodeRecord({ cells: rest.map(({ cell }) => cell), values }).slice())
    rest = rest
      .map(({ cell, value }, at) => ({ cell, value: exactSum(value, -values[at]!) }))
      .filter(({ value }) => value !== 0)
  }
  return records
}

function nearestSafe(value: ExactInteger): number {
  if (typeof value === 'number') return value
  return value > 0n ? Number.MAX_SAFE_INTEGER : Number.MIN_SAFE_INTEGER
}

/** Of a `count` or `span`; 0 when nothing was added. */
export function countOf(merged: MergedMeasures, measure: Measure): ExactInteger {
  return totalOf(merged, firstCell(measure))
}

/** Amounts in minor units by currency, in the order of the codes. */
export type Amounts = ReadonlyMap<string, ExactInteger>

/** Of a `money`; currencies of which nothing is left are not there. */
export function moneyOf(merged: MergedMeasures, measure: Measure): Amounts {
  const cells = [...merged.cells.keys()].sort((a, b) => a - b)
  const amounts = new Map<string, ExactInteger>()
  for (const cell of cells) {
    const currency = currencyOfCell(measure, cell)
    const amount = currency === null ? 0 : totalOf(merged, cell)
    if (currency !== null && amount !== 0) amounts.set(currency, amount)
  }
  return amounts
}

/** Both together. */
export function sumAmounts(a: Amounts, b: Amounts): Amounts {
  const currencies = [...new Set([...a.keys(), ...b.keys()])].sort()
  return new Map(currencies.map((one) => [one, exactSum(a.get(one) ?? 0, b.get(one) ?? 0)]))
}

export type MergedDuration = {
  readonly count: number
  readonly sum: ExactInteger
  readonly bins: Bins
}

export const emptyDuration: MergedDuration = {
  count: 0,
  sum: 0,
  bins: { bins: [], counts: [], total: 0 },
}

/** Of a `duration`; the count is the total of its bins. */
export function durationOf(merged: MergedMeasures, measure: Measure): MergedDuration {
  const first = firstCell(measure) + firstBinCell
  const end = firstCell(measure) + cellsPerField
  const found: [number, number][] = []
  for (const [cell, count] of merged.cells)
    if (cell >= first && cell < end && count !== 0) found.push([cell - first, count])
  found.sort((a, b) => a[0] - b[0])
  const counts = found.map(([, count]) => count)
  const total = counts.reduce((sum, count) => sum + count, 0)
  return {
    count: total,
    sum: totalOf(merged, firstCell(measure) + sumCell),
    bins: { bins: found.map(([bin]) => bin), counts, total },
  }
}

/** Both together; what one takes back of the other is in neither. */
export function sumDurations(a: MergedDuration, b: MergedDuration): MergedDuration {
  if (b.bins.bins.length === 0 && b.sum === 0) return a
  const counts = new Map<number, number>()
  for (const { bins } of [a, b])
    bins.bins.forEach((bin, place) => counts.set(bin, (counts.get(bin) ?? 0) + bins.counts[place]!))
  const left = [...counts].filter(([, count]) => count !== 0).sort(([one], [other]) => one - other)
  const total = a.count + b.count
  return {
    count: total,
    sum: exactSum(a.sum, b.sum),
    bins: { bins: left.map(([bin]) => bin), counts: left.map(([, count]) => count), total },
  }
}

/** `a ÷ b` of exact integers as the nearest float, `b` > 0. */
export function quotient(a: ExactInteger, b: ExactInteger): number {
  const [dividend, divisor] = [Number(a), Number(b)]
  if (Number.isSafeInteger(dividend) && Number.isSafeInteger(divisor)) return dividend / divisor
  const [numerator, denominator] = [BigInt(a), BigInt(b)]
  const whole = numerator / denominator
  return Number(whole) + Number(numerator % denominator) / Number(denominator)
}
