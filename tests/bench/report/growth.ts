import type { Sample } from '../cases/case.ts'
import { curveOf, type Curve, type CurveName } from '../growth/curves.ts'
import type { GrowthResult, Point } from '../growth/run-growth.ts'
import { spreadOf, type Spread } from '../measuring/stats.ts'
import { countText, spreadText, table } from './format.ts'
import { plotSvg, type Panel } from './plot.ts'

const cpuUs = ({ cpuMs, events }: Sample): number => (cpuMs * 1_000) / events
const allocatedKb = ({ allocatedBytes, events }: Sample): number => allocatedBytes / 1_000 / events
const peakMb = ({ peakBytes }: Sample): number => peakBytes / 1e6

const spread = ({ samples }: Point, of: (sample: Sample) => number): Spread =>
  spreadOf(samples.map(of))
/** How far from the first point a curve that is to be flat may go. */
const tolerance = 0.2

/** A table a curve. A ratio is that of one round to the first point of the same round. */
export function growthReport(result: GrowthResult): string {
  return [
    '### Growth',
    ...[...result].map(([name, points]) => curveTable(curveOf(name), points)),
  ].join('\n\n')
}

function curveTable(curve: Curve, points: readonly Point[]): string {
  const [first] = points
  const rows = points.map((point) => [
    countText(point.at),
    spreadText(spread(point, cpuUs)),
    spreadText(
      spreadOf(point.samples.map((sample, round) => cpuUs(sample) / cpuUs(first!.samples[round]!))),
    ),
    spreadText(spread(point, allocatedKb)),
    spreadText(spread(point, peakMb)),
  ])
  const goal = curve.isFlat ? ' Goal: 0.8 to 1.2 of the first.' : ''
  const head = [
    curve.axis,
    'CPU µs an event',
    'of the first',
    'KB allocated an event',
    'peak memory, MB',
  ]
  return `#### ${curve.title}\n\n${upper(curve.beside)}.${goal}\n\n${table(head, rows)}`
}

const upper = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1)

/** A picture a curve, by the name of its file. `notes`: what a reader of the picture alone has to know of the run. */
export function growthPlots(
  result: GrowthResult,
  notes: readonly string[],
): ReadonlyMap<string, string> {
  return new Map(
    [...result].map(([name, points]) => [fileOf(name), plotOf(curveOf(name), points, notes)]),
  )
}

const fileOf = (name: CurveName): string => `growth-${name}.svg`

function plotOf(curve: Curve, points: readonly Point[], notes: readonly string[]): string {
  const panel = (title: string, of: (sample: Sample) => number): Panel => ({
    ...{ title, band: null },
    points: points.map((point) => ({ at: point.at, spread: spread(point, of) })),
  })
  const { median } = spread(points[0]!, cpuUs)
  const goal = {
    from: median * (1 - tolerance),
    to: median * (1 + tolerance),
    text: 'shaded: the goal, within a fifth of the first',
  }
  return plotSvg({
    title: `${curve.title}: what an event costs`,
    subtitle: upper(curve.beside),
    axis: curve.axis,
    panels: [
      {
        ...panel('CPU time of the partition fold, µs an event', cpuUs),
        band: curve.isFlat ? goal : null,
      },
      panel('Allocated by it, KB an event', allocatedKb),
    ],
    notes: [...notes, 'Median of the rounds, with the smallest and the largest. Lower is better.'],
  })
}
