import type { KpiValue } from '@deskpulse/core/kpis'
import { type GaugeSpec, gaugeCatalogue } from './catalogue.ts'
import { isShownAt, type TenantReading } from './reading.ts'

type Labels = Readonly<Record<string, string>>
export type Sample = { readonly labels: Labels; readonly value: number }
export type Series = {
  readonly name: string
  readonly help: string
  readonly labels: readonly string[]
  readonly samples: readonly Sample[]
}

const seconds = (ms: number): number => ms / 1_000

/** The samples of one value, with the label that tells them apart; a number that is not there is none. */
function samplesOf(
  { shows }: GaugeSpec,
  { value, since, breakdown = {}, p50, p90, p95, p99 }: KpiValue,
): Sample[] {
  const labelled = (
    label: string,
    values: Readonly<Record<string, number | null | undefined>>,
  ): Sample[] =>
    Object.entries(values).flatMap(([key, one]) =>
      typeof one === 'number' ? [{ labels: { [label]: key }, value: one }] : [],
    )
  switch (shows) {
    case 'value':
      return value === null ? [] : [{ labels: {}, value }]
    case 'duration':
      return labelled('stat', { avg: value, p50, p90, p95, p99 }).map(({ labels, value: ms }) => ({
        labels,
        value: seconds(ms),
      }))
    case 'since':
      return since === undefined ? [] : [{ labels: {}, value: seconds(Date.parse(since)) }]
    case 'breakdown':
      return labelled('state', breakdown)
  }
}

const ownLabel = {
  value: [],
  duration: ['stat'],
  since: [],
  breakdown: ['state'],
} as const satisfies Record<GaugeSpec['shows'], readonly string[]>

/** A gauge of all tenants, or the one of all their queues. */
function seriesOfSpec(
  spec: GaugeSpec,
  ofQueues: boolean,
  readings: readonly TenantReading[],
): Series {
  const { name, help, kpi, window, byClass, shows } = spec
  const samples = readings.flatMap(({ tenant, rows }) =>
    rows
      .filter((row) => (row.queue !== null) === ofQueues && isShownAt(spec, row))
      .flatMap((row) => {
        const labels = {
          tenant,
          ...(row.queue !== null && { queue: row.queue }),
          ...(row.class !== null && { class: row.class }),
          ...(window !== null && { window }),
        }
        const value = row.kpis[kpi]
        return value === undefined
          ? []
          : samplesOf(spec, value).map((sample) => ({
              ...sample,
              labels: { ...labels, ...sample.labels },
            }))
      }),
  )
  const labels = [
    'tenant',
    ofQueues && 'queue',
    byClass && 'class',
    window !== null && 'window',
    ...ownLabel[shows],
  ]
  const shown = labels.filter((label) => label !== false)
  return ofQueues
    ? {
        name: `deskpulse_queue_${name}`,
        help: `Of a queue: ${help.charAt(0).toLowerCase()}${help.slice(1)}`,
        labels: shown,
        samples,
      }
    : { name: `deskpulse_${name}`, help, labels: shown, samples }
}

/** The series of tenants. `of`: what stands until something changes; `asOf`: how far that is known, which moves on by itself. */
export type AllSeries = { readonly of: readonly Series[]; readonly asOf: Omit<Series, 'samples'> }

/** All series of these tenants. `null` is no sample: the series is absent, never 0 or NaN. */
export function seriesOf(readings: readonly TenantReading[]): AllSeries {
  const omitted = readings.map((reading) => ({
    labels: { tenant: reading.tenant },
    value: reading.omitted,
  }))
  const ofDimensions = (
    name: string,
    help: string,
    valueOf: (values: TenantReading['values'][number]) => number,
  ): Series => {
    const samples = readings.flatMap(({ tenant, values }) =>
      values.map((one) => ({ labels: { tenant, dimension: one.dimension }, value: valueOf(one) })),
    )
    return { name, help, labels: ['tenant', 'dimension'], samples }
  }
  return {
    of: [
      ...gaugeCatalogue.map((spec) => seriesOfSpec(spec, false, readings)),
      ...gaugeCatalogue
        .filter(({ ofQueues }) => ofQueues)
        .map((spec) => seriesOfSpec(spec, true, readings)),
      {
        name: 'deskpulse_kpi_queues_omitted',
        help: 'Queues of a tenant that have no series because there are too many.',
        labels: ['tenant'],
        samples: omitted,
      },
      ofDimensions(
        'deskpulse_slice_values',
        'Values of a dimension that have slices of their own.',
        ({ count }) => count,
      ),
      ofDimensions(
        'deskpulse_slice_values_max',
        'How many values of a dimension may have slices of their own; the next ones count as other.',
        ({ max }) => max,
      ),
    ],
    asOf: {
      name: 'deskpulse_kpi_as_of_timestamp_seconds',
      help: 'Log time up to which the values of a tenant count.',
      labels: ['tenant'],
    },
  }
}
