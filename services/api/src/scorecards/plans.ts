import type { ScoreCard, ScoreItem, TenantHistory } from '@deskpulse/core/config'
import {
  catalogueOf,
  evaluate,
  evaluateIssued,
  type KpiValue,
  leftOutOf,
  periodPlan,
  type ReadingPlan,
} from '@deskpulse/core/kpis'
import { parseSlice, type Slice, type SlicePart, sliceText } from '@deskpulse/core/measures'
import { type CardScore, scoreOf } from '@deskpulse/core/scorecards'
import type { EpochMs, Period } from '@deskpulse/core/time'
import type { TenantBasis } from '../reading/tenant.ts'
import type { Read } from '../questions/rows.ts'
import { type LeftOutKpi, leftOutKpis } from './appeals.ts'

/** Whether a card reads all of an agent’s work, or parts of it alone. */
export const isOfWork = ({ items }: ScoreCard): boolean => items.some(({ slice }) => slice === null)

export const isWork = ({ question: { slice } }: ReadingPlan): boolean => slice.length === 1

/** What is read of an agent for a card and a period: a plan for each slice of its work that the card scores. */
export type AgentPlans = {
  readonly card: ScoreCard
  readonly period: Period
  readonly plans: readonly ReadingPlan[]
  /** By which appeals, and since when, KPIs are left out as a whole. */
  readonly leftOut: readonly LeftOutKpi[]
  /** The place of the plan of an item. */
  placeOf(item: ScoreItem): number
  /** The slice of what appeals leave out of an item; `null`: nothing ever. */
  excludedFrom(item: ScoreItem): string | null
}

/** The slice of an agent's work that an item scores. */
export function sliceOfItem({ slice }: Pick<ScoreItem, 'slice'>, agentId: string): Slice {
  const parsed = slice === null ? null : parseSlice(slice)
  return [...(parsed?.ok ? parsed.slice : []), { dimension: 'agent', value: agentId }]
}

export const sliceTextOfItem = (item: Pick<ScoreItem, 'slice'>, agentId: string): string =>
  sliceText(sliceOfItem(item, agentId))

/** The slice of what appeals leave out of an agent's. */
const appealText = (slice: Slice): string =>
  sliceText(
    slice.map((part): SlicePart => {
      return part.dimension === 'agent' ? { ...part, dimension: 'appeal' } : part
    }),
  )

export function plansOf(
  agentId: string,
  card: ScoreCard,
  period: Period,
  basis: TenantBasis,
): AgentPlans {
  const { byId } = catalogueOf(basis.config)
  const bySlice = [...Map.groupBy(card.items, ({ slice }) => slice)]
  const { config, history } = withRaters(card, basis)
  const plans = bySlice.map(([slice, items]) => {
    const its = sliceOfItem({ slice }, agentId)
    const question = {
      ...{ tenant: basis.tenant, slice: its },
      sources: [...basis.sourcesOf(its), ...leftOutOf(its, basis.slices, basis.rosters)],
      ...{ config, history, running: basis.running },
      kpis: [...new Set(items.map(({ kpi }) => byId(kpi)))].filter((kpi) => kpi !== undefined),
    }
    return periodPlan(question, period, basis.logTimeMs)
  })
  const places = new Map(bySlice.map(([slice], place) => [slice, place]))
  const leftOut = leftOutKpis(agentId, period, basis)
  const placeOf = ({ slice }: Pick<ScoreItem, 'slice'>): number => places.get(slice)!
  const excludedFrom = (item: ScoreItem): string | null => {
    const isExcluded = plans[placeOf(item)]!.parts.some((part) => part.isLeftOut)
    return isExcluded ? appealText(sliceOfItem(item, agentId)) : null
  }
  return { card, period, plans, leftOut, placeOf, excludedFrom }
}

/** The same tenant, where the card weighs raters otherwise. */
function withRaters(
  { raters }: ScoreCard,
  { config, history }: TenantBasis,
): Pick<TenantBasis, 'config' | 'history'> {
  if (raters === null) return { config, history }
  const weighed: TenantHistory = {
    ...history,
    configAt: (atMs) => ({ ...history.configAt(atMs), raters }),
  }
  return { config: { ...config, raters }, history: weighed }
}

type Values = ReadonlyMap<string, KpiValue>

/** What was read of each plan comes to this score. */
export const scoreNow = (agent: AgentPlans, reads: readonly Read[]): CardScore =>
  scoreOfValues(
    agent,
    agent.plans.map((plan, place) => evaluate(plan, reads[place]!)),
    agent.leftOut,
  )

/** What was issued of each plan comes to this score. `sinceMs`: appeals that were granted up to then count; left out: all. */
export const scoreIssued = (
  agent: AgentPlans,
  issued: readonly Parameters<typeof evaluateIssued>[1][],
  asOfMs: Read['asOfMs'],
  sinceMs: EpochMs = asOfMs,
): CardScore =>
  scoreOfValues(
    agent,
    agent.plans.map((plan, place) => evaluateIssued(plan, issued[place]!, asOfMs)),
    agent.leftOut.filter((one) => one.sinceMs <= sinceMs),
  )

function scoreOfValues(
  { card, plans, placeOf }: AgentPlans,
  values: readonly Values[],
  leftOut: readonly LeftOutKpi[],
): CardScore {
  const { config } = plans[0]!.question
  const valueOf = (item: ScoreItem): KpiValue | undefined => values[placeOf(item)]!.get(item.kpi)
  const kpis = new Set(leftOut.map(({ kpi }) => kpi))
  return scoreOf(card, valueOf, catalogueOf(config), kpis)
}
