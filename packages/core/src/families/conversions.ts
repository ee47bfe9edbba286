import { afterPeriod, distinctRatio, distinctTotal } from '../kpis/distinct-shapes.ts'
import { dayMs } from '../time/time.ts'
import { customerPlacesSql, customersIn } from './customers.ts'
import { family } from './family.ts'
import type { FamilySql } from './sql.ts'

/** Customers who paid, and what came of contacts with them. */
export const conversions = family('conversions', 40, {
  paidInHour: customersIn(1, 'paid', 'hour'),
  paidInDay: customersIn(2, 'paid', 'day'),
  paidInWeek: customersIn(3, 'paid', 'week'),
  paidInMonth: customersIn(4, 'paid', 'month'),
  paidInQuarter: customersIn(5, 'paid', 'quarter'),
  paidInYear: customersIn(6, 'paid', 'year'),
  advisedInHour: customersIn(11, 'advised', 'hour'),
  advisedInDay: customersIn(12, 'advised', 'day'),
  advisedInWeek: customersIn(13, 'advised', 'week'),
  advisedInMonth: customersIn(14, 'advised', 'month'),
  advisedInQuarter: customersIn(15, 'advised', 'quarter'),
  advisedInYear: customersIn(16, 'advised', 'year'),
  convertedInHour: customersIn(21, 'converted', 'hour'),
  convertedInDay: customersIn(22, 'converted', 'day'),
  convertedInWeek: customersIn(23, 'converted', 'week'),
  convertedInMonth: customersIn(24, 'converted', 'month'),
  convertedInQuarter: customersIn(25, 'converted', 'quarter'),
  convertedInYear: customersIn(26, 'converted', 'year'),
  inquiredInHour: customersIn(31, 'inquired', 'hour'),
  inquiredInDay: customersIn(32, 'inquired', 'day'),
  inquiredInWeek: customersIn(33, 'inquired', 'week'),
  inquiredInMonth: customersIn(34, 'inquired', 'month'),
  inquiredInQuarter: customersIn(35, 'inquired', 'quarter'),
  inquiredInYear: customersIn(36, 'inquired', 'year'),
  boughtInHour: customersIn(41, 'bought', 'hour'),
  boughtInDay: customersIn(42, 'bought', 'day'),
  boughtInWeek: customersIn(43, 'bought', 'week'),
  boughtInMonth: customersIn(44, 'bought', 'month'),
  boughtInQuarter: customersIn(45, 'bought', 'quarter'),
  boughtInYear: customersIn(46, 'bought', 'year'),
})

/** The same in SQL. */
export const conversionSql: FamilySql<keyof typeof conversions.measures> = {
  paidInHour: customerPlacesSql('paid', 'hour'),
  paidInDay: customerPlacesSql('paid', 'day'),
  paidInWeek: customerPlacesSql('paid', 'week'),
  paidInMonth: customerPlacesSql('paid', 'month'),
  paidInQuarter: customerPlacesSql('paid', 'quarter'),
  paidInYear: customerPlacesSql('paid', 'year'),
  advisedInHour: customerPlacesSql('advised', 'hour'),
  advisedInDay: customerPlacesSql('advised', 'day'),
  advisedInWeek: customerPlacesSql('advised', 'week'),
  advisedInMonth: customerPlacesSql('advised', 'month'),
  advisedInQuarter: customerPlacesSql('advised', 'quarter'),
  advisedInYear: customerPlacesSql('advised', 'year'),
  convertedInHour: customerPlacesSql('converted', 'hour'),
  convertedInDay: customerPlacesSql('converted', 'day'),
  convertedInWeek: customerPlacesSql('converted', 'week'),
  convertedInMonth: customerPlacesSql('converted', 'month'),
  convertedInQuarter: customerPlacesSql('converted', 'quarter'),
  convertedInYear: customerPlacesSql('converted', 'year'),
  inquiredInHour: customerPlacesSql('inquired', 'hour'),
  inquiredInDay: customerPlacesSql('inquired', 'day'),
  inquiredInWeek: customerPlacesSql('inquired', 'week'),
  inquiredInMonth: customerPlacesSql('inquired', 'month'),
  inquiredInQuarter: customerPlacesSql('inquired', 'quarter'),
  inquiredInYear: customerPlacesSql('inquired', 'year'),
  boughtInHour: customerPlacesSql('bought', 'hour'),
  boughtInDay: customerPlacesSql('bought', 'day'),
  boughtInWeek: customerPlacesSql('bought', 'week'),
  boughtInMonth: customerPlacesSql('bought', 'month'),
  boughtInQuarter: customerPlacesSql('bought', 'quarter'),
  boughtInYear: customerPlacesSql('bought', 'year'),
}

const { measures } = conversions

/** By the kind of the period in which they paid. */
export const paid = {
  hour: measures.paidInHour,
  day: measures.paidInDay,
  week: measures.paidInWeek,
  month: measures.paidInMonth,
  quarter: measures.paidInQuarter,
  year: measures.paidInYear,
}
const advised = {
  hour: measures.advisedInHour,
  day: measures.advisedInDay,
  week: measures.advisedInWeek,
  month: measures.advisedInMonth,
  quarter: measures.advisedInQuarter,
  year: measures.advisedInYear,
}
const converted = {
  hour: measures.convertedInHour,
  day: measures.convertedInDay,
  week: measures.convertedInWeek,
  month: measures.convertedInMonth,
  quarter: measures.convertedInQuarter,
  year: measures.convertedInYear,
}
const inquired = {
  hour: measures.inquiredInHour,
  day: measures.inquiredInDay,
  week: measures.inquiredInWeek,
  month: measures.inquiredInMonth,
  quarter: measures.inquiredInQuarter,
  year: measures.inquiredInYear,
}
const bought = {
  hour: measures.boughtInHour,
  day: measures.boughtInDay,
  week: measures.boughtInWeek,
  month: measures.boughtInMonth,
  quarter: measures.boughtInQuarter,
  year: measures.boughtInYear,
}

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
  of: converted,
  per: advised,
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
  of: bought,
  per: inquired,
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
