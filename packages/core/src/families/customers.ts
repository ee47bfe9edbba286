import { distinctTotal } from '../kpis/distinct-shapes.ts'
import type { Measure } from '../measures/measure.ts'
import type { CustomerPeriodRow, SaleWhat } from '../subjects/row.ts'
import { type ClosedKind, closedKinds } from '../time/periods.ts'
import { distinct, family, on } from './family.ts'
import { type FamilySql, rowsOf } from './sql.ts'

type CustomerWhat = 'served' | 'due' | 'missed' | SaleWhat

/** Customers of whom this is so in a period of this kind, each once. */
export const customersIn = (field: number, what: CustomerWhat, period: ClosedKind) =>
  distinct(
    field,
    period,
    on('customer-period', {
      at: (row: CustomerPeriodRow) => (row.period === period ? (row[what] ?? null) : null),
    }),
  )

/** Names of measures of customers of whom this is so, one for each kind of period: `servedInHour` … */
type InEach<What extends CustomerWhat> = `${What}In${Capitalize<ClosedKind>}`

/** One for each kind of period, by its name. */
function inEach<What extends CustomerWhat, Made>(
  what: What,
  make: (kind: ClosedKind, place: number) => Made,
): Readonly<Record<InEach<What>, Made>> {
  const named = closedKinds.map((kind, place) => {
    const name = `${what}In${kind.charAt(0).toUpperCase()}${kind.slice(1)}`
    return [name, make(kind, place)] as const
  })
  return Object.fromEntries(named) as Record<InEach<What>, Made>
}

/** `field`: of the first of them. */
export const customersInEach = <What extends CustomerWhat>(field: number, what: What) =>
  inEach(what, (kind, place) => customersIn(field + place, what, kind))

/** The same in SQL: of a customer in a slice, the first place counts. */
export const customerSqlInEach = <What extends CustomerWhat>(what: What) =>
  inEach(what, (kind) => [rowsOf('customer-period-place', what, { where: `period = '${kind}'` })])

/** These measures, by the kind of the period. */
export function byKind<What extends CustomerWhat>(
  measures: Readonly<Record<InEach<What>, Measure>>,
  what: What,
): Readonly<Record<ClosedKind, Measure>> {
  const all: Readonly<Record<string, Measure>> = measures
  const names = Object.entries(inEach(what, (kind) => kind))
  return Object.fromEntries(names.map(([name, kind]) => [kind, all[name]!])) as Record<
    ClosedKind,
    Measure
  >
}

/** Customers, each once in a period. */
export const customers = family('customers', 6, customersInEach(1, 'served'))

/** The same in SQL. */
export const customerSql: FamilySql<keyof typeof customers.measures> = customerSqlInEach('served')

const customersServed = distinctTotal('customers_served', {
  name: { en: 'Customers served', zh: '接待客户数' },
  description: {
    en: 'Customers who were answered by a human in the period, each once.',
    zh: '周期内得到人工应答的客户数，每位客户计一次。',
  },
  direction: 'neutral',
  of: byKind(customers.measures, 'served'),
  docs: {
    formula: 'distinct customers with an answered contact in the period',
    countedAt: 'the answer, as `contacts_answered`: in the period that holds it',
    whenEmpty: '0; `null`, `not-distinct-here`, in quarter-hours, half-hours and sliding windows',
    note: 'for `hour`, `day`, `week`, `month`, `quarter`, `year` and the window `today`. Not additive: a customer of two days is one of the month, and one who was in two queues is one of `all`. Contacts without a `customerId` are not counted',
  },
})

export const customerKpis = [customersServed]
