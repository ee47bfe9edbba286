import { type Dimension, dimensions } from '@deskpulse/core/config'
import type { DimensionValues } from '@deskpulse/core/measures'
import type { Moment } from '@deskpulse/core/subjects'
import type { EpochMs } from '@deskpulse/core/time'
import { type CellsOf, type Column, column, optional } from './column.ts'

type DimensionColumns<Name extends string> = {
  readonly [Of in Dimension as `${Name}${Capitalize<Of>}`]: Column<'text', true>
}
/** Columns of an instant of a row, and of where and for whom it counts. */
export type MomentColumns<Name extends string, Optional extends boolean> = {
  readonly [Of in 'At' as `${Name}${Of}`]: Column<'instant', Optional>
} & DimensionColumns<Name>

const nameOf = (moment: string, dimension: Dimension): string =>
  `${moment}${dimension[0]!.toUpperCase()}${dimension.slice(1)}`

/** Columns `<name>At`, `<name>Queue`, `<name>Agent` …; `says` goes on from "the instant of". */
export function momentColumns<Name extends string>(
  name: Name,
  says: string,
): MomentColumns<Name, false> {
  return columnsOf(name, column('instant', says)) as MomentColumns<Name, false>
}

/** The same of what may not have happened: all of them are `null` then. */
export function optionalMoment<Name extends string>(
  name: Name,
  says: string,
): MomentColumns<Name, true> {
  return columnsOf(name, optional('instant', says)) as MomentColumns<Name, true>
}

function columnsOf(name: string, at: Column): Readonly<Record<string, Column>> {
  const credits = dimensions.map((dimension) => [
    nameOf(name, dimension),
    optional('text', `the ${dimension} that it is credited to`),
  ])
  return { [`${name}At`]: at, ...Object.fromEntries(credits) }
}

/** Whether a column is a dimension of the credit of a moment that the table has. */
export function isCreditOf(column: string, names: ReadonlySet<string>): boolean {
  return dimensions.some((dimension) => {
    const moment = column.slice(0, -dimension.length)
    return column === nameOf(moment, dimension) && names.has(`${moment}At`)
  })
}

/** RFC 3339 UTC with milliseconds. */
export const instantCell = (atMs: EpochMs): string => new Date(atMs).toISOString()

/** The cells of a moment under its name; `null`: it has not come. */
export function momentCells<Name extends string, At extends Moment | null>(
  name: Name,
  moment: At,
): CellsOf<MomentColumns<Name, null extends At ? true : false>> {
  const credit: DimensionValues = moment?.credit ?? {}
  const cells = dimensions.map((dimension) => [nameOf(name, dimension), textOf(credit[dimension])])
  return {
    [`${name}At`]: moment === null ? null : instantCell(moment.atMs),
    ...Object.fromEntries(cells),
  } as CellsOf<MomentColumns<Name, null extends At ? true : false>>
}

function textOf(value: DimensionValues[Dimension]): string | null {
  if (value === undefined || typeof value === 'string') return value ?? null
  throw new TypeError('a moment is credited to one queue') // An agent's time alone is of several.
}
