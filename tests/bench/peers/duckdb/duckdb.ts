import { binOf, binValue } from '@deskpulse/core/measures'
import { nowMs } from '../../measuring/clock.ts'
import { startWorker, type Worker } from '../../measuring/worker.ts'
import {
  periods,
  placeOf,
  placesFrom,
  type FigureName,
  type Period,
  type Places,
} from '../equality/figures.ts'
import type { KpiRow, Polled } from './worker.ts'

export const duckDb = 'DuckDB, events from a file'

/** The figures that its query has. */
export const counted: readonly FigureName[] = [
  'opened',
  'resolved',
  'replies',
  'sumMs',
  'within',
  'p50Ms',
  'p90Ms',
  'p99Ms',
]

/** Raw events loaded into one table, and every KPI computed from them once, by a process that is started for it. */
export type Poll = {
  readonly wallMs: number
  readonly cpuMs: number
  readonly peakBytes: number
  /** Of it, the query alone. */
  readonly query: { readonly wallMs: number; readonly cpuMs: number; readonly rows: number }
  readonly figures: ReadonlyMap<string, Places>
}

export async function pollDuckDb(file: string): Promise<Poll> {
  const startMs = nowMs()
  const worker: Worker<'poll' | 'rows', Polled | KpiRow[]> = await startWorker(
    'peers/duckdb/worker.ts',
    [file],
  )
  try {
    const polled = (await worker.ask('poll')) as Polled
    const { cpuMs, peakBytes, rows } = polled
    const query = { wallMs: polled.doneMs - polled.loadedMs, cpuMs: cpuMs - polled.loadCpuMs, rows }
    const figures = figuresOf((await worker.ask('rows')) as KpiRow[])
    return { wallMs: polled.doneMs - startMs, cpuMs, peakBytes, query, figures }
  } finally {
    await worker.end()
  }
}

/** By tenant; minutes are left out. Percentiles become those of Deskpulse's histogram: the value of the bin in which the duration falls. */
export function figuresOf(rows: readonly KpiRow[]): ReadonlyMap<string, Places> {
  const byTenant = Map.groupBy(rows, ({ tenant }) => tenant)
  return new Map([...byTenant].map(([tenant, all]) => [tenant, placesFrom(all.flatMap(placed))]))
}

function placed({
  tenant: _tenant,
  slice,
  bucketMs,
  startMs,
  ...figures
}: KpiRow): (readonly [string, object])[] {
  const period = (Object.keys(periods) as Period[]).find((one) => periods[one] === bucketMs)
  if (period === undefined) return []
  const { p50Ms, p90Ms, p99Ms } = figures
  const percentiles = {
    p50Ms: binValueOf(p50Ms),
    p90Ms: binValueOf(p90Ms),
    p99Ms: binValueOf(p99Ms),
  }
  return [[placeOf(period, startMs, slice), { ...figures, ...percentiles }]]
}

const binValueOf = (ms: number | null): number | null => (ms === null ? null : binValue(binOf(ms)))
