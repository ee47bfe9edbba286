import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client'
import manifest from '../../package.json' with { type: 'json' }
import { metricCatalogue, type MetricCatalogue, type MetricSpec } from './catalogue.ts'

type Labels<Spec extends MetricSpec> = Spec['labels'][number]

type Instrument<Spec extends MetricSpec> = Spec['type'] extends 'counter'
  ? Counter<Labels<Spec>>
  : Spec['type'] extends 'gauge'
    ? Gauge<Labels<Spec>>
    : Histogram<Labels<Spec>>

/** Gauges without labels, whose value can be asked for when it is printed. */
type ReadGauge = {
  [Name in keyof MetricCatalogue]: MetricCatalogue[Name] extends {
    type: 'gauge'
    labels: readonly []
  }
    ? Name
    : never
}[keyof MetricCatalogue]

/** One instrument for each entry of the catalogue, and the registry that `/metrics` prints. */
export type Metrics = {
  readonly [Name in keyof MetricCatalogue]: Instrument<MetricCatalogue[Name]>
} & {
  readonly registry: Registry
  /** The gauge's value is read at each scrape: for what changes without anybody telling. */
  readAtScrape(gauge: ReadGauge, read: () => number): void
  /** Adds metrics that are kept elsewhere, as text. Made anew for each `print`. */
  alsoPrint(text: () => Promise<string>): void
  /** Everything in Prometheus' text format. */
  print(): Promise<string>
}

type Readers = ReadonlyMap<string, () => number>

function instrument(
  spec: MetricSpec,
  registry: Registry,
  readers: Readers,
): Counter | Gauge | Histogram {
  const options = {
    name: spec.name,
    help: spec.help,
    labelNames: [...spec.labels],
    registers: [registry],
  }
  switch (spec.type) {
    case 'counter':
      return new Counter(options)
    case 'gauge':
      return new Gauge({
        ...options,
        collect() {
          const read = readers.get(spec.name)
          if (read !== undefined) this.set(read())
        },
      })
    case 'histogram':
      return new Histogram({ ...options, buckets: [...(spec.buckets ?? [])] })
  }
}

/** Gauges of prom-client that are called counters, which `promtool check metrics` refuses. Each says what its namesake without `_total` says. */
const misnamed = [
  'nodejs_active_handles_total',
  'nodejs_active_requests_total',
  'nodejs_active_resources_total',
]

/** `processMetrics`: also prom-client's own `process_…` and `nodejs_…`, once a process. */
export function createMetrics({
  processMetrics = true,
}: { readonly processMetrics?: boolean } = {}): Metrics {
  const registry = new Registry()
  if (processMetrics) collectDefaultMetrics({ register: registry })
  for (const name of misnamed) registry.removeSingleMetric(name)
  const readers = new Map<string, () => number>()
  const instruments = Object.entries(metricCatalogue).map(([name, spec]) => [
    name,
    instrument(spec, registry, readers),
  ])
  const readAtScrape: Metrics['readAtScrape'] = (gauge, read) =>
    void readers.set(metricCatalogue[gauge].name, read)
  const texts: (() => Promise<string>)[] = []
  const printing: Pick<Metrics, 'alsoPrint' | 'print'> = {
    alsoPrint: (text) => void texts.push(text),
    print: async () =>
      (await Promise.all([registry.metrics(), ...texts.map((text) => text())]))
        .filter((text) => text !== '')
        .join('\n'),
  }
  const metrics = {
    ...Object.fromEntries(instruments),
    registry,
    readAtScrape,
    ...printing,
  } as Metrics
  metrics.buildInfo.set({ version: manifest.version }, 1)
  return metrics
}
