import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { promlint } from '../../../../tests/support/promlint.ts'
import { metricCatalogue, type MetricSpec } from './catalogue.ts'
import { createMetrics } from './metrics.ts'

const specs: readonly MetricSpec[] = Object.values(metricCatalogue)

describe('the catalogue', () => {
  test.each(specs)('$name is named by the rules', ({ type, name }) => {
    expect(name).toMatch(/^deskpulse_[a-z]+(_[a-z]+)+$/)
    expect(name.endsWith('_total')).toBe(type === 'counter')
  })

  test('and docs/metrics.md list the same metrics, with type, labels and meaning', () => {
    const page = readFileSync(new URL('../../../../docs/metrics.md', import.meta.url), 'utf8')
    const pipeline = page.slice(0, page.indexOf('\n## KPIs\n')) // The KPI gauges are the API's own.
    const rows = [
      ...pipeline.matchAll(/^\| `(deskpulse_\w+)` *\| (\w+) *\| (.*?) *\| (.*?) *\|$/gm),
    ].map(([, name, ...rest]) => [name, rest])
    const expected = specs.map(({ name, type, labels, help }) => [
      name,
      [type, labels.map((label) => `\`${label}\``).join(', ') || '–', help],
    ])
    expect(new Map(rows as [string, unknown][])).toEqual(new Map(expected as [string, unknown][]))
    expect(rows).toHaveLength(specs.length)
  })
})

test('what is counted is printed', async () => {
  const metrics = createMetrics({ processMetrics: false })
  metrics.eventsRefused.inc({ tenant: 'acme', source: '/chat', code: 'bad-schema' }, 2)
  metrics.lagSeconds.set({ partition: '0' }, 0.25)
  metrics.commitTime.observe({ outcome: 'committed' }, 0.002)
  const text = await metrics.registry.metrics()
  expect(text).toContain(
    'deskpulse_events_refused_total{tenant="acme",source="/chat",code="bad-schema"} 2',
  )
  expect(text).toContain('deskpulse_log_lag_seconds{partition="0"} 0.25')
  expect(text).toContain(
    'deskpulse_batches_commit_seconds_bucket{le="0.0025",outcome="committed"} 1',
  )
})

test('promtool finds no fault, in the process metrics either', async () => {
  expect(promlint(await createMetrics().registry.metrics())).toEqual([])
})

test('the version that runs is a label, and the same in every manifest', async () => {
  const { version } = JSON.parse(
    readFileSync(new URL('../../../../package.json', import.meta.url), 'utf8'),
  ) as { readonly version: string }
  const metrics = createMetrics({ processMetrics: false })
  expect(await metrics.registry.metrics()).toContain(`deskpulse_build_info{version="${version}"} 1`)
})

test('two sets of metrics in one process do not meet', async () => {
  const [one, other] = [createMetrics(), createMetrics()]
  one.recordsRead.inc(5)
  expect(await other.registry.metrics()).toContain('deskpulse_records_read_total 0')
})

test('a gauge that is read at the scrape shows what is true then', async () => {
  const metrics = createMetrics({ processMetrics: false })
  let owned = 1
  metrics.readAtScrape('partitionsOwned', () => owned)
  owned = 3
  expect(await metrics.registry.metrics()).toContain('deskpulse_partitions_owned 3')
})
