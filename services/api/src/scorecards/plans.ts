import type { ScoreCard, ScoreItem, TenantHistory } from '@deskpulse/core/config'
import {
  catalogueOf,
  evaluate,
  evaluateIssued,
  type KpiValue,
  periodPlan,
  type ReadingPlan,
} from '@deskpulse/core/kpis'
import { parseSlice, type Slice, sliceText } from '@deskpulse/core/measures'
import { type CardScore, scoreOf } from '@deskpulse/core/scorecards'
import type { Period } from '@deskpulse/core/time'
import type { TenantBasis } from '../reading/tenant.ts'
import type { Read } from '../questions/rows.ts'

/** What is read of an agent for a card and a period: a plan for each slice of its work that the card scores. */
export type AgentPlans = {
  readonly card: ScoreCard
  readonly period: Period
  readonly plans: readonly ReadingPlan[]
  /** The place of the plan of an item. */
  placeOf(item: ScoreItem): number
}

/** The slice of an agent's work that an item scores. */
export function sliceOfItem({ slice }: Pick<ScoreItem, 'slice'>, agentId: string): Slice {
  const parsed = slice === null ? null : parseSlice(slice)
  return [...(parsed?.ok ? parsed.slice : []), { dimension: 'agent', value: agentId }]
}

export const sliceTextOfItem = (item: Pick<ScoreItem, 'slice'>, agentId: string): string =>
  sliceText(sliceOfItem(item, agentId))

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
      ...{ tenant: basis.tenant, slice: its, sources: basis.sourcesOf(its) },
      ...{ config, history, running: basis.running },
      kpis: [...new Set(items.map(({ kpi }) => byId(kpi)))].filter((kpi) => kpi !== undefined),
    }
    return periodPlan(question, period, basis.logTimeMs)
  })
  const places = new Map(bySlice.map(([slice], place) => [slice, place]))
  return { card, period, plans, placeOf: ({ slice }) => places.get(slice)! }
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
  )

/** What was issued of each plan comes to this score. */
export const scoreIssued = (
  agent: AgentPlans,
  issued: readonly Parameters<typeof evaluateIssued>[1][],
  asOfMs: Read['asOfMs'],
): CardScore =>
  scoreOfValues(
    agent,
    agent.plans.map((plan, place) => evaluateIssued(plan, issued[place]!, asOfMs)),
  )

function scoreOfValues({ card, plans, placeOf }: AgentPlans, values: readonly Values[]): CardScore {
  const { config } = plans[0]!.question
  return scoreOf(card, (item) => values[placeOf(item)]!.get(item.kpi), catalogueOf(config))
}
