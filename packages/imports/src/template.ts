import { type ImportKind, type ImportLanguage, textIn } from './column.ts'

/** Excel takes a file without it for text in the code page of the machine. */
const byteOrderMark = '\uFEFF'

/** A file of a kind to begin with: the header and two rows. */
export function templateOf({ columns }: ImportKind, language: ImportLanguage): string {
  const all = Object.values(columns)
  const lines = [
    all.map(({ name }) => name),
    ...[0, 1].map((row) => all.map(({ examples }) => examples[row]!)),
  ]
  const text = lines.map((cells) => cells.map((cell) => textIn(cell, language)).join(',')) // None has a separator or a quote.
  return `${byteOrderMark}${text.join('\r\n')}\r\n`
}
