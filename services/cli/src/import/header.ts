import { nearest } from '@deskpulse/contract'
import { CommandFailure } from '../command-line/failure.ts'
import { printable } from '../output/printable.ts'
import { importLanguages, type ImportKind, namesOf, textIn } from './column.ts'
import type { SheetRow } from './sheet.ts'

/** Key of the column at each place of a row. */
export type Header = readonly string[]

/** `Period start`, `period_start` and `periodStart` are one name; so are letters of full and half width. */
const plain = (name: string): string =>
  name
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[\s_*-]/g, '')

/** Which columns a file has, in either language and any order. @throws CommandFailure that names those that are unknown, there twice, or missing. */
export function headerOf(file: string, kind: ImportKind, { cells, line }: SheetRow): Header {
  const names = Object.entries(kind.columns).flatMap(([key, { name }]) =>
    importLanguages.map((language) => ({ key, name: textIn(name, language) })),
  )
  const byName = new Map(names.map(({ key, name }) => [plain(name), key]))
  const keys = cells.map((cell) => byName.get(plain(cell)))
  const all = names.map(({ name }) => name)
  const faults = [
    ...cells.flatMap((cell, place) =>
      keys[place] === undefined ? [`unknown column ${unknown(cell, all)}`] : [],
    ),
    ...Object.entries(kind.columns).flatMap(([key, { isRequired = false }]) => {
      const count = keys.filter((one) => one === key).length
      const called = namesOf(kind, key)
      if (count > 1) return [`column ${called} is there twice`]
      return count === 0 && isRequired ? [`column ${called} is missing`] : []
    }),
  ]
  if (faults.length > 0)
    throw new CommandFailure(
      `${file}:${line} is no header of ${kind.name}: ${faults.join('; ')}. See deskpulse import ${kind.name} --template`,
    )
  return keys as string[]
}

function unknown(cell: string, all: readonly string[]): string {
  const near = nearest(cell, all)
  const shown = JSON.stringify(printable(cell))
  return near === null ? shown : `${shown} (did you mean ${near}?)`
}
