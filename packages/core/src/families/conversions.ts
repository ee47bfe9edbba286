import { afterPeriod, distinctRatio, distinctTotal } from '../kpis/distinct-shapes.ts'
import { dayMs } from '../time/time.ts'
import { byKind, customersInEach, customerSqlInEach } from './customers.ts'
import { family } from './family.ts'
import type { FamilySql } from './sql.ts'

/** Customers who paid, and what came of contacts with them. */
export const conversions = family('conversions', 40, {
  ...customersInEach(1, 'paid'),
  ...customersInEach(11, 'advised'),
  ...customersInEach(21, 'converted'),
  ...customersInEach(31, 'inquired'),
  ...customersInEach(41, 'bought'),
})

/** The same in SQL. */
export const conversionSql: FamilySql<keyof typeof conversions.measures> = {
  ...customerSqlInEach('paid'),
  ...customerSqlInEach('advised'),
  ...customerSqlInEach('converted'),
  ...customerSqlInEach('inquired'),
  ...customerSqlInEach('bought'),
}

const { measures } = conversions

/** By the kind of the period in which they paid. */
export const paid = byKind(measures, 'paid')

const distinctly =
  'for `hour`, `day`, `week`, `month`, `quarter`, `year` and the window `today`; elsewhere `null`, `not-distinct-here`'

const payingCustomers = distinctTotal('paying_customers', {
  name: { en: 'Paying customers', zh: '付款客户数' },
  description: {
    en: 'Customers who paid an order in the period, each once.',
    zh: '周期内付款的客户数，每位客户计一次。',
  },
  direction: 'higher',
  of: paid,
  dimensions: ['agent', 'shop'],
  docs: {
    formula: 'distinct customers with a paid order in the period',
    countedAt: 'the payment, the first `order.paid` of the order: in the period that holds it',
    whenEmpty: '0; `null`, `not-distinct-here`, in quarter-hours, half-hours and sliding windows',
    note: `${distinctly}. Credited as \`sales\`; not additive. Whoever had a part in it`,
  },
})

const belonging =
  'A payment belongs to the customer’s session that was answered last before it, in the same shop where both name one, and in which a human wrote at most 24 h before it; to none, where there is no such session. It is of the agent whom the order names, else of who wrote last before it. It counts in the period of the session’s answer, where a later payment restates it: `provisionalUntil`, 24 h after the period'
const sliced =
  'The session counts by its queue at the answer, and for the agent of its payment, else who wrote last in it. Calls without messages convert nobody. Contacts without a `customerId` are not counted'

const conversionServed = distinctRatio('conversion_served', {
  name: { en: 'Conversion of served customers', zh: '咨询转化率' },
  description: {
    en: 'Share of customers who were answered by a human in the period and paid for it.',
    zh: '周期内得到人工应答的客户中完成付款的比例。',
  },
  direction: 'higher',
  of: byKind(measures, 'converted'),
  per: byKind(measures, 'advised'),
  until: afterPeriod(dayMs),
  docs: {
    formula:
      'distinct customers with an answered session to which a payment belongs ÷ distinct customers with an answered session',
    countedAt: 'the answer of the session: in the period that holds it',
    whenEmpty: '`null`, `nothing-happened`: nobody was answered',
    note: `${belonging}. ${sliced}. ${distinctly}`,
  },
})

const conversionInquiry = distinctRatio('conversion_inquiry', {
  name: { en: 'Conversion of inquiries', zh: '询单转化率' },
  description: {
    en: 'Share of customers who came to buy, were answered by a human in the period, and paid for it.',
    zh: '周期内询单并得到人工应答的客户中完成付款的比例。',
  },
  direction: 'higher',
  targets: { any: { min: 0.3 } },
  of: byKind(measures, 'bought'),
  per: byKind(measures, 'inquired'),
  until: afterPeriod(dayMs),
  docs: {
    formula:
      'as `conversion_served`, of sessions whose `intent` is `presales`, or that have none, where the customer had ordered nothing in the 15 days before',
    countedAt: 'the answer of the session: in the period that holds it',
    whenEmpty: '`null`, `nothing-happened`: nobody came to buy',
    note: `an order stands at its placing, else at its payment; the session begins with its opening, else with its answer. ${belonging}. ${sliced}. ${distinctly}`,
  },
})

export const conversionKpis = [payingCustomers, conversionServed, conversionInquiry]
