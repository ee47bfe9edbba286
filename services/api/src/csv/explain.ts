import { columnsOfTable, type FlatRow, type RowTable } from '@deskpulse/contract'
import { grainsOf } from '@deskpulse/core/kpis'
import { firstPage, nothingYet, type PageStart } from '../explain/cursor.ts'
import { type ExplainRow, numbersOf } from '../explain/entry.ts'
import type { ExplainedPage } from '../explain/source.ts'
import { granted, type Outcome } from '../reading/tenant.ts'
import { byteOrderMark, type Cell, lineOf } from './cells.ts'

/** Reads a page. `isPatient`: the answer has begun, and cannot be refused any more. */
export type PageOf = (from: PageStart, isPatient: boolean) => Promise<Outcome<ExplainedPage>>

type ExplainCsv = { readonly first: ExplainedPage; readonly text: AsyncGenerator<string> }

/** Columns of what goes on. */
const openColumns = ['kind', 'since', 'contactId', 'agentId'] as const

/** Every row, page by page, each of a moment of its own. A row has the columns of its table; those of the others are empty. */
export async function explainCsv(pageOf: PageOf, bom: boolean): Promise<Outcome<ExplainCsv>> {
  const first = await pageOf(firstPage, false)
  return first.ok
    ? granted({ first: first.value, text: csvPages(pageOf, first.value, bom) })
    : first
}

async function* csvPages(
  pageOf: PageOf,
  first: ExplainedPage,
  bom: boolean,
): AsyncGenerator<string> {
  const { kpi } = first.explained
  const numbers = Object.keys(numbersOf(kpi.terms!, nothingYet)) as (keyof ExplainRow)[]
  const tables = grainsOf(kpi).map((grain): RowTable => grain)
  const columns = [...new Set(tables.flatMap((table) => Object.keys(columnsOfTable(table))))]
  const lead = ['at', ...numbers, 'durationMs'] as const
  const named = openColumns.map((name) => `open.${name}`)
  yield `${bom ? byteOrderMark : ''}${lineOf([...lead, ...columns, ...named])}`
  const line = (row: ExplainRow): string =>
    lineOf([
      ...lead.map((name) => row[name] as Cell),
      ...columns.map((name) => cellOf(row.row, name)),
      ...openColumns.map((name) => textCell(row.open?.[name])),
    ])
  for (let page = first; ;) {
    yield page.listing.rows.map(line).join('')
    if (page.listing.next === null) return
    const next = await pageOf(page.listing.next, true)
    if (!next.ok) throw new Error(`the rows of ${kpi.id} end early: ${next.problem.detail}`)
    page = next.value
  }
}

function cellOf(row: FlatRow | null, name: string): Cell {
  const value = row === null ? undefined : (row as Readonly<Record<string, Cell>>)[name]
  return typeof value === 'string' ? textCell(value) : value
}

/** Ids are text that others chose: no spreadsheet may take one for a formula, whatever separates its cells. */
const textCell = (text: string | undefined): Cell =>
  text?.replaceAll(/[%=;]|^[+\-@]/g, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`)
