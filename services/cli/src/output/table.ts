const columnMax = 48

/** Columns as wide as their widest cell, at most `columnMax` but for the last one; what is longer is cut. */
export function tableOf(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = [heads, ...rows].map((row) =>
    row.map((cell, at) => (at === heads.length - 1 ? cell : cut(cell))),
  )
  const widths = heads.map((_, at) => Math.max(...cells.map((row) => row[at]!.length)))
  return cells
    .map(
      (row) =>
        `${row
          .map((cell, at) => cell.padEnd(widths[at]!))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('')
}

const cut = (cell: string): string =>
  cell.length <= columnMax ? cell : `${cell.slice(0, columnMax - 1)}…`
