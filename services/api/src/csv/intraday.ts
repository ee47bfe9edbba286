import type { IntradayAnswer } from '../questions/intraday.ts'
import { byteOrderMark, lineOf, sliceCell } from './cells.ts'

const columns = [
  ...['start', 'end', 'label', 'slice', 'forecast_offered', 'actual_offered', 'variance'],
  ...['forecast_handle_ms', 'required_agents', 'forecast_agents'],
]

/** A line for each part of the day; what is `null` is empty. */
export function intradayCsv({ slice, rows }: IntradayAnswer, bom: boolean): string {
  const lines = rows.map((row) =>
    lineOf([
      ...[row.start, row.end, row.label, sliceCell(slice)],
      ...[row.forecastOffered, row.actualOffered, row.variance],
      ...[row.forecastHandleMs, row.requiredAgents, row.forecastAgents],
    ]),
  )
  return (bom ? byteOrderMark : '') + lineOf(columns) + lines.join('')
}
