import { isUtf8 } from 'node:buffer'
import { Readable } from 'node:stream'
import { setImmediate as otherWork } from 'node:timers/promises'
import { CsvError, parse } from 'csv-parse'
import type { Text } from './column.ts'

/** A record of a file, and the line on which it begins. */
export type SheetRow = { readonly line: number; readonly cells: readonly string[] }

/** What stands in a CSV file: its first record is the header. Blank records are left out, also those of separators alone, as spreadsheets write them. */
export type Sheet = { readonly header: SheetRow; readonly rows: readonly SheetRow[] }

/** Why nothing can be read of a file. */
export type Unreadable = {
  readonly line: number
  /** Goes on after the name of the file. */
  readonly reason: string
  readonly expected: Text
}

const separators = ['\t', ';', ','] as const

/** `Unreadable`: bytes that are no UTF-8, a quote that is not closed or stands inside a cell, and a file without a header. */
export async function readSheet(bytes: Uint8Array): Promise<Sheet | Unreadable> {
  if (!isUtf8(bytes)) return notUtf8
  const text = new TextDecoder().decode(bytes).replaceAll(/\r\n?/g, '\n')
  const records = await recordsOf(text)
  if ('reason' in records) return records
  const [header, ...rows] = records
  return header === undefined ? empty : { header, rows }
}

const notUtf8: Unreadable = {
  line: 1,
  reason: 'is not UTF-8: save it as “CSV UTF-8” in your spreadsheet',
  expected: {
    en: 'UTF-8: save the file as “CSV UTF-8” in your spreadsheet',
    zh: 'UTF-8 编码：请在表格软件中另存为“CSV UTF-8”',
  },
}
const empty: Unreadable = {
  line: 1,
  reason: 'is empty: it has no header',
  expected: { en: 'a header with the names of the columns', zh: '写有列名的表头' },
}
const quotes: Text = {
  en: 'quotes around whole cells, each of them closed',
  zh: '引号成对，并包住整个单元格',
}

type Parsed = { readonly record: readonly string[]; readonly info: { readonly lines: number } }

async function recordsOf(text: string): Promise<readonly SheetRow[] | Unreadable> {
  const parser = parse({
    delimiter: separatorOf(text),
    ...{ info: true, trim: true, skip_empty_lines: true },
    relax_column_count: true, // Judged by the header, with all other errors.
  })
  const rows: SheetRow[] = []
  try {
    const parsed = Readable.from(piecesOf(Buffer.from(text))).compose(parser)
    for await (const { record, info } of parsed as AsyncIterable<Parsed>)
      if (record.some((cell) => cell !== ''))
        rows.push({ line: info.lines - breaksIn(record), cells: record })
    return rows
  } catch (error) {
    if (!(error instanceof CsvError)) throw error
    const line = Number(/at line (\d+)/.exec(error.message)?.[1] ?? 1) // All else that it reads of the options here is about quotes.
    return { line, reason: `is no CSV: ${error.message}`, expected: quotes }
  }
}

const pieceBytes = 64 * 1024

/** What else a process has to do goes on between two pieces of a file. */
async function* piecesOf(bytes: Buffer): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += pieceBytes) {
    yield bytes.subarray(at, at + pieceBytes)
    await otherWork()
  }
}

/** No name of a column has any of them in it: the first one that is met separates. */
function separatorOf(text: string): string {
  const head = text.trimStart().split('\n', 1)[0]!
  return separators.find((separator) => head.includes(separator)) ?? ','
}

/** A cell may be of several lines, and the last one is told. */
const breaksIn = (cells: readonly string[]): number => cells.join('').split('\n').length - 1
