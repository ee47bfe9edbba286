import type { ScoreBand, ScoreCard, ScoreItem } from '../config/score-card.ts'
import type { Catalogue } from '../families/catalogue.ts'
import { shortfallOf } from '../kpis/target.ts'
import type { KpiValue } from '../kpis/value.ts'
import { pointsOf, type PointsRule } from './points.ts'
import { tidy } from './tidy.ts'

/** What an item came to. */
export type ItemScore = {
  readonly item: ScoreItem
  readonly value: KpiValue
  /** By an appeal. */
  readonly isLeftOut: boolean
  /** 0 to 100; `null`: there is no value, or it is left out. */
  readonly points: number | null
  readonly rule: PointsRule | null
  /** What it adds to the total: points × its weight, with its part of the weights of what is missing; `null`: nothing. */
  readonly adds: number | null
}

/** A card of one agent and period. */
export type CardScore = {
  readonly items: readonly ItemScore[]
  /** 0 to 100; `null`: of no item there is a value. */
  readonly total: number | null
  readonly band: ScoreBand | null
  /** Weight of the items without points, of 100, which was spread over the others in proportion. */
  readonly missingWeight: number
  /** The KPI that misses its target by the largest share of it; `null`: none misses one. */
  readonly weakest: string | null
}

/** The value of an item of the card; `undefined`: there is no such KPI any more. */
export type ValueOf = (item: ScoreItem) => KpiValue | undefined

/** Of a KPI that an earlier configuration had. */
const unknownValue = (kpi: string): KpiValue => ({
  ...{ value: null, reason: 'no-source', unit: 'index', status: 'no-data' },
  definition: kpi,
})

/** What an agent's values come to by a card. `leftOut`: KPIs that give no points, as an appeal was granted. */
export function scoreOf(
  card: ScoreCard,
  valueOf: ValueOf,
  { byId }: Catalogue,
  leftOut: ReadonlySet<string> = new Set(),
): CardScore {
  const scored = card.items.map((item) => {
    const value = valueOf(item) ?? unknownValue(item.kpi)
    const isLeftOut = leftOut.has(item.kpi)
    const kpi = byId(item.kpi) ?? { direction: 'neutral' }
    return { item, value, isLeftOut, made: isLeftOut ? null : pointsOf(item, kpi, value) }
  })
  const present = scored.reduce((sum, { item, made }) => (made ? sum + item.weight : sum), 0)
  const sum = scored.reduce((all, { item, made }) => all + (made?.points ?? 0) * item.weight, 0)
  const total = present === 0 ? null : tidy(sum / present)
  return {
    items: scored.map(({ item, value, isLeftOut, made }) => ({
      ...{ item, value, isLeftOut, points: made?.points ?? null, rule: made?.rule ?? null },
      adds: made === null ? null : tidy((made.points * item.weight) / present),
    })),
    total,
    band: total === null ? null : bandIn(card, total),
    missingWeight: tidy(card.items.reduce((all, { weight }) => all + weight, 0) - present),
    weakest: weakestOf(scored.filter(({ isLeftOut }) => !isLeftOut)),
  }
}

/** The band in which a total is. */
export const bandIn = ({ bands }: Pick<ScoreCard, 'bands'>, total: number): ScoreBand =>
  bands.find(({ from }) => total >= from)!

function weakestOf(
  scored: readonly { readonly item: ScoreItem; readonly value: KpiValue }[],
): string | null {
  let [weakest, most]: [string | null, number] = [null, 0]
  for (const { item, value } of scored) {
    const by = shortfallOf(value.value, value.target ?? null)
    if (by > most) [weakest, most] = [item.kpi, by]
  }
  return weakest
}
