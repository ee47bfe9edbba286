import type { AlertResult, AlertRun } from '../alerts/run-alerts.ts'
import { quantileOf, spreadOf } from '../measuring/stats.ts'
import { countText, spreadText, table } from './format.ts'

export function alertsReport({ contacts, rules, embedded, onKafka }: AlertResult): string {
  const cell = (
    runs: readonly AlertRun[],
    of: (run: AlertRun) => readonly number[],
    quantile: number,
  ): string => spreadText(spreadOf(runs.map((run) => quantileOf(of(run), quantile))))
  const rows = [
    { title: 'deadline → webhook', of: ({ firingMs }: AlertRun) => firingMs },
    { title: 'answer → webhook', of: ({ resolvedMs }: AlertRun) => resolvedMs },
  ].flatMap(({ title, of }) =>
    ([0.5, 0.99, 1] as const).map((quantile) => [
      `${title}, ${quantile === 1 ? 'largest' : `p${quantile * 100}`}, ms`,
      cell(embedded, of, quantile),
      cell(onKafka, of, quantile),
    ]),
  )
  const title = `### Alerts: ${countText(contacts)} customers wait at once under ${countText(rules)} rules`
  return `${title}\n\n${table(['', 'embedded', 'Kafka and Redis'], rows)}`
}
