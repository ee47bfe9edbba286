import type { ImportKind } from './column.ts'
import { type Header, type HeaderFault, headerOf } from './header.ts'
import { readSheet, type SheetRow, type Unreadable } from './sheet.ts'

/** A file whose header is one of its kind. Its rows are not judged yet. */
export type Table = {
  readonly kind: ImportKind
  readonly header: Header
  readonly rows: readonly SheetRow[]
}

export type Opened =
  | ({ readonly is: 'unreadable' } & Unreadable)
  | {
      readonly is: 'no-header'
      readonly line: number
      readonly faults: readonly HeaderFault[]
      readonly rows: number
    }
  | { readonly is: 'table'; readonly table: Table }

/** What a file turns out to be, as one of a kind. */
export async function openTable(kind: ImportKind, bytes: Uint8Array): Promise<Opened> {
  const sheet = await readSheet(bytes)
  if ('reason' in sheet) return { is: 'unreadable', ...sheet }
  const { line } = sheet.header
  const read = headerOf(kind, sheet.header)
  return 'faults' in read
    ? { is: 'no-header', line, faults: read.faults, rows: sheet.rows.length }
    : { is: 'table', table: { kind, header: read.header, rows: sheet.rows } }
}
