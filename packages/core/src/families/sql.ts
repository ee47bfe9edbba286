import type { CreditScope } from '../measures/measure.ts'
import type { Grain } from '../subjects/row.ts'

/** Tables of rows as they are exported (docs/rows.md): one for each grain, and those of what a row has several of. */
export type SqlTable =
  Grain | 'reply-threshold' | 'pass-threshold' | 'customer-period-place' | 'agent-day-place'

/**
 * What counts in a measure, once more as SQL over a table of rows: an instant of its rows, which of the rows, and what each adds. Names are columns; all
 * of it is in the SQL that every engine reads.
 */
export type SqlTerm = {
  readonly table: SqlTable
  /** The instant at which it counts, by the name of its moment: `answered` of `answeredAt`, and of its credit `answeredQueue` … */
  readonly at: string
  /** The moment that has the credit, where it counts at another one; default: `at`. */
  readonly creditedAs?: string
  /** Of the rows that have that instant; default: all. */
  readonly where?: string
  /** Default: 1. Of durations and stretches: ms. */
  readonly value?: string
  /** Of the rows that agree in these columns, that with the first such instant alone counts; absent: each does. */
  readonly firstBy?: string
  /** Default `both`. */
  readonly scope?: CreditScope
}

/** One term; measures of several rules have several. */
export const rowsOf = (
  table: SqlTable,
  at: string,
  more: Omit<SqlTerm, 'table' | 'at'> = {},
): SqlTerm => ({ table, at, ...more })

/** The terms of each measure of a family, which are added up. */
export type FamilySql<Names extends string> = Readonly<Record<Names, readonly SqlTerm[]>>

/** The same, at the entry of each row (`Measure.atEntry`). */
export const termAtEntry = (term: SqlTerm): SqlTerm => ({
  ...term,
  at: 'entered',
  creditedAs: term.at,
})

/** The same of what may name a period: it counts in all, or where the period that is asked for, of the kind `$period`, contains it. */
export const termNamed = (term: SqlTerm): SqlTerm => ({
  ...term,
  where: [
    ...(term.where === undefined ? [] : [term.where]),
    '(countsIn IS NULL OR instr(countsIn, $period) > 0)',
  ].join(' AND '),
})
