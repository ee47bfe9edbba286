import { spreadOf } from '../measuring/stats.ts'
import { numberText, spreadText, table } from './format.ts'

/** One figure of a run, and which of two is better. `null`: the system does not tell. */
export type Metric<Run> = {
  readonly title: string
  readonly better: 'less' | 'more'
  readonly of: (run: Run) => number | null
}

/** By subject, a run each round: runs of one place are of one round. */
export type Rounds<Run> = ReadonlyMap<string, readonly Run[]>

/** Of one metric and one other subject: ours ÷ theirs in each round. */
export type Ratios = {
  readonly subject: string
  readonly title: string
  readonly better: 'less' | 'more'
  readonly ratios: readonly number[]
}

/** Median (min–max) of each metric, a row each subject. */
export function metricsTable<Run>(metrics: readonly Metric<Run>[], rounds: Rounds<Run>): string {
  const cell = (runs: readonly Run[], { of }: Metric<Run>): string => {
    const values = runs.flatMap((run) => of(run) ?? [])
    return values.length === 0 ? '–' : spreadText(spreadOf(values))
  }
  return table(
    ['', ...metrics.map(({ title }) => title)],
    [...rounds].map(([subject, runs]) => [subject, ...metrics.map((metric) => cell(runs, metric))]),
  )
}

/** Of each other subject and each metric; where a figure is not told, without that round. */
export function ratiosOf<Run>(
  ours: string,
  metrics: readonly Metric<Run>[],
  rounds: Rounds<Run>,
): Ratios[] {
  const own = rounds.get(ours) ?? []
  const others = [...rounds].filter(([subject]) => subject !== ours)
  return others.flatMap(([subject, runs]) =>
    metrics.flatMap(({ title, better, of }) => {
      const ratios = runs.flatMap((run, round) => {
        const [our, their] = [of(own[round]!), of(run)]
        return our === null || their === null || their === 0 ? [] : [our / their]
      })
      return ratios.length === 0 ? [] : [{ subject, title, better, ratios }]
    }),
  )
}

/** A row each subject, a column each metric. */
export function ratiosTable(all: readonly Ratios[]): string {
  const titles = [...new Set(all.map(({ title }) => title))]
  const rows = [...Map.groupBy(all, ({ subject }) => subject)].map(([subject, its]) => [
    subject,
    ...titles.map((title) => {
      const ratios = its.find((one) => one.title === title)?.ratios
      return ratios === undefined ? '–' : spreadText(spreadOf(ratios))
    }),
  ])
  return table(['', ...titles], rows)
}

/** A line for each subject that was better than ours in every round, with what and by how much (median). */
export function betterThanOurs(all: readonly Ratios[]): readonly string[] {
  const better = all.flatMap(({ subject, title, better, ratios }) => {
    const factors = ratios.map((ratio) => (better === 'less' ? ratio : 1 / ratio))
    return factors.every((factor) => factor > 1)
      ? [{ subject, text: `${title} (${numberText(spreadOf(factors).median)} ×)` }]
      : []
  })
  return [...Map.groupBy(better, ({ subject }) => subject)].map(
    ([subject, its]) => `- ${subject}: ${its.map(({ text }) => text).join('; ')}`,
  )
}
