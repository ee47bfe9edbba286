import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client'
import { metricCatalogue, type MetricCatalogue, type MetricSpec } from './catalogue.ts'

type Labels<Spec extends MetricSpec> = Spec['labels'][number]

type Instrument<Spec extends MetricSpec> = Spec['type'] extends 'counter'
  ? Counter<Labels<Spec>>
  : Spec['type'] extends 'gauge'
    ? Gauge<Labels<Spec>>
    : Histogram<Labels<Spec>>

/** One instrument for each entry of the catalogue, and the registry that `/metrics` prints. */
export type Metrics = { readonly [Name in keyof MetricCatalogue]: Instrument<MetricCatalogue[Name]> } & { readonly registry: Registry }

function instrument(spec: MetricSpec, registry: Registry): Counter | Gauge | Histogram {
  const options = { name: spec.name, help: spec.help, labelNames: [...spec.labels], registers: [registry] }
  switch (spec.type) {
    case 'counter':
      return new Counter(options)
    case 'gauge':
      return new Gauge(options)
    case 'histogram':
      return new Histogram({ ...options, buckets: [...(spec.buckets ?? [])] })
  }
}

/** `processMetrics`: also prom-client's own `process_…` and `nodejs_…`, once a process. */
export function createMetrics({ processMetrics = true }: { readonly processMetrics?: boolean } = {}): Metrics {
  const registry = new Registry()
  if (processMetrics) collectDefaultMetrics({ register: registry })
  const instruments = Object.entries(metricCatalogue).map(([name, spec]) => [name, instrument(spec, registry)])
  return { ...Object.fromEntries(instruments), registry } as Metrics
}
