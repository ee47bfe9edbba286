import { type DeadLetter, formatTime } from '@deskpulse/contract'
import { printable } from '../output/printable.ts'

/** A letter in JSON, but for its bytes. */
export function summaryOf(id: string, letter: DeadLetter, replays: number) {
  const { code, path, reason, tenant, source, times, place, original } = letter
  return {
    ...{ id, code, path, reason, tenant, source, times },
    firstAt: formatTime(letter.firstMs),
    lastAt: formatTime(letter.lastMs),
    ...{ replays, refusedBy: place === null ? 'ingest' : 'folds', place },
    bytes: original.kind === 'whole' ? original.bytes.length : original.length,
  }
}
export type Summary = ReturnType<typeof summaryOf>

/** A cell of a table. */
export const cell = (text: string | null): string =>
  text === null || text === '' ? '-' : printable(text)

/** `1 letter`, `2 letters`. */
export const counted = (count: number, noun: string): string =>
  `${count} ${noun}${count === 1 ? '' : 's'}`

/** What is said, on the error output, when records could not be read. */
export function unreadableNote(records: number): string {
  return records === 0
    ? ''
    : `${counted(records, 'record')} of the topic cannot be read by this version\n`
}
