import type { Kpi } from '../kpis/kpi.ts'
import { type Find, kpi, nothing } from '../kpis/shapes.ts'
import { contacts } from './contacts.ts'
import { orders } from './orders.ts'

/** Those that it is made of, of each agent. */
const measures = [orders.measures.orderMoney, contacts.measures.contactAnswered]

const find: Find = ({ slice: [agent, ...others], salesIndexes }) => {
  const isOfAgent = agent?.dimension === 'agent' && others.length === 0
  const index = isOfAgent ? salesIndexes?.get(agent.value) : undefined
  if (index === undefined) return nothing('no-source')
  const { agents: count, ...found } = index
  return { ...found, count }
}

const described = {
  name: { en: 'Sales index', zh: '成交额转换率' },
  description: {
    en: 'An agent’s own sales, by the mean of those of the agents of the same role in its team who answered a contact.',
    zh: '客服本人销售额与同组同岗位有接待客服平均销售额之比。',
  },
  direction: 'higher',
  dimensions: ['agent'],
  docs: {
    formula:
      'own `sales` ÷ mean of the `sales` of all agents of the same role in the same first team with any `contacts_answered`',
    countedAt: 'the payment of orders, the answer of contacts',
    whenEmpty:
      '`null`: `nothing-happened`, none of them answered a contact, or those who did sold nothing; `no-source`, of anything but one agent, and of an agent to whom the roster gives no role',
    note: '1 is the mean; `count` is of how many agents it is. Role and first team are those of the roster of now, of a period those at its end; a person with several accounts is one, by the id that the roster has them under. It is a value of the read, of what was issued where that stands: a row stays closed, and has its revision, when the sales of others change. `revision=all` and `explain` have none (`no-source`); an alert rule or an item of a score card of it is refused, and score cards have it beside the rank. It is read where `kpis` names it, as it reads the others, too. Of several currencies it is `null` (`several-currencies`), and `byCurrency` has one in each',
  },
} as const

/** `Reading.salesIndexes` says it: one slice does not know the others. */
export const salesIndex: Kpi = {
  ...kpi('sales_index', 'index', measures, described, find),
  statistics: ['value', 'count'],
  numbers: ['value', 'count'],
  isComparison: true,
}
