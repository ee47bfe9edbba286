import { binCount, binOf } from './histogram.ts'

/**
 * What one slice, bucket and family hold: integers in numbered cells, an abelian group under `addRecord`. A field owns `cellsPerField` cells:
 * the first is its count (of a `count`) or its milliseconds (of a `span`), the second the sum of a `duration`, the others the bins of its
 * histogram. How many durations there were is the total of the bins, so the two cannot disagree. A cell that comes back to zero is dropped: equal
 * content is equal, however it came about. Values are exact up to 2^53 in one record; merging many is `MergedMeasures`' business.
 */
export type MeasureRecord = { readonly cells: Map<number, number> }

export const cellsPerField = 4_096
export const sumCell = 1
export const firstBinCell = 2

if (firstBinCell + binCount > cellsPerField) throw new Error('a field has fewer cells than a histogram has bins')

export function emptyRecord(): MeasureRecord {
  return { cells: new Map() }
}

export function isEmpty(record: MeasureRecord): boolean {
  return record.cells.size === 0
}

function addCell(cells: Map<number, number>, cell: number, value: number): void {
  const before = cells.get(cell)
  if (before === undefined) {
    if (value !== 0) cells.set(cell, value)
  } else if (before + value === 0) cells.delete(cell)
  else cells.set(cell, before + value)
}

/** The `count` (or the milliseconds of a `span`) in one record; 0 where it holds none. */
export function countOfRecord(record: MeasureRecord, field: number): number {
  return record.cells.get(field * cellsPerField) ?? 0
}

/** Adds `n` (negative: takes back) to a `count`. */
export function addCount(record: MeasureRecord, field: number, n: number): void {
  addCell(record.cells, field * cellsPerField, n)
}

/** Adds milliseconds of a `span`'s overlap with the bucket; negative takes back. */
export function addSpan(record: MeasureRecord, field: number, ms: number): void {
  addCount(record, field, ms)
}

/** Adds a duration `times` times: +1 to count it, −1 to take it back. @throws RangeError when `ms` is negative or no integer. */
export function addDuration(record: MeasureRecord, field: number, ms: number, times: number): void {
  const first = field * cellsPerField
  addCell(record.cells, first + sumCell, ms * times)
  addCell(record.cells, first + firstBinCell + binOf(ms), times)
}

/** Adds every cell of `from` to `into`; `from` stays as it is. */
export function addRecord(into: MeasureRecord, from: MeasureRecord): void {
  for (const [cell, value] of from.cells) addCell(into.cells, cell, value)
}
