import { measures } from '../families/catalogue.ts'
import { cellsPerField, firstCell } from '../measures/measure.ts'

const columnOf = (cell: number): number => Math.floor(cell / cellsPerField)

const maturing = new Set(
  Object.values(measures).flatMap((measure) =>
    measure.matures === true ? [columnOf(firstCell(measure))] : [],
  ),
)

/** Whether a cell of a record is of a measure that time alone changes (`Measure.matures`). */
export const isMaturing = (cell: number): boolean => maturing.has(columnOf(cell))
