import type { KpiValue } from '@deskpulse/core'
import type { TenantReading } from './reading.ts'

type Labels = Readonly<Record<string, string>>
export type Sample = { readonly labels: Labels; readonly value: number }
export type Series = { readonly name: string; readonly help: string; readonly labels: readonly string[]; readonly samples: Sample[] }

const [placed, windowed] = [
  ['tenant', 'queue'],
  ['tenant', 'queue', 'window'],
]

const specs = {
  responseTime: [
    'deskpulse_kpi_response_time_seconds',
    'Response time of the last five minutes, by statistic: avg, p50, p90, p95, p99.',
    [...windowed, 'stat'],
  ],
  answeredWithin: [
    'deskpulse_kpi_answered_within_target_of_due_ratio',
    'Share of owed replies of the last five minutes that were answered within their limit.',
    windowed,
  ],
  waitingNow: ['deskpulse_kpi_waiting_now', 'Contacts whose customer waits for a human now.', placed],
  waitingOver: ['deskpulse_kpi_waiting_over_target', 'Contacts that have waited longer than their limit, now.', placed],
  oldestWait: ['deskpulse_oldest_wait_start_timestamp_seconds', 'Since when the customer waits who waits longest.', placed],
  asOf: ['deskpulse_kpi_as_of_timestamp_seconds', 'Log time up to which the values of a tenant count.', ['tenant']],
  omitted: ['deskpulse_kpi_queues_omitted', 'Queues of a tenant that have no series because there are too many.', ['tenant']],
} as const satisfies Record<string, readonly [string, string, readonly string[]]>

const seconds = (ms: number): number => ms / 1_000

/** Adds a sample; a value that is not there has none. */
type Add = (series: keyof typeof specs, labels: Labels, value: number | null | undefined) => void

function addRow(add: Add, labels: Labels, kpis: Readonly<Record<string, KpiValue>>): void {
  const of = (id: string): Partial<KpiValue> => kpis[id] ?? {}
  const { value: avg, p50, p90, p95, p99 } = of('response_time')
  for (const [stat, ms] of Object.entries({ avg, p50, p90, p95, p99 })) {
    if (typeof ms === 'number') add('responseTime', { ...labels, window: '5m', stat }, seconds(ms))
  }
  add('answeredWithin', { ...labels, window: '5m' }, of('answered_within_target_of_due').value)
  add('waitingNow', labels, of('waiting_now').value)
  add('waitingOver', labels, of('waiting_over_target').value)
  const { since } = of('longest_wait')
  add('oldestWait', labels, since === undefined ? null : seconds(Date.parse(since)))
}

/** All series of these tenants. `null` is no sample: the series is absent, never 0 or NaN. A tenant as a whole has no queue. */
export function seriesOf(readings: readonly TenantReading[]): readonly Series[] {
  const made = new Map(Object.entries(specs).map(([key, [name, help, labels]]) => [key, { name, help, labels, samples: [] as Sample[] }]))
  const add: Add = (key, labels, value) => {
    if (typeof value === 'number') made.get(key)?.samples.push({ labels, value })
  }
  for (const { tenant, asOfMs, rows, omitted } of readings) {
    add('asOf', { tenant }, seconds(asOfMs))
    add('omitted', { tenant }, omitted)
    for (const { queue, kpis } of rows) addRow(add, queue === '' ? { tenant } : { tenant, queue }, kpis)
  }
  return [...made.values()]
}
