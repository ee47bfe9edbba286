import { nearest } from '@deskpulse/contract'
import { importLanguages, type ImportKind, namesOf, textIn } from './column.ts'
import type { SheetRow } from './sheet.ts'

/** A column at its place in a row: its key, and the name that the file gives it. */
export type HeaderCell = { readonly key: string; readonly name: string }
export type Header = readonly HeaderCell[]

/** What is wrong with a header; `column`: as the file calls it, or both names of one that is missing. */
export type HeaderFault =
  | { readonly is: 'unknown'; readonly column: string; readonly nearest: string | null }
  | { readonly is: 'twice' | 'missing'; readonly column: string }

/** `Period start`, `period_start` and `periodStart` are one name; so are letters of full and half width. */
const plain = (name: string): string =>
  name
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[\s_*-]/g, '')

/** Which columns a file has, in either language and any order; or those that are unknown, there twice, or missing. */
export function headerOf(
  kind: ImportKind,
  { cells }: SheetRow,
): { readonly header: Header } | { readonly faults: readonly HeaderFault[] } {
  const names = Object.entries(kind.columns).flatMap(([key, { name }]) =>
    importLanguages.map((language) => ({ key, name: textIn(name, language) })),
  )
  const byName = new Map(names.map(({ key, name }) => [plain(name), key]))
  const header: HeaderCell[] = []
  const faults: HeaderFault[] = []
  for (const cell of cells) {
    const key = byName.get(plain(cell))
    if (key !== undefined) header.push({ key, name: cell })
    else faults.push({ is: 'unknown', column: cell, nearest: nearest(cell, namesIn(names)) })
  }
  for (const [key, { isRequired = false }] of Object.entries(kind.columns)) {
    const count = header.filter((one) => one.key === key).length
    if (count > 1) faults.push({ is: 'twice', column: namesOf(kind, key) })
    if (count === 0 && isRequired) faults.push({ is: 'missing', column: namesOf(kind, key) })
  }
  return faults.length > 0 ? { faults } : { header }
}

const namesIn = (names: readonly HeaderCell[]): readonly string[] => names.map(({ name }) => name)
