import type { KpiValue } from '@deskpulse/core'
import type { PeriodsAnswer } from '../questions/periods.ts'

const columns = ['start', 'end', 'label', 'slice', 'closed', 'revision', 'kpi', 'statistic', 'value', 'unit', 'reason']
const numeric = ['value', 'numerator', 'denominator', 'count', 'sum', 'p50', 'p90', 'p95', 'p99', 'identifiedShare'] as const

type Statistic = readonly [name: string, value: number | bigint | null]

function statisticsOf(value: KpiValue): Statistic[] {
  const plain = numeric.flatMap((name): Statistic[] => (value[name] === undefined ? [] : [[name, value[name]]]))
  return [...plain, ...Object.entries(value.breakdown ?? {}).map(([part, count]): Statistic => [`breakdown.${part}`, count])]
}

const cell = (value: string | number | bigint | boolean | null | undefined): string => {
  const text = String(value ?? '')
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** RFC 4180: one line for each period, slice, KPI and statistic. An empty value is `null`, with its reason. */
export function toCsv({ rows }: PeriodsAnswer): string {
  const lines = [columns]
  for (const { start, end, label, slice, closed, revision, kpis } of rows) {
    for (const [kpi, value] of Object.entries(kpis)) {
      for (const [statistic, number] of statisticsOf(value)) {
        const what = [kpi, statistic, number, value.unit, statistic === 'value' ? value.reason : undefined]
        lines.push([start, end, label, slice, closed, revision, ...what].map(cell))
      }
    }
  }
  return lines.map((line) => `${line.join(',')}\r\n`).join('')
}
