export type Cell = string | number | bigint | boolean | null | undefined

/** Excel takes a file without it for text in the code page of the machine. */
export const byteOrderMark = '\uFEFF'

/** RFC 4180: quoted where a comma, a quote or a line break is in it. Nothing is an empty cell. */
function cellText(value: Cell): string {
  const text = String(value ?? '')
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

export const lineOf = (cells: readonly Cell[]): string => `${cells.map(cellText).join(',')}\r\n`

/**
 * A slice as a cell. Its values are the only text in a CSV that others chose, and no spreadsheet may take one for a formula: no cell begins with
 * one, `=` is percent-encoded in every slice, and here also the semicolon, at which a spreadsheet of another country would begin a new cell.
 */
export const sliceCell = (slice: string): string => slice.replaceAll(';', '%3B')
