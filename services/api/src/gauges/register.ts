import type { Metrics } from '@deskpulse/runtime'
import type { ReadModel } from '../read-model.ts'
import { gaugePrinter } from './scrape.ts'

/**
 * Adds the KPI gauges to what `/metrics` prints. Scrapes that come together share one reading; where the store cannot be read the gauges are absent, and the
 * process' own metrics are still printed.
 */
export function registerGauges(
  metrics: Pick<Metrics, 'alsoPrint'>,
  model: ReadModel,
  onFailed: (error: unknown) => void,
): void {
  const print = gaugePrinter(model)
  let running: Promise<string> | null = null

  async function printed(): Promise<string> {
    try {
      return await print()
    } catch (error) {
      onFailed(error)
      return ''
    } finally {
      running = null
    }
  }

  metrics.alsoPrint(() => (running ??= printed()))
}
