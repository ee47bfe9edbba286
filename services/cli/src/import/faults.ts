import { type Fault, type HeaderFault, type Imported, textIn } from '@deskpulse/imports'
import { printable } from '../output/printable.ts'
import type { Refusal } from '../send/sender.ts'

/** So many are spelled out; how many more there are is said. */
export const faultsShownMax = 100
const gotMax = 60

/** Every fault on a line of its own, by the names that the file gives its columns. */
export function faultsText(file: string, faults: readonly Fault[]): string {
  const lines = faults.slice(0, faultsShownMax).map(({ line, column, expected, got }) => {
    const name = column === null ? '' : ` ${printable(column)}`
    return `${file}:${line}${name}: expected ${textIn(expected, 'en')}${gotText(got)}\n`
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

/** What is wrong with a header, in one line. */
export function headerText(faults: readonly HeaderFault[]): string {
  return faults.map(headerFaultText).join('; ')
}

function headerFaultText(fault: HeaderFault): string {
  if (fault.is !== 'unknown')
    return `column ${fault.column} is ${fault.is === 'twice' ? 'there twice' : 'missing'}`
  const shown = JSON.stringify(printable(fault.column))
  return `unknown column ${shown}${fault.nearest === null ? '' : ` (did you mean ${fault.nearest}?)`}`
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
