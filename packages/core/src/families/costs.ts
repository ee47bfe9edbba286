import { moneyPer } from '../kpis/money-shapes.ts'
import { contacts } from './contacts.ts'
import { family, moneyNamed } from './family.ts'
import { countedInPeriod } from './quality.ts'
import { type FamilySql, rowsOf } from './sql.ts'

/** What service has cost. */
export const costs = family('costs', 38, {
  costMoney: moneyNamed(10, 'cost', { at: (row) => row.counted, value: (row) => row.amountMinor }),
})

/** The same in SQL. */
export const costSql: FamilySql<keyof typeof costs.measures> = {
  costMoney: [rowsOf('cost', 'counted', { value: 'amountMinor' })],
}

const costPerContact = moneyPer('cost_per_contact', {
  name: { en: 'Cost per contact', zh: '服务成本' },
  description: {
    en: 'What service cost in a period for each contact that was handled in it, by currency.',
    zh: '统计期内每个已处理咨询的服务成本，按币种统计。',
  },
  direction: 'lower',
  of: costs.measures.costMoney,
  per: contacts.measures.contactHandled,
  isOfWholePeriods: true,
  dimensions: ['queue', 'agent'],
  docs: {
    formula: 'Σ money of costs whose whole period lies in the period ÷ `contacts_handled`',
    countedAt: `a cost counts ${countedInPeriod}; a contact at its handling`,
    whenEmpty:
      '`null`, `nothing-happened`: no contact was handled, or no cost lies in the period: it was not free',
    note: '`value` is in the main unit of `currency`, `numerator` in its minor unit, exactly. Costs of several currencies are never added: `value` is `null` then (`several-currencies`), and `byCurrency` has each in its main unit. Costs are shared out by whoever records them: slices of queues and agents have those that name them, `all` has all of them. A later event of the same `costId` replaces the cost, all of it. Costs name no channel (`no-source`)',
  },
})

export const costKpis = [costPerContact]
