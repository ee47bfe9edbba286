import { distinctTotal } from '../kpis/distinct-shapes.ts'
import type { CustomerPeriodRow, SaleWhat } from '../subjects/row.ts'
import type { ClosedKind } from '../time/periods.ts'
import { distinct, family, on } from './family.ts'
import { type FamilySql, rowsOf, type SqlTerm } from './sql.ts'

/** Customers of whom this is so in a period of this kind, each once. */
export const customersIn = (
  field: number,
  what: 'served' | 'due' | 'missed' | SaleWhat,
  period: ClosedKind,
) =>
  distinct(
    field,
    period,
    on('customer-period', {
      at: (row: CustomerPeriodRow) => (row.period === period ? (row[what] ?? null) : null),
    }),
  )

/** Customers, each once in a period. */
export const customers = family('customers', 6, {
  servedInHour: customersIn(1, 'served', 'hour'),
  servedInDay: customersIn(2, 'served', 'day'),
  servedInWeek: customersIn(3, 'served', 'week'),
  servedInMonth: customersIn(4, 'served', 'month'),
  servedInQuarter: customersIn(5, 'served', 'quarter'),
  servedInYear: customersIn(6, 'served', 'year'),
})

/** Places of customers' periods of a kind. */
export const customerPlacesSql = (
  what: 'served' | 'due' | 'missed' | SaleWhat,
  period: ClosedKind,
): readonly SqlTerm[] => [rowsOf('customer-period-place', what, { where: `period = '${period}'` })]

const servedSql = (period: ClosedKind): readonly SqlTerm[] => customerPlacesSql('served', period)

/** The places that count: of a customer in a slice, the first. */
export const customerSql: FamilySql<keyof typeof customers.measures> = {
  servedInHour: servedSql('hour'),
  servedInDay: servedSql('day'),
  servedInWeek: servedSql('week'),
  servedInMonth: servedSql('month'),
  servedInQuarter: servedSql('quarter'),
  servedInYear: servedSql('year'),
}

const { measures } = customers

const customersServed = distinctTotal('customers_served', {
  name: { en: 'Customers served', zh: '接待客户数' },
  description: {
    en: 'Customers who were answered by a human in the period, each once.',
    zh: '周期内得到人工应答的客户数，每位客户计一次。',
  },
  direction: 'neutral',
  of: {
    hour: measures.servedInHour,
    day: measures.servedInDay,
    week: measures.servedInWeek,
    month: measures.servedInMonth,
    quarter: measures.servedInQuarter,
    year: measures.servedInYear,
  },
  docs: {
    formula: 'distinct customers with an answered contact in the period',
    countedAt: 'the answer, as `contacts_answered`: in the period that holds it',
    whenEmpty: '0; `null`, `not-distinct-here`, in quarter-hours, half-hours and sliding windows',
    note: 'for `hour`, `day`, `week`, `month`, `quarter`, `year` and the window `today`. Not additive: a customer of two days is one of the month, and one who was in two queues is one of `all`. Contacts without a `customerId` are not counted',
  },
})

export const customerKpis = [customersServed]
