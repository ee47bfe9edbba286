import type { ScoreCard } from '@deskpulse/core/config'
import { catalogueOf, evaluate, periodPlan, type ReadingPlan } from '@deskpulse/core/kpis'
import type { AgentSales } from '@deskpulse/core/scorecards'
import type { Period } from '@deskpulse/core/time'
import type { Read } from '../questions/rows.ts'
import type { TenantBasis } from '../reading/tenant.ts'
import type { ScoredAgent } from './agents.ts'
import { sliceOfItem } from './plans.ts'

const soldKpis = ['sales', 'contacts_answered'] as const

/** All that an agent did in a period, for what it sold in it. */
export function workPlanOf(agentId: string, period: Period, basis: TenantBasis): ReadingPlan {
  const { tenant, config, history, running } = basis
  const { byId } = catalogueOf(config)
  const slice = sliceOfItem({ slice: null }, agentId)
  const kpis = soldKpis.flatMap((id) => byId(id) ?? [])
  const question = {
    ...{ tenant, slice, sources: basis.sourcesOf(slice), config, history, running, kpis },
  }
  return periodPlan(question, period, basis.logTimeMs)
}

/** Whether a card reads all of an agent’s work, or parts of it alone. */
export const isOfWork = ({ items }: ScoreCard): boolean => items.some(({ slice }) => slice === null)

export const isWork = ({ question: { slice } }: ReadingPlan): boolean => slice.length === 1

/** Of what was issued, where that stands. `read`: of the agent’s work, whatever else was asked of it. */
export function salesIn(
  { agentId, team, role }: ScoredAgent,
  work: ReadingPlan,
  basis: TenantBasis,
  read: Read,
): AgentSales {
  const { byId } = catalogueOf(basis.config)
  const kpis = soldKpis.flatMap((id) => byId(id) ?? [])
  const values = evaluate({ ...work, question: { ...work.question, kpis } }, read)
  const [sold, answered] = soldKpis.map((id) => values.get(id))
  const { value = null, currency, byCurrency = {} } = sold ?? {}
  return {
    ...{ agentId, team, role, hasServed: (answered?.value ?? 0) > 0 },
    sales: currency === undefined || value === null ? byCurrency : { [currency]: value },
  }
}
