import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { quantileOf, spreadOf } from '../measuring/stats.ts'
import type { CatchUpRun } from '../peers/catch-up.ts'
import type { Equality } from '../peers/equality/equality.ts'
import type { LiveRun } from '../peers/live.ts'
import { isEqual, type PeersResult } from '../peers/run-peers.ts'
import { ratiosOf, betterThanOurs, metricsTable, ratiosTable, type Metric } from './ratios.ts'
import { countText, spreadText, table } from './format.ts'

const shownMax = 20
const ours = 'Deskpulse'

/** Equality first; where figures differ, what differs, and nothing else. */
export function peersReport(result: PeersResult): string {
  const title = '### Beside Kafka Streams and DuckDB'
  const { equality } = result.catchUps
  if (!isEqual(result) || result.live === null) return `${title}\n\n${differencesText(equality)}`
  return [title, equalityText(equality), ...speed(result, result.live)].join('\n\n')
}

function equalityText(equality: readonly Equality[]): string {
  return `**The same figures**: ${comparedText(equality)}.`
}

function differencesText(equality: readonly Equality[]): string {
  const lines = equality.flatMap(({ subject, differences }) =>
    differences.map((line) => `- ${subject}: ${line}`),
  )
  const more = lines.length > shownMax ? [`- and ${countText(lines.length - shownMax)} more`] : []
  const head = `**Different figures**: ${comparedText(equality)}. Nothing was measured.`
  return `${head}\n\n${[...lines.slice(0, shownMax), ...more].join('\n')}`
}

/** `1,234 values compared with those of Deskpulse's API, differences: 5 (peer: 1,234, 5; …)` */
function comparedText(equality: readonly Equality[]): string {
  const total = (of: (one: Equality) => number): string =>
    countText(equality.reduce((sum, one) => sum + of(one), 0))
  const each = equality
    .map(
      ({ subject, values, differences }) =>
        `${subject}: ${countText(values)}, ${countText(differences.length)}`,
    )
    .join('; ')
  return `${total(({ values }) => values)} values compared with those of Deskpulse's API, differences: ${total(({ differences }) => differences.length)} (${each})`
}

function speed(
  { options, catchUps }: PeersResult,
  live: ReadonlyMap<string, readonly LiveRun[]>,
): string[] {
  const { runs, live: load } = options
  const ofCatchUp = catchUpMetrics(catchUps.events)
  const all = [
    ...named('catch-up', ratiosOf(ours, ofCatchUp, catchUps.runs)),
    ...named('live', ratiosOf(ours, liveMetrics, live)),
  ]
  const better = betterThanOurs(all)
  return [
    `#### Catch-up: ${countText(runs)} rounds of ${countText(catchUps.events)} events, from the start of a worker that has nothing until a reader sees all; median (min–max)`,
    metricsTable(ofCatchUp, catchUps.runs),
    pollTable(catchUps.queries, catchUps.events),
    `#### Live: ${countText(runs)} rounds of ${countText(load.perSecond)} events/s for ${countText(load.seconds)} s, open loop; median (min–max)`,
    metricsTable(liveMetrics, live),
    `#### ${ours} ÷ peer: median of the rounds (min–max)`,
    ratiosTable(ratiosOf(ours, ofCatchUp, catchUps.runs)),
    ratiosTable(ratiosOf(ours, liveMetrics, live)),
    '#### What the peers do not do',
    shortcomings(),
    `#### Where a peer was better, in every round`,
    better.length === 0 ? 'Nowhere.' : better.join('\n'),
  ]
}

const named = <Row extends { readonly title: string }>(what: string, rows: readonly Row[]): Row[] =>
  rows.map((row) => ({ ...row, title: `${what}, ${row.title}` }))

const megabytes = ({ peakBytes }: { readonly peakBytes: number | null }): number | null =>
  peakBytes === null ? null : peakBytes / 1e6

function catchUpMetrics(events: number): Metric<CatchUpRun>[] {
  return [
    { title: 'events/s', better: 'more', of: ({ wallMs }) => (events * 1_000) / wallMs },
    {
      title: 'CPU µs an event, worker',
      better: 'less',
      of: ({ cpuMs }) => (cpuMs * 1_000) / events,
    },
    {
      title: 'CPU µs an event, with store, reader and broker',
      better: 'less',
      of: ({ systemCpuMs }) => (systemCpuMs * 1_000) / events,
    },
    { title: 'peak memory of the worker, MB', better: 'less', of: megabytes },
  ]
}

const liveMetrics: Metric<LiveRun>[] = [
  { title: 'p50, ms', better: 'less', of: ({ latenciesMs }) => quantileOf(latenciesMs, 0.5) },
  { title: 'p99, ms', better: 'less', of: ({ latenciesMs }) => quantileOf(latenciesMs, 0.99) },
  {
    title: 'CPU µs an event, worker, store and reader',
    better: 'less',
    of: ({ cpuMs, events }) => (cpuMs * 1_000) / events,
  },
  {
    title: 'CPU µs an event, broker',
    better: 'less',
    of: ({ brokerCpuMs, events }) => (brokerCpuMs * 1_000) / events,
  },
  { title: 'peak memory of the worker, MB', better: 'less', of: megabytes },
]

function pollTable(queries: PeersResult['catchUps']['queries'], events: number): string {
  const spread = (of: (query: (typeof queries)[number]) => number): string =>
    spreadText(spreadOf(queries.map(of)))
  return table(
    ['DuckDB: everything computed again, as at each poll', 's', 'CPU s', 'rows'],
    [
      [
        `one poll over ${countText(events)} events`,
        spread(({ wallMs }) => wallMs / 1_000),
        spread(({ cpuMs }) => cpuMs / 1_000),
        spread(({ rows }) => rows),
      ],
    ],
  )
}

const readme = resolve(import.meta.dirname, '../peers/README.md')

/** The chapter of the peers' README, so that the two say the same. @throws Error when it is not there. */
function shortcomings(): string {
  const chapter = readFileSync(readme, 'utf8')
    .split(/^## /m)
    .find((part) => part.startsWith('What the peers do not do\n'))
  if (chapter === undefined) throw new Error(`${readme} has no chapter "What the peers do not do"`)
  return chapter.slice(chapter.indexOf('\n')).trim()
}
