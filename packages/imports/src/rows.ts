import { type Cell, type Cells, type Column, namesOf, type Text } from './column.ts'
import { eventOf, type Imported, type ImportOptions, subjectOf } from './events.ts'
import type { SheetRow } from './sheet.ts'
import type { Table } from './table.ts'

/** What is wrong with a row. */
export type Fault = {
  readonly line: number
  /** As the file calls it, or both names of one that it does not have; `null`: of the row as a whole. */
  readonly column: string | null
  readonly expected: Text
  /** The text of the cell; `null`: not about one. */
  readonly got: string | null
}

/** The event of a row, or all that is wrong with it. */
export type JudgedRow =
  { readonly event: Imported } | { readonly event: null; readonly faults: readonly Fault[] }

/**
 * Each row of a file, judged in turn. What comes of a row follows from it, from the options, and from when the file was changed; a row about the same as one
 * before it is a fault.
 */
export function* judgedRows(table: Table, options: ImportOptions): Generator<JudgedRow> {
  const { kind } = table
  const lines = new Map<string, number>() // By what their rows are about.
  for (const row of table.rows) {
    const { line } = row
    const { cells, faults } = cellsOf(table, row, options.timeZone)
    if (faults.length > 0) {
      yield { event: null, faults }
      continue
    }
    const subject = subjectOf(kind, cells)
    const before = lines.get(subject)
    lines.set(subject, before ?? line)
    const told =
      before === undefined
        ? eventOf(kind, cells, subject, options)
        : { key: null, expected: twice(kind.columns, before) }
    if ('id' in told) yield { event: { line, ...told } }
    else yield { event: null, faults: [faultOf(table, row, told.key, told.expected)] }
  }
}

const twice = (columns: Readonly<Record<string, Column>>, line: number): Text => {
  const isNamed = 'id' in columns
  return {
    en: `one row about the same, which line ${line} is${isNamed ? '; else each with an id of its own' : ''}`,
    zh: `同一对象只有一行，与第 ${line} 行重复${isNamed ? '；否则各填编号' : ''}`,
  }
}

const placeOf = ({ header }: Table, key: string): number =>
  header.findIndex((one) => one.key === key)

const textAt = (table: Table, { cells }: SheetRow, key: string): string =>
  cells[placeOf(table, key)] ?? ''

function faultOf(table: Table, row: SheetRow, key: string | null, expected: Text): Fault {
  const { line } = row
  if (key === null) return { line, column: null, expected, got: null }
  const column = table.header[placeOf(table, key)]?.name ?? namesOf(table.kind, key)
  return { line, column, expected, got: textAt(table, row, key) }
}

const filled: Text = { en: 'a value', zh: '必填' }

function cellsOf(
  table: Table,
  row: SheetRow,
  timeZone: string | null,
): { readonly cells: Cells; readonly faults: readonly Fault[] } {
  const width = table.header.length
  const cells: Record<string, Cell> = {}
  const faults: Fault[] = []
  const fault = (key: string | null, expected: Text): void =>
    void faults.push(faultOf(table, row, key, expected))
  if (row.cells.slice(width).some((cell) => cell !== ''))
    fault(null, { en: `${width} cells, as the header has`, zh: `${width} 个单元格，与表头一致` })
  for (const [key, { read, isRequired = false }] of Object.entries(table.kind.columns)) {
    const text = textAt(table, row, key)
    const cell = text === '' ? null : read(text, timeZone)
    if (cell === null) isRequired && fault(key, filled)
    else if ('expected' in cell) fault(key, cell.expected)
    else cells[key] = cell
  }
  return { cells, faults }
}
