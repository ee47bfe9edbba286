import { dimensionSet, equalDimensions, type DimensionSet } from '../measures/dimension-set.ts'
import type { DimensionValues } from '../measures/measure.ts'
import { withCredits, type Row } from './row.ts'

/** Rows as plain data, with their credits listed once: in the rows they are places in the list. */
export type StoredRows = {
  readonly credits: readonly DimensionValues[]
  readonly rows: readonly Row<number>[]
}

export function storeRows(rows: Iterable<Row>): StoredRows {
  const credits: DimensionSet[] = []
  const placeOf = (credit: DimensionSet): number => {
    // Few are distinct, and most rows have that of the one before.
    const known = credits.findLastIndex((one) => equalDimensions(one, credit))
    return known < 0 ? credits.push(credit) - 1 : known
  }
  return { rows: Array.from(rows, (row) => withCredits(row, placeOf)), credits }
}

export function restoreRows({ credits, rows }: StoredRows): Row[] {
  const sets = credits.map((credit) => dimensionSet(credit, credit))
  return rows.map((row) => withCredits(row, (place) => sets[place]!))
}
