import { partText } from '@deskpulse/core/measures'
import type { ScoresAnswer } from '../scorecards/answer.ts'
import { byteOrderMark, lineOf, sliceCell } from './cells.ts'

const columns = [
  ...['label', 'card', 'agent', 'team', 'total', 'band', 'rank', 'sales_index'],
  ...['closed', 'revision'],
  ...['kpi', 'statistic', 'slice', 'weight', 'value', 'unit', 'reason'],
  ...['numerator', 'denominator', 'points', 'adds', 'definition'],
]

/** A line for each agent and KPI of a card. Agents and teams are written as in slices: no spreadsheet takes them for a formula. */
export function scoresCsv({ label, card, rows }: ScoresAnswer, bom: boolean): string {
  const lines = rows.flatMap((row) => {
    const agent = sliceCell(partText('agent', row.agentId))
    const team = row.team === null ? null : sliceCell(partText('team', row.team))
    const { total, band, rank, salesIndex } = row
    const lead = [label, card.id, agent, team, total, band?.id, rank, salesIndex.value]
    return row.items.map(({ kpi, statistic, slice, weight, value, points, adds }) =>
      lineOf([
        ...[...lead, row.closed, row.revision],
        ...[kpi, statistic, sliceCell(slice), weight],
        ...[statistic === 'value' ? value.value : value[statistic], value.unit, value.reason],
        ...[value.numerator, value.denominator, points, adds, value.definition],
      ]),
    )
  })
  return (bom ? byteOrderMark : '') + lineOf(columns) + lines.join('')
}
