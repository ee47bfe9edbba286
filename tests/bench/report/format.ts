import type { Spread } from '../measuring/stats.ts'

/** At least three digits that mean something; thousands apart. */
export function numberText(value: number): string {
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2
  return value.toLocaleString('en-US', {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  })
}

export const countText = (value: number): string => value.toLocaleString('en-US')

/** `median (min–max)`; the median alone where there was one run. */
export function spreadText({ median, min, max }: Spread): string {
  return min === max
    ? numberText(median)
    : `${numberText(median)} (${numberText(min)}–${numberText(max)})`
}

/** A share as percent, or, above 1, as a multiple. */
export const ratioText = (ratio: number): string =>
  ratio > 1 ? `${numberText(ratio)} ×` : `${numberText(ratio * 100)} %`

/** Markdown with columns in line; all but the first are numbers. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, column) =>
    Math.max(...[head, ...rows].map((row) => row[column]?.length ?? 0), title.length),
  )
  const line = (row: readonly string[]): string =>
    `| ${row.map((cell, column) => (column === 0 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!))).join(' | ')} |`
  const rule = `| ${widths.map((width, column) => (column === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`)).join(' | ')} |`
  return [line(head), rule, ...rows.map(line)].join('\n')
}
