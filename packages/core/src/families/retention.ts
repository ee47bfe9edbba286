import { periodEnd, shareByBasis } from '../kpis/distinct-shapes.ts'
import type { WholeDayKind } from '../time/periods.ts'
import { customersIn } from './customers.ts'
import { countOf, family, on } from './family.ts'
import { type FamilySql, rowsOf } from './sql.ts'

/** How many were under contract at the begin of a period of this kind. */
const contractsIn = (field: number, period: WholeDayKind) =>
  countOf(
    field,
    period,
    on('contract-count', {
      at: (row) => (row.period === period ? row.begun : null),
      value: ({ customers }) => customers,
    }),
  )

/** Those of them who left in it. */
const lossesIn = (field: number, period: WholeDayKind) =>
  countOf(
    field,
    period,
    on('contract-loss', { at: (row) => (row.period === period ? row.left : null) }),
  )

/** Customers who paid in the period before, and those of them who paid in this one; customers under contract at its begin, and those of them who left in it. */
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
  contractsAtDay: contractsIn(22, 'day'),
  contractsAtWeek: contractsIn(23, 'week'),
  contractsAtMonth: contractsIn(24, 'month'),
  contractsAtQuarter: contractsIn(25, 'quarter'),
  contractsAtYear: contractsIn(26, 'year'),
  contractsLostInDay: lossesIn(32, 'day'),
  contractsLostInWeek: lossesIn(33, 'week'),
  contractsLostInMonth: lossesIn(34, 'month'),
  contractsLostInQuarter: lossesIn(35, 'quarter'),
  contractsLostInYear: lossesIn(36, 'year'),
})

/** Who paid in the hour before is another one than who did on the day before: which period is asked for says the kind, `$period`. */
const placesSql = (what: 'paidBefore' | 'retained') => [
  rowsOf('customer-period-place', what, { where: 'period = $period' }),
]
const [paidBeforeSql, retainedSql] = [placesSql('paidBefore'), placesSql('retained')]
const contractsSql = [
  rowsOf('contract-count', 'begun', { where: 'period = $period', value: 'customers' }),
]
const lossesSql = [rowsOf('contract-loss', 'left', { where: 'period = $period' })]

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
  contractsAtDay: contractsSql,
  contractsAtWeek: contractsSql,
  contractsAtMonth: contractsSql,
  contractsAtQuarter: contractsSql,
  contractsAtYear: contractsSql,
  contractsLostInDay: lossesSql,
  contractsLostInWeek: lossesSql,
  contractsLostInMonth: lossesSql,
  contractsLostInQuarter: lossesSql,
  contractsLostInYear: lossesSql,
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
const contracts = {
  day: measures.contractsAtDay,
  week: measures.contractsAtWeek,
  month: measures.contractsAtMonth,
  quarter: measures.contractsAtQuarter,
  year: measures.contractsAtYear,
}
const lost = {
  day: measures.contractsLostInDay,
  week: measures.contractsLostInWeek,
  month: measures.contractsLostInMonth,
  quarter: measures.contractsLostInQuarter,
  year: measures.contractsLostInYear,
}

const docs = {
  countedAt:
    'the begin of the period, once log time has come to it; of those who left their last leaving in it, and of those who paid again their first payment in it',
  whenEmpty:
    '`null`, `nothing-happened`: nobody was under contract at the begin of the period, and nobody paid in the one before',
  note: '`basis` says who is counted: `contracts`, where anybody was under contract at the begin of the period (`customer.started` before it, no `customer.left` since), else `payers`. Contracts are of days, of no agent and of no shop: hours, and slices of those, count payers. Who leaves and starts anew before the period ends is retained; who leaves at the very begin was there. Of payers, the period before is that of the same kind: yesterday of a day, last month of a month. In slices as the payment of the period before is credited (`sales`), whoever had a part in the one of this period; in slices of a shop both are of that shop. `provisionalUntil`, the end of the period. For `hour`, `day`, `week`, `month`, `quarter`, `year` and the window `today`; elsewhere `null`, `not-distinct-here`. Periods of two time zones do not follow one another: in the first one after a change of the zone nobody is counted. Where another change of the configuration cuts a period, those of its begin count in the part in which it begins',
}

const customerRetention = shareByBasis('customer_retention', {
  name: { en: 'Customer retention', zh: '客户保留率' },
  description: {
    en: 'Share of customers under contract at the begin of the period who are so at its end; without contracts, of those who paid in the period before and paid in this one, too.',
    zh: '期初签约客户中期末仍在约的比例；没有签约客户时，为上一周期付款的客户中本周期再次付款的比例。',
  },
  direction: 'higher',
  contracts: { of: contracts, without: lost },
  payers: { of: retained, per: paidBefore },
  until: periodEnd,
  dimensions: ['agent', 'shop'],
  docs: {
    ...docs,
    formula:
      'customers under contract at the begin of the period and at its end ÷ customers under contract at its begin; where there are none, distinct customers with a paid order in the period before and in this one ÷ distinct customers with a paid order in the period before',
  },
})

const customerChurn = shareByBasis('customer_churn', {
  name: { en: 'Customer churn', zh: '客户流失率' },
  description: {
    en: 'Share of customers under contract at the begin of the period who are not so at its end; without contracts, of those who paid in the period before and did not pay in this one.',
    zh: '期初签约客户中期末已解约的比例；没有签约客户时，为上一周期付款的客户中本周期未再付款的比例。',
  },
  direction: 'lower',
  contracts: { of: lost, per: contracts },
  payers: { of: paidBefore, without: retained },
  until: periodEnd,
  dimensions: ['agent', 'shop'],
  docs: {
    ...docs,
    formula:
      '1 − `customer_retention`: of the same customers those who are not under contract at the end of the period, or did not pay in it ÷ all of these',
  },
})

export const retentionKpis = [customerRetention, customerChurn]
