import { binCount, binOf } from './histogram.ts'
import { cellsPerField, firstCell, type Measure } from './measure.ts'

/**
 * What one slice and bucket hold of all measures: integers in numbered cells, an abelian group under `addRecord`. A measure owns `cellsPerField`
 * cells from `firstCell` on: the first is its count (of a `count`) or its milliseconds (of a `span`), the second the sum of a `duration`, the others the bins of its
 * histogram. How many durations there were is the total of the bins, so the two cannot disagree. A cell that comes back to zero is dropped: equal
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

/** Looks for the cell from `from` on. @returns its place: no higher cell has a lower one. */
function addCell({ cells, values }: MeasureRecord, cell: number, value: number, from = 0): number {
  const place = placeFrom(cells, cell, from)
  const isThere = place < cells.length && cells[place] === cell
  const sum = isThere ? values[place]! + value : value
  if (isThere && sum !== 0) values[place] = sum
  else if (isThere) {
    cells.splice(place, 1)
    values.splice(place, 1)
  } else if (sum !== 0) insert(cells, values, place, cell, sum)
  return place
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
  for (let index = 0; index < cells.length; index += 1)
    place = addCell(into, cells[index]!, values[index]!, place)
}
