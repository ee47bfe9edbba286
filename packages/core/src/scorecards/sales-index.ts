import type { KpiReason } from '../kpis/kpi.ts'
import type { Ranked } from './rank.ts'

/** What an agent sold in a period, and whether it served a customer. `sales`: by currency, in its main unit. */
export type AgentSales = Ranked & {
  readonly role: string | null
  readonly sales: Readonly<Record<string, number>>
  readonly hasServed: boolean
}

/** `agents`: how many of the role in the team served a customer, of whom the mean is. `byCurrency`: where they sold in several. */
export type SalesIndex = {
  readonly value: number | null
  readonly reason?: KpiReason
  readonly byCurrency?: Readonly<Record<string, number>>
  readonly agents: number
}

/**
 * Own sales ÷ the mean of the sales of all agents of the same role in the first team who served a customer (semantics 18, 24), by agent. Money of several currencies has no index, but one for each.
 * `no-source`: the roster names no role. `nothing-happened`: none of them served a customer, or those who did sold nothing.
 */
export function salesIndexesOf(all: readonly AgentSales[]): ReadonlyMap<string, SalesIndex> {
  const indexes = new Map<string, SalesIndex>()
  for (const its of Map.groupBy(all, ({ team, role }) => JSON.stringify([team, role])).values()) {
    const served = its.filter(({ hasServed }) => hasServed)
    for (const one of its)
      indexes.set(
        one.agentId,
        one.role === null
          ? { value: null, reason: 'no-source', agents: 0 }
          : indexAmong(one, served),
      )
  }
  return indexes
}

function indexAmong({ sales }: AgentSales, served: readonly AgentSales[]): SalesIndex {
  const agents = served.length
  const totals = new Map<string, number>()
  for (const [currency, amount] of served.flatMap((one) => Object.entries(one.sales)))
    totals.set(currency, (totals.get(currency) ?? 0) + amount)
  const values = [...totals]
    .filter(([, total]) => total > 0)
    .map(([currency, total]) => [currency, ((sales[currency] ?? 0) * agents) / total] as const)
  const [first, ...others] = values
  if (first === undefined) return { value: null, reason: 'nothing-happened', agents }
  if (others.length === 0) return { value: first[1], agents }
  return {
    ...{
      value: null,
      reason: 'several-currencies',
      byCurrency: Object.fromEntries(values),
      agents,
    },
  }
}
