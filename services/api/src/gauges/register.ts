import { Gauge, type Registry } from 'prom-client'
import type { Desk } from '../desk.ts'
import { readTenants } from './reading.ts'
import { type Series, seriesOf } from './series.ts'

/**
 * Adds the KPI gauges to a registry. They are read anew for each scrape, all in one go; where the store cannot be read they are absent, and the
 * process' own metrics are still printed.
 */
export function registerGauges(registry: Registry, desk: Desk, onFailed: (error: unknown) => void): void {
  const gauges = new Map<string, Gauge>()
  let running: Promise<void> | null = null

  function show(all: readonly Series[]): void {
    for (const gauge of gauges.values()) gauge.reset()
    for (const { name, samples } of all) for (const { labels, value } of samples) gauges.get(name)?.set({ ...labels }, value)
  }

  async function refresh(): Promise<void> {
    try {
      show(seriesOf(await readTenants(desk)))
    } catch (error) {
      show([])
      onFailed(error)
    }
  }

  /** Every gauge is collected in the same turn: the first one starts the reading, the others wait for it. */
  async function collect(): Promise<void> {
    running ??= refresh().finally(() => {
      running = null
    })
    await running
  }

  for (const { name, help, labels } of seriesOf([])) {
    gauges.set(name, new Gauge({ name, help, labelNames: [...labels], registers: [registry], collect }))
  }
}
