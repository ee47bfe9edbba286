import * as z from 'zod'
import { instant } from '../api/responses.ts'
import type { Column, ColumnKind, Columns } from './column.ts'
import { commonColumns, type FlatRowOf, rowTables, type RowTable, rowTableNames } from './tables.ts'

const cells: Readonly<Record<ColumnKind, z.ZodType>> = {
  text: z.string(),
  instant,
  ms: z.int(),
  count: z.int(),
  flag: z.boolean(),
}

function schemaOf({ kind, isOptional, says }: Column): z.ZodType {
  const cell = cells[kind].meta({ description: says })
  return isOptional ? cell.nullable() : cell
}

const shapeOf = (columns: Columns): Record<string, z.ZodType> =>
  Object.fromEntries(Object.entries(columns).map(([name, column]) => [name, schemaOf(column)]))

function tableSchema<Name extends RowTable>(name: Name): z.ZodType<FlatRowOf<Name>> {
  const shape = { grain: z.literal(name), ...shapeOf({ ...commonColumns, ...rowTables[name] }) }
  const words = name.split('-').map((word) => word[0]!.toUpperCase() + word.slice(1))
  return z.strictObject(shape).meta({ id: `${words.join('')}Row` }) as unknown as z.ZodType<
    FlatRowOf<Name>
  >
}

/** The schema of a record, by its table. */
export const flatRowSchemas = Object.fromEntries(
  rowTableNames.map((name) => [name, tableSchema(name)]),
) as { readonly [Name in RowTable]: z.ZodType<FlatRowOf<Name>> }

/** A record of any table. */
export const flatRowSchema = z.union(Object.values(flatRowSchemas))
