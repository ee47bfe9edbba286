import type { Kpi, KpiNumber, KpiValue } from '@deskpulse/core/kpis'
import type { KpiValues } from '../questions/rows.ts'
import { type Cell, lineOf } from './cells.ts'

export type CsvLayout = 'long' | 'wide'

/** The cells behind the values that stand in one line. */
type Trail = (values: readonly KpiValue[]) => readonly Cell[]
const noTrail: Trail = () => []

/** How values become lines. `lead`, `trail`: the cells, and their names, that say what a row is about, before and behind them. */
export type CsvTable = {
  head(lead: readonly string[], trail?: readonly string[]): string
  lines(lead: readonly Cell[], values: KpiValues, trail?: Trail): string
}

/** `undefined`: the value has no such number. */
function numberOf(value: KpiValue, name: KpiNumber): number | bigint | null | undefined {
  return isPart(name) ? value.breakdown?.[name.slice('breakdown.'.length)] : value[name]
}

const isPart = (name: KpiNumber): name is `breakdown.${string}` => name.startsWith('breakdown.')

/** A line for each KPI and number that a value has; an empty `value` is `null`, with its reason. */
function longTable(kpis: readonly Kpi[]): CsvTable {
  return {
    head: (lead, trail = []) =>
      lineOf([...lead, 'kpi', 'statistic', 'value', 'unit', 'reason', 'clock', ...trail, 'by']),
    lines: (lead, values, trail = noTrail) =>
      kpis
        .flatMap(({ id, numbers, unit }) =>
          numbers.map((name) => {
            const number = numberOf(values[id]!, name)
            if (number === undefined) return ''
            return lineOf([
              ...lead,
              id,
              name,
              number,
              unit,
              name === 'value' ? values[id]!.reason : undefined,
              values[id]!.clock,
              ...trail([values[id]!]),
              values[id]!.by,
            ])
          }),
        )
        .join(''),
  }
}

/** The value of an average is `avg` here, beside its percentiles. */
const columnOf = ({ id, numbers }: Kpi, name: KpiNumber): string =>
  `${id}.${name === 'value' && numbers.includes('sum') ? 'avg' : name}`

/** One line, with a column for each KPI and number that it may have, the same in every line. */
function wideTable(kpis: readonly Kpi[]): CsvTable {
  return {
    head: (lead, trail = []) => {
      const columns = kpis.flatMap((kpi) => kpi.numbers.map((name) => columnOf(kpi, name)))
      return lineOf([...lead, ...columns, ...trail])
    },
    lines: (lead, values, trail = noTrail) =>
      lineOf([
        ...lead,
        ...kpis.flatMap(({ id, numbers }) => numbers.map((name) => numberOf(values[id]!, name))),
        ...trail(kpis.map(({ id }) => values[id]!)),
      ]),
  }
}

export const csvTable = (layout: CsvLayout, kpis: readonly Kpi[]): CsvTable =>
  layout === 'wide' ? wideTable(kpis) : longTable(kpis)
