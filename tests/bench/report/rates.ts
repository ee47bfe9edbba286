import { spreadOf } from '../measuring/stats.ts'
import { numberText, ratioText, spreadText, table } from './format.ts'

/** What one run of anything comes to. `cpuMs`: of all that is measured, over all its threads. */
export type Run = { readonly events: number; readonly wallMs: number; readonly cpuMs: number }

/** One thing that was measured. `ceiling`: the title of the row beside which it is judged; `null`: it is one. */
export type RateRow = {
  readonly title: string
  readonly ceiling: string | null
  readonly runs: readonly Run[]
}

const cpuUs = ({ events, cpuMs }: Run): number => (cpuMs * 1_000) / events

/** Rows of rates, in the order given. Runs of one place belong to one round: a ratio is that of a round, and what is shown is the median of them. */
export function ratesTable(rows: readonly RateRow[]): string {
  const byTitle = new Map(rows.map((row) => [row.title, row]))
  return table(
    ['', 'events/s', 'CPU µs an event', 'events per CPU-second', 'of its ceiling, per CPU-second'],
    rows.map((row) => [
      row.title,
      spreadText(spreadOf(row.runs.map(({ events, wallMs }) => (events * 1_000) / wallMs))),
      spreadText(spreadOf(row.runs.map(cpuUs))),
      numberText(spreadOf(row.runs.map((run) => 1e6 / cpuUs(run))).median),
      row.ceiling === null ? 'ceiling' : ceilingText(row, byTitle.get(row.ceiling)),
    ]),
  )
}

function ceilingText(row: RateRow, ceiling: RateRow | undefined): string {
  if (ceiling === undefined) return '–'
  const ratios = row.runs.map((run, round) => cpuUs(ceiling.runs[round]!) / cpuUs(run))
  return `${ratioText(spreadOf(ratios).median)} of ${ceiling.title}`
}
