import { printable } from '../output/printable.ts'
import type { Refusal } from '../send/sender.ts'
import type { Fault, Imported } from './events.ts'
import { type ImportKind, namesOf } from './column.ts'
import type { Header } from './header.ts'
import type { SheetRow } from './sheet.ts'

/** So many are spelled out; how many more there are is said. */
export const faultsShownMax = 100
const gotMax = 60

/** Every fault on a line of its own, by the names that the file gives its columns. */
export function faultsText(
  file: string,
  kind: ImportKind,
  { cells }: SheetRow,
  header: Header,
  faults: readonly Fault[],
): string {
  const nameIn = (column: string): string => {
    const given = cells[header.indexOf(column)]
    return given === undefined ? namesOf(kind, column) : printable(given)
  }
  const lines = faults.slice(0, faultsShownMax).map(({ line, column, expected, got }) => {
    const name = column === null ? '' : ` ${nameIn(column)}`
    return `${file}:${line}${name}: expected ${expected}${gotText(got)}\n`
  })
  const more = faults.length - lines.length
  const last = `${more > 0 ? `and ${more} more; ` : ''}nothing was sent: ${faults.length} errors in ${file}\n`
  return lines.join('') + last
}

function gotText(got: string | null): string {
  if (got === null) return ''
  const text = got.length > gotMax ? `${got.slice(0, gotMax)}…` : got
  return got === '' ? ', got nothing' : `, got ${JSON.stringify(printable(text))}`
}

/** What the server did not take, each with the line of its row. */
export function refusalsText(
  file: string,
  events: readonly Imported[],
  refusals: readonly Refusal[],
): string {
  const lines = new Map(events.map(({ id, line }) => [id, line]))
  return refusals
    .map(({ id, code, detail }) => {
      const line = id === null ? undefined : lines.get(id)
      return `${file}${line === undefined ? '' : `:${line}`}: refused ${code}${detail === '' ? '' : `: ${detail}`}\n`
    })
    .join('')
}
