import { histogramQuantile, quantileOf, spreadOf } from '../measuring/stats.ts'
import type { LoadRun } from '../pipeline/run-load.ts'
import type { LiveRun, PipelineResult } from '../pipeline/run-pipeline.ts'
import { countText, numberText, spreadText, table } from './format.ts'
import { ratesTable } from './rates.ts'

const consumeTitle = 'KafkaJS consume alone'
const processes = ['generator', 'ingest', 'kafka', 'aggregator', 'redis', 'api'] as const

const total = ({ cpu }: LoadRun): number => [...cpu.values()].reduce((sum, ms) => sum + ms, 0)
const cpuMsOf = (run: LoadRun, name: string): number => run.cpu.get(name) ?? 0

/** Kafka and Redis are counted where they are processes of the bench. */
export function pipelineReport(result: PipelineResult): string {
  const { catchUp, live } = result
  const rates = ratesTable([
    { title: consumeTitle, ceiling: null, runs: result.consume },
    {
      title: 'KafkaJS consume and `JSON.parse`',
      ceiling: consumeTitle,
      runs: result.consumeAndParse,
    },
    {
      title: 'catch-up, the aggregator of it',
      ceiling: consumeTitle,
      runs: catchUp.map((run) => ({ ...run, cpuMs: cpuMsOf(run, 'aggregator') })),
    },
    {
      title: 'catch-up, all processes',
      ceiling: consumeTitle,
      runs: catchUp.map((run) => ({ ...run, cpuMs: total(run) })),
    },
  ])
  const byProcess = table(
    ['CPU µs an event', ...processes],
    [processRow('catch-up', catchUp), processRow('live', live)],
  )
  return `### The whole pipeline on Kafka and Redis\n\n${rates}\n\n${byProcess}\n\n${liveTable(live, result.peakBytes)}`
}

function processRow(title: string, runs: readonly LoadRun[]): string[] {
  const spread = (name: string): string =>
    runs.some(({ cpu }) => cpu.has(name))
      ? spreadText(spreadOf(runs.map((run) => (cpuMsOf(run, name) * 1_000) / run.events)))
      : '–'
  return [title, ...processes.map(spread)]
}

function liveTable(live: readonly LiveRun[], peakBytes: number | null): string {
  const visible = (quantile: number): string =>
    spreadText(spreadOf(live.map(({ latenciesMs }) => quantileOf(latenciesMs, quantile))))
  const commit = (quantile: number): string => {
    const all = live.flatMap(({ commits }) => histogramQuantile(commits, quantile) ?? [])
    return all.length === 0 ? '–' : spreadText(spreadOf(all))
  }
  const observed = live.reduce((sum, { latenciesMs }) => sum + latenciesMs.length, 0)
  const cores = spreadOf(live.map((run) => total(run) / run.wallMs))
  return table(
    ['live, open loop', ''],
    [
      [
        'events/s that came through',
        spreadText(spreadOf(live.map(({ events, wallMs }) => (events * 1_000) / wallMs))),
      ],
      [`event → visible in the API, p50, ms (${countText(observed)} openings)`, visible(0.5)],
      ['event → visible in the API, p99, ms', visible(0.99)],
      ['commit, p50, ms (by bucket)', commit(0.5)],
      ['commit, p99, ms (by bucket)', commit(0.99)],
      [
        'events a commit',
        spreadText(spreadOf(live.map(({ events, commits }) => events / commits.at(-1)!.count))),
      ],
      ['cores in use, all processes', spreadText(cores)],
      [
        'peak memory of the aggregator over all runs, MB',
        peakBytes === null ? '–' : numberText(peakBytes / 1e6),
      ],
    ],
  )
}
