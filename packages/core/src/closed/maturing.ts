import { measures } from '../families/catalogue.ts'
import { cellsPerField, firstCell, type Maturity, type Measure } from '../measures/measure.ts'

const columnOf = (cell: number): number => Math.floor(cell / cellsPerField)

const maturing = new Map(
  Object.values<Measure>(measures).flatMap((measure): [number, Maturity][] =>
    measure.matures === undefined ? [] : [[columnOf(firstCell(measure)), measure.matures]],
  ),
)

/** Within what time alone changes the measure that a cell of a record is of (`Measure.matures`); `null`: it does not. */
export const maturityOf = (cell: number): Maturity | null => maturing.get(columnOf(cell)) ?? null
