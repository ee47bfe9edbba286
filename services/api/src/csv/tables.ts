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

/** Names of the numbers that a value has in lines of its own: of money also what it is in each currency. */
const namesIn = ({ numbers }: Kpi, value: KpiValue): readonly (KpiNumber | InCurrency)[] => [
  ...numbers,
  ...Object.keys(byCurrency(value)).map((currency) => `${inCurrency}${currency}` as const),
]

type InCurrency = `byCurrency.${string}`
const inCurrency = 'byCurrency.'

/** Also of one currency alone, so that its sums over lines are of that currency. */
const byCurrency = ({ value, currency, byCurrency: each }: KpiValue): Record<string, number> =>
  each ?? (currency === undefined || value === null ? {} : { [currency]: value })

/** `undefined`: the value has no such number. */
function numberOf(
  value: KpiValue,
  name: KpiNumber | InCurrency,
): number | bigint | null | undefined {
  if (isInCurrency(name)) return byCurrency(value)[name.slice(inCurrency.length)]
  return isPart(name) ? value.breakdown?.[name.slice('breakdown.'.length)] : value[name]
}

const isInCurrency = (name: string): name is InCurrency => name.startsWith(inCurrency)
const isPart = (name: KpiNumber): name is `breakdown.${string}` => name.startsWith('breakdown.')

/** A line for each KPI and number that a value has; an empty `value` is `null`, with its reason. */
function longTable(kpis: readonly Kpi[]): CsvTable {
  return {
    head: (lead, trail = []) =>
      lineOf([...lead, 'kpi', 'statistic', 'value', 'unit', 'reason', 'clock', ...trail, 'by']),
    lines: (lead, values, trail = noTrail) =>
      kpis
        .flatMap((kpi) => {
          const { id, unit } = kpi
          return namesIn(kpi, values[id]!).map((name) => {
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
          })
        })
        .join(''),
  }
}

/** The value of an average is `avg` here, beside its percentiles. */
const columnOf = ({ id, numbers, unit }: Kpi, name: KpiNumber): string =>
  `${id}.${name === 'value' && numbers.includes('sum') && unit !== 'money' ? 'avg' : name}`

/** The columns of a KPI, the same whatever happened: of money its currency, and nothing of each where there are several. */
const columnsOf = (kpi: Kpi): readonly string[] => [
  ...kpi.numbers.map((name) => columnOf(kpi, name)),
  ...(kpi.unit === 'money' ? [`${kpi.id}.currency`] : []),
]

const cellsOf = ({ numbers, unit }: Kpi, value: KpiValue): readonly Cell[] => [
  ...numbers.map((name) => numberOf(value, name)),
  ...(unit === 'money' ? [value.currency] : []),
]

/** One line, with a column for each KPI and number that it may have, the same in every line. */
function wideTable(kpis: readonly Kpi[]): CsvTable {
  return {
    head: (lead, trail = []) => {
      return lineOf([...lead, ...kpis.flatMap(columnsOf), ...trail])
    },
    lines: (lead, values, trail = noTrail) =>
      lineOf([
        ...lead,
        ...kpis.flatMap((kpi) => cellsOf(kpi, values[kpi.id]!)),
        ...trail(kpis.map(({ id }) => values[id]!)),
      ]),
  }
}

export const csvTable = (layout: CsvLayout, kpis: readonly Kpi[]): CsvTable =>
  layout === 'wide' ? wideTable(kpis) : longTable(kpis)
