import {
  catalogueOf,
  evaluate,
  type Kpi,
  type ReadingPlan,
  type SliceQuestion,
} from '@deskpulse/core/kpis'
import type { AgentSales } from '@deskpulse/core/scorecards'
import type { TenantBasis } from '../reading/tenant.ts'
import type { Person } from './people.ts'
import type { Read } from './rows.ts'

const soldKpis = ['sales', 'contacts_answered'] as const

const kpisIn = ({ config }: Pick<TenantBasis, 'config'>): readonly Kpi[] =>
  soldKpis.flatMap((id) => catalogueOf(config).byId(id) ?? [])

/** All that an agent did in a window or a period, for what it sold in it. */
export function workPlanOf(
  agentId: string,
  basis: TenantBasis,
  planOf: (question: SliceQuestion) => ReadingPlan,
): ReadingPlan {
  const slice = [{ dimension: 'agent', value: agentId }] as const
  const { tenant, config, history, running } = basis
  const sources = basis.sourcesOf(slice)
  return planOf({ tenant, slice, sources, config, history, running, kpis: kpisIn(basis) })
}

/** Of what was issued, where that stands. `read`: of the agent’s work, whatever else was asked of it. */
export function salesIn(
  { agentId, team, role }: Person,
  work: ReadingPlan,
  basis: TenantBasis,
  read: Read,
): AgentSales {
  const values = evaluate({ ...work, question: { ...work.question, kpis: kpisIn(basis) } }, read)
  const [sold, answered] = soldKpis.map((id) => values.get(id))
  const { value = null, currency, byCurrency = {} } = sold ?? {}
  return {
    ...{ agentId, team, role, hasServed: (answered?.value ?? 0) > 0 },
    sales: currency === undefined || value === null ? byCurrency : { [currency]: value },
  }
}
