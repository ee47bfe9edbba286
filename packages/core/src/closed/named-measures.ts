import { measures } from '../families/catalogue.ts'
import { passThresholdMeasureAt } from '../families/queues.ts'
import { thresholdMeasureAt } from '../families/replies.ts'
import { binValue } from '../measures/histogram.ts'
import { cellsPerField, fieldsOf, firstCell, type Measure, twinsOf } from '../measures/measure.ts'
import {
  countOf,
  durationOf,
  emptyMerged,
  type ExactInteger,
  mergeRecord,
  moneyOf,
} from '../measures/merged.ts'

/** Durations: how many, their sum in ms, and how many there are near each value, in ms, in ascending order: at most 0.8 % beside it. */
export type NamedDurations = {
  readonly count: number
  readonly sumMs: ExactInteger
  readonly near: readonly (readonly [ms: number, count: number])[]
}

/** Money in minor units, by currency. */
export type NamedAmounts = Readonly<Record<string, ExactInteger>>

/** Measures by their names. A `count` is a number, a `span` its milliseconds. Those that hold nothing are not there. What a reading on a clock adds is `<name>-<clock>`, what counts by entry `<name>-entry`. */
export type NamedMeasures = Readonly<Record<string, ExactInteger | NamedDurations | NamedAmounts>>

const columnOf = (cell: number): number => Math.floor(cell / cellsPerField)
const byColumn = new Map(
  Object.values<Measure>(measures)
    .flatMap((measure) => [measure, ...twinsOf(measure)])
    .flatMap((measure) =>
      fieldsOf(measure).map((field) => [columnOf(firstCell({ ...measure, field })), measure]),
    ),
)

/** What records of measures come to together. */
export function namedMeasures(records: readonly Uint8Array[]): NamedMeasures {
  const merged = emptyMerged()
  for (const bytes of records) mergeRecord(merged, bytes)
  const columns = [...new Set([...merged.cells.keys()].map(columnOf))].sort((a, b) => a - b)
  const named: Record<string, NamedMeasures[string]> = {}
  for (const measure of new Set(columns.map(measureAt))) {
    if (measure.kind === 'duration') {
      const { count, sum, bins } = durationOf(merged, measure)
      const near = bins.bins.map((bin, place) => [binValue(bin), bins.counts[place]!] as const)
      named[measure.name] = { count, sumMs: sum, near }
    } else if (measure.kind === 'money')
      named[measure.name] = Object.fromEntries(moneyOf(merged, measure))
    else named[measure.name] = countOf(merged, measure)
  }
  return named
}

/** @throws RangeError: a store that holds measures of no family is a bug. */
function measureAt(column: number): Measure {
  const measure =
    byColumn.get(column) ?? thresholdMeasureAt(column) ?? passThresholdMeasureAt(column)
  if (measure === undefined) throw new RangeError(`no measure in column ${column}`)
  return measure
}
