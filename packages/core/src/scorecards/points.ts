import type { PointsAt, ScoreItem } from '../config/score-card.ts'
import type { Kpi } from '../kpis/kpi.ts'
import type { KpiValue } from '../kpis/value.ts'
import { tidy } from './tidy.ts'

/** By which rule of an item its points are: along its line, by each miss of few, or as of what is not there. */
export const pointsRules = ['line', 'few', 'empty'] as const
export type PointsRule = (typeof pointsRules)[number]
export type Points = { readonly points: number; readonly rule: PointsRule }

/** Straight lines between the given points, which ascend by value; beyond both ends what the end has. */
export function onLine(line: readonly PointsAt[], value: number): number {
  const next = line.findIndex(([at]) => value <= at)
  if (next < 0) return line.at(-1)![1]
  const [atNext, pointsNext] = line[next]!
  if (next === 0) return pointsNext
  const [at, points] = line[next - 1]!
  return points + ((pointsNext - points) * (value - at)) / (atNext - at)
}

/** Of a share, how many are not as they should be: those that are counted where less is better, else the rest. */
function missesOf({ direction }: Pick<Kpi, 'direction'>, value: KpiValue): number | null {
  if (value.numerator === undefined || value.denominator === undefined) return null
  const [numerator, denominator] = [Number(value.numerator), Number(value.denominator)]
  return direction === 'lower' ? numerator : denominator - numerator
}

/** Points of a value, 0 to 100; `null`: there is none, and the item says nothing of that. */
export function pointsOf(
  item: ScoreItem,
  kpi: Pick<Kpi, 'direction'>,
  value: KpiValue,
): Points | null {
  const scored = value[item.statistic] ?? null
  if (value.value === null || scored === null)
    return item.whenEmpty === null ? null : { points: item.whenEmpty, rule: 'empty' }
  const misses = missesOf(kpi, value)
  if (item.few !== null && misses !== null && Number(value.denominator) <= item.few.upTo)
    return { points: tidy(Math.max(0, 100 - misses * item.few.minusEach)), rule: 'few' }
  return { points: tidy(onLine(item.points, scored)), rule: 'line' }
}
