import type { Rater, TenantConfig } from '../config/tenant-config.ts'
import type { Finding, Kpi, Reading } from '../kpis/kpi.ts'
import { derived, type Described, nothing } from '../kpis/shapes.ts'
import { raters } from '../config/tenant-config.ts'
import type { Measure } from '../measures/measure.ts'
import { perPoint } from '../subjects/score.ts'

/** Scores by raters of one kind: what they come to, in millionths of a point, and how many there are. */
export type Scores = { readonly of: Measure; readonly per: Measure }

/** What raters of one kind say. `weight`: how much it counts; `mean`: in points, `null`: they said nothing. */
type Said = {
  readonly rater: Rater
  readonly weight: number
  readonly sum: number
  readonly count: number
  readonly mean: number | null
}

/**
 * Average of what each kind of raters says on average, by their weights: the weight of those who said nothing is spread over the others in proportion, which the
 * breakdown says (`self_missing`).
 * @returns `null`: nobody whose word has a weight said anything.
 */
export function byRaters(
  id: string,
  { scores, ...described }: Described & { readonly scores: Readonly<Record<Rater, Scores>> },
): Kpi {
  const parts = raters.map((rater) => scores[rater])
  const [of, per] = [parts.map((one) => one.of), parts.map((one) => one.per)]
  const find = (reading: Reading): Finding => weighted(saidIn(reading, scores))
  return {
    ...derived(id, { unit: 'points', of: [...of, ...per], find, ...described }),
    terms: { shape: 'weighted-points', of, per },
    statistics: ['value', 'count'],
    numbers: [
      ...(['value', 'count', 'sum'] as const),
      ...raters.flatMap(
        (rater) =>
          [`breakdown.${rater}`, `breakdown.${rater}_count`, `breakdown.${rater}_missing`] as const,
      ),
    ],
  }
}

function saidIn(reading: Reading, scores: Readonly<Record<Rater, Scores>>): readonly Said[] {
  const weights: TenantConfig['raters'] = reading.inForce.raters
  return raters.map((rater) => {
    const sum = Number(reading.count(scores[rater].of))
    const count = Number(reading.count(scores[rater].per))
    const mean = count > 0 ? sum / count / perPoint : null
    return { rater, weight: weights[rater], sum, count, mean }
  })
}

function weighted(said: readonly Said[]): Finding {
  const total = (numberOf: (one: Said) => number): number =>
    said.reduce((sum, one) => sum + numberOf(one), 0)
  const [count, sum] = [total((one) => one.count), total((one) => one.sum)]
  const weight = total((one) => (one.mean === null ? 0 : one.weight))
  if (weight === 0) return { ...nothing('nothing-happened'), count, sum }
  const value = total((one) => (one.mean === null ? 0 : one.weight * one.mean)) / weight
  return { value, count, sum, breakdown: Object.fromEntries(said.flatMap(partsOf)) }
}

const partsOf = ({ rater, weight, count, mean }: Said): (readonly [string, number])[] => [
  ...(mean === null ? [] : [[rater, mean] as const]),
  [`${rater}_count`, count],
  [`${rater}_missing`, mean === null ? weight : 0],
]
