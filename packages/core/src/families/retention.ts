import { distinctRatio, distinctWithout, periodEnd } from '../kpis/distinct-shapes.ts'
import { customersIn } from './customers.ts'
import { family } from './family.ts'
import { type FamilySql, rowsOf } from './sql.ts'

/** Customers who paid in the period before, and those of them who paid in this one. */
export const retention = family('retention', 41, {
  paidBeforeHour: customersIn(1, 'paidBefore', 'hour'),
  paidBeforeDay: customersIn(2, 'paidBefore', 'day'),
  paidBeforeWeek: customersIn(3, 'paidBefore', 'week'),
  paidBeforeMonth: customersIn(4, 'paidBefore', 'month'),
  paidBeforeQuarter: customersIn(5, 'paidBefore', 'quarter'),
  paidBeforeYear: customersIn(6, 'paidBefore', 'year'),
  retainedInHour: customersIn(11, 'retained', 'hour'),
  retainedInDay: customersIn(12, 'retained', 'day'),
  retainedInWeek: customersIn(13, 'retained', 'week'),
  retainedInMonth: customersIn(14, 'retained', 'month'),
  retainedInQuarter: customersIn(15, 'retained', 'quarter'),
  retainedInYear: customersIn(16, 'retained', 'year'),
})

/** Who paid in the hour before is another one than who did on the day before: which period is asked for says the kind, `$period`. */
const placesSql = (what: 'paidBefore' | 'retained') => [
  rowsOf('customer-period-place', what, { where: 'period = $period' }),
]
const [paidBeforeSql, retainedSql] = [placesSql('paidBefore'), placesSql('retained')]

/** The same in SQL. */
export const retentionSql: FamilySql<keyof typeof retention.measures> = {
  paidBeforeHour: paidBeforeSql,
  paidBeforeDay: paidBeforeSql,
  paidBeforeWeek: paidBeforeSql,
  paidBeforeMonth: paidBeforeSql,
  paidBeforeQuarter: paidBeforeSql,
  paidBeforeYear: paidBeforeSql,
  retainedInHour: retainedSql,
  retainedInDay: retainedSql,
  retainedInWeek: retainedSql,
  retainedInMonth: retainedSql,
  retainedInQuarter: retainedSql,
  retainedInYear: retainedSql,
}

const { measures } = retention

const paidBefore = {
  hour: measures.paidBeforeHour,
  day: measures.paidBeforeDay,
  week: measures.paidBeforeWeek,
  month: measures.paidBeforeMonth,
  quarter: measures.paidBeforeQuarter,
  year: measures.paidBeforeYear,
}
const retained = {
  hour: measures.retainedInHour,
  day: measures.retainedInDay,
  week: measures.retainedInWeek,
  month: measures.retainedInMonth,
  quarter: measures.retainedInQuarter,
  year: measures.retainedInYear,
}

const docs = {
  countedAt:
    'the begin of the period, once log time has come to it, and of those who paid again their first payment in it',
  whenEmpty: '`null`, `nothing-happened`: nobody paid in the period before',
  note: 'the period before is that of the same kind: yesterday of a day, last month of a month. In slices as the payment of the period before is credited (`sales`), whoever had a part in the one of this period; in slices of a shop both are of that shop. `provisionalUntil`, the end of the period. For `hour`, `day`, `week`, `month`, `quarter`, `year` and the window `today`; elsewhere `null`, `not-distinct-here`. Periods of two time zones do not follow one another: in the first one after a change of the zone nobody is counted. Where another change of the configuration cuts a period, those who paid before count in the part in which it begins. Contracts (`customer.started`) are not read',
}

const customerRetention = distinctRatio('customer_retention', {
  name: { en: 'Customer retention', zh: '客户保留率' },
  description: {
    en: 'Share of customers who paid in the period before and paid in this one, too.',
    zh: '上一周期付款的客户中本周期再次付款的比例。',
  },
  direction: 'higher',
  of: retained,
  per: paidBefore,
  until: periodEnd,
  dimensions: ['agent', 'shop'],
  docs: {
    ...docs,
    formula:
      'distinct customers with a paid order in the period before and in this one ÷ distinct customers with a paid order in the period before',
  },
})

const customerChurn = distinctWithout('customer_churn', {
  name: { en: 'Customer churn', zh: '客户流失率' },
  description: {
    en: 'Share of customers who paid in the period before and did not pay in this one.',
    zh: '上一周期付款的客户中本周期未再付款的比例。',
  },
  direction: 'lower',
  of: paidBefore,
  without: retained,
  until: periodEnd,
  dimensions: ['agent', 'shop'],
  docs: {
    ...docs,
    formula:
      '1 − `customer_retention`: those who paid in the period before and not in this one ÷ all of these',
  },
})

export const retentionKpis = [customerRetention, customerChurn]
