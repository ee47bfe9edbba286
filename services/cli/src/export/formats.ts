import { columnsOfTable, type FlatRow, type RowTable } from '@deskpulse/contract'

export const exportFormats = ['ndjson', 'csv', 'parquet'] as const
export type ExportFormat = (typeof exportFormats)[number]

const chunkChars = 64 * 1024

/** The records as text, in pieces of about 64 kB. CSV: RFC 4180 with a header; a cell without a value is empty. */
export function* textOf(
  format: Exclude<ExportFormat, 'parquet'>,
  table: RowTable,
  records: Iterable<FlatRow>,
): Generator<string> {
  let text = format === 'csv' ? `${Object.keys(columnsOfTable(table)).join(',')}\r\n` : ''
  const line = format === 'csv' ? csvLine : jsonLine
  for (const record of records) {
    text += line(record)
    if (text.length < chunkChars) continue
    yield text
    text = ''
  }
  if (text !== '') yield text
}

const jsonLine = (record: FlatRow): string => `${JSON.stringify(record)}\n`
const csvLine = (record: FlatRow): string => `${Object.values(record).map(csvCell).join(',')}\r\n`

function csvCell(cell: string | number | boolean | null): string {
  if (cell === null) return ''
  const text = String(cell)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
