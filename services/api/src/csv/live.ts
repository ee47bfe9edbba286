import type { Kpi } from '@deskpulse/core'
import type { LiveAnswer } from '../questions/live.ts'
import { byteOrderMark, sliceCell } from './cells.ts'
import { type CsvOptions } from './periods.ts'
import { csvTable } from './tables.ts'

/** One row a slice; `end` is the moment that it is of. */
export function liveCsv(
  { window: { start, end }, rows }: LiveAnswer,
  kpis: readonly Kpi[],
  { layout = 'long', bom = false }: CsvOptions,
): string {
  const table = csvTable(layout, kpis)
  const lines = rows.map(({ slice, kpis: values }) => table.lines([start, end, sliceCell(slice)], values))
  return (bom ? byteOrderMark : '') + table.head(['start', 'end', 'slice']) + lines.join('')
}
