import { binCount, binOf } from './histogram.ts'
import { cellsPerField, firstCell, type Measure, moneyCell } from './measure.ts'

/**
 * What one slice and bucket hold of all measures: integers in numbered cells, an abelian group under `addRecord`. A measure owns `cellsPerField`
 * cells from `firstCell` on: the first is its count (of a `count`) or its milliseconds (of a `span`), the second the sum of a `duration`, the others the bins of its
 * histogram. One of money has a cell for each currency. How many durations there were is the total of the bins, so the two cannot disagree. A cell that comes back to zero is dropped: equal
 * content is equal, however it came about. Values are exact up to 2^53 in one record; merging many is `MergedMeasures`' business.
 *
 * Cells ascend, and `values` is parallel to them: a record is encoded as it is held.
 */
export type MeasureRecord = { readonly cells: number[]; readonly values: number[] }

export const sumCell = 1
export const firstBinCell = 2

if (firstBinCell + binCount > cellsPerField)
  throw new Error('a measure has fewer cells than a histogram has bins')

export function emptyRecord(): MeasureRecord {
  return { cells: [], values: [] }
}

export function isEmpty(record: MeasureRecord): boolean {
  return record.cells.length === 0
}

/** The first place, from `place` on, whose cell is not below `cell`. */
function placeFrom(cells: readonly number[], cell: number, place: number): number {
  let low = place
  let high = cells.length
  if (low === high || cells[high - 1]! < cell) return high // Mostly what is added comes in order.
  while (low < high) {
    const middle = (low + high) >>> 1
    if (cells[middle]! < cell) low = middle + 1
    else high = middle
  }
  return low
}

function insert(
  cells: number[],
  values: number[],
  place: number,
  cell: number,
  value: number,
): void {
  if (place === cells.length) {
    cells.push(cell)
    values.push(value)
  } else {
    cells.splice(place, 0, cell)
    values.splice(place, 0, value)
  }
}

function addCell({ cells, values }: MeasureRecord, cell: number, value: number): void {
  const place = placeFrom(cells, cell, 0)
  const isThere = place < cells.length && cells[place] === cell
  const sum = isThere ? values[place]! + value : value
  if (isThere && sum !== 0) values[place] = sum
  else if (isThere) {
    cells.splice(place, 1)
    values.splice(place, 1)
  } else if (sum !== 0) insert(cells, values, place, cell, sum)
}

/** The `count` (or the milliseconds of a `span`) in one record; 0 where it holds none. */
export function countOfRecord({ cells, values }: MeasureRecord, measure: Measure): number {
  const cell = firstCell(measure)
  const place = placeFrom(cells, cell, 0)
  return place < cells.length && cells[place] === cell ? values[place]! : 0
}

/** Adds `n` (negative: takes back) to a `count`. */
export function addCount(record: MeasureRecord, measure: Measure, n: number): void {
  addCell(record, firstCell(measure), n)
}

/** Adds milliseconds of a `span`'s overlap with the bucket; negative takes back. */
export function addSpan(record: MeasureRecord, measure: Measure, ms: number): void {
  addCount(record, measure, ms)
}

/** Adds an amount in minor units of a currency; a negative one takes back. */
export function addMoney(
  record: MeasureRecord,
  measure: Measure,
  currency: string,
  amountMinor: number,
): void {
  addCell(record, moneyCell(measure, currency), amountMinor)
}

/** Adds a duration `times` times: +1 to count it, −1 to take it back. @throws RangeError when `ms` is negative or no integer. */
export function addDuration(
  record: MeasureRecord,
  measure: Measure,
  ms: number,
  times: number,
): void {
  const first = firstCell(measure)
  addCell(record, first + sumCell, ms * times)
  addCell(record, first + firstBinCell + binOf(ms), times)
}

/** Adds every cell of `from` to `into`; `from` stays as it is. */
export function addRecord(into: MeasureRecord, { cells, values }: MeasureRecord): void {
  let place = 0
  let [come, gone] = [0, 0]
  for (let index = 0; index < cells.length; index += 1) {
    place = placeFrom(into.cells, cells[index]!, place)
    if (place === into.cells.length || into.cells[place] !== cells[index]) come += 1
    else if ((into.values[place]! += values[index]!) === 0) gone += 1
  }
  if (come > 0) insertMissing(into, cells, values, come)
  if (gone > 0) dropZeros(into)
}

/** Those of the cells that it does not have, all at once: each of what it has is moved but once. */
function insertMissing(
  into: MeasureRecord,
  cells: readonly number[],
  values: readonly number[],
  count: number,
): void {
  let from = into.cells.length - 1
  for (let left = count; left > 0; left -= 1) {
    into.cells.push(0)
    into.values.push(0)
  }
  let to = into.cells.length - 1
  for (let index = cells.length - 1; from < to; index -= 1) {
    const cell = cells[index]!
    for (; from >= 0 && into.cells[from]! > cell; from -= 1, to -= 1) {
      into.cells[to] = into.cells[from]!
      into.values[to] = into.values[from]!
    }
    if (from >= 0 && into.cells[from] === cell) continue
    into.cells[to] = cell
    into.values[to] = values[index]!
    to -= 1
  }
}

function dropZeros({ cells, values }: MeasureRecord): void {
  let kept = 0
  for (let place = 0; place < cells.length; place += 1) {
    if (values[place] === 0) continue
    cells[kept] = cells[place]!
    values[kept] = values[place]!
    kept += 1
  }
  cells.length = kept
  values.length = kept
}

/** One of its own, with the same cells. */
export function copyOfRecord({ cells, values }: MeasureRecord): MeasureRecord {
  return { cells: cells.slice(), values: values.slice() }
}
