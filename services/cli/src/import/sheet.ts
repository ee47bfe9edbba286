import { isUtf8 } from 'node:buffer'
import { CsvError, parse } from 'csv-parse/sync'
import { CommandFailure } from '../command-line/failure.ts'
import { printable } from '../output/printable.ts'

/** A record of a file, and the line on which it begins. */
export type SheetRow = { readonly line: number; readonly cells: readonly string[] }

/** What stands in a CSV file: its first record is the header. Blank records are left out, also those of separators alone, as spreadsheets write them. */
export type Sheet = { readonly header: SheetRow; readonly rows: readonly SheetRow[] }

const separators = ['\t', ';', ','] as const

/** @throws CommandFailure for bytes that are no UTF-8, a quote that is not closed or stands inside a cell, and a file without a header. */
export function readSheet(name: string, bytes: Uint8Array): Sheet {
  if (!isUtf8(bytes))
    throw new CommandFailure(`${name} is not UTF-8: save it as “CSV UTF-8” in your spreadsheet`)
  const text = new TextDecoder().decode(bytes).replaceAll(/\r\n?/g, '\n')
  const [header, ...rows] = recordsOf(name, text)
  if (header === undefined) throw new CommandFailure(`${name} is empty: it has no header`)
  return { header, rows }
}

function recordsOf(name: string, text: string): SheetRow[] {
  try {
    const records = parse(text, {
      delimiter: separatorOf(text),
      ...{ info: true, trim: true, skip_empty_lines: true },
      relax_column_count: true, // Judged by the header, with all other errors.
    }) as unknown as { readonly record: readonly string[]; readonly info: { lines: number } }[]
    return records
      .map(({ record, info: { lines } }) => ({ line: lines - breaksIn(record), cells: record }))
      .filter(({ cells }) => cells.some((cell) => cell !== ''))
  } catch (error) {
    if (!(error instanceof CsvError)) throw error
    throw new CommandFailure(`${name} is no CSV: ${printable(error.message)}`, { cause: error })
  }
}

/** No name of a column has any of them in it: the first one that is met separates. */
function separatorOf(text: string): string {
  const head = text.trimStart().split('\n', 1)[0]!
  return separators.find((separator) => head.includes(separator)) ?? ','
}

/** A cell may be of several lines, and the last one is told. */
const breaksIn = (cells: readonly string[]): number => cells.join('').split('\n').length - 1
