/** Kinds of cells: text, RFC 3339 UTC with milliseconds, milliseconds, a whole number, true or false. */
type Cells = {
  readonly text: string
  readonly instant: string
  readonly ms: number
  readonly count: number
  readonly flag: boolean
}
export type ColumnKind = keyof Cells

/** A column of a table of rows. `isOptional`: a cell may be `null`. `says`: what it means, for the documentation. */
export type Column<Kind extends ColumnKind = ColumnKind, Optional extends boolean = boolean> = {
  readonly kind: Kind
  readonly isOptional: Optional
  readonly says: string
}

export type Columns = Readonly<Record<string, Column>>
export type CellOf<Of extends Column> =
  Of extends Column<infer Kind, infer Optional>
    ? Cells[Kind] | (true extends Optional ? null : never)
    : never
/** The cells of one row. */
export type CellsOf<Of extends Columns> = { readonly [Name in keyof Of]: CellOf<Of[Name]> }

/** A cell that every row has. */
export const column = <Kind extends ColumnKind>(kind: Kind, says: string): Column<Kind, false> => ({
  kind,
  says,
  isOptional: false,
})
/** A cell that may be `null`: what it is about has not happened. */
export const optional = <Kind extends ColumnKind>(
  kind: Kind,
  says: string,
): Column<Kind, true> => ({ kind, says, isOptional: true })
