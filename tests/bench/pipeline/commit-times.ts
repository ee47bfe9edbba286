import type { Scrape } from '../../support/metrics.ts'
import type { Buckets } from '../measuring/stats.ts'

const metric = 'deskpulse_batches_commit_seconds'
/** The bounds of the metric's buckets, as `/metrics` writes them. */
const bounds = [
  '0.001',
  '0.0025',
  '0.005',
  '0.01',
  '0.025',
  '0.05',
  '0.1',
  '0.25',
  '0.5',
  '1',
  '2.5',
  '5',
  '10',
  '+Inf',
]

/** Committed batches between two scrapes of an aggregator, by duration in milliseconds. */
export function commitTimes(before: Scrape, after: Scrape): Buckets {
  return bounds.map((le) => {
    const labels = { le, outcome: 'committed' }
    return {
      upTo: le === '+Inf' ? Infinity : Number(le) * 1_000,
      count: after.sum(`${metric}_bucket`, labels) - before.sum(`${metric}_bucket`, labels),
    }
  })
}
