import type { CanonicalEvent, EventType } from '@deskpulse/core/events'
import type { DimensionValues } from '@deskpulse/core/measures'
import type { Observation } from './observation.ts'
import { timelineOf } from './order.ts'
import { type Session, type Order, soldAt } from './sales.ts'
import type { Expected } from './values.ts'

/** What was ordered, paid and given back, of each order from all events that name it. */
export function orderObservations(
  events: readonly CanonicalEvent[],
  all: readonly Order[],
  sessions: readonly Session[],
): Observation[] {
  const refunds = refundsOf(events)
  return all.flatMap((order) => {
    const its = refunds.filter(({ orderId }) => orderId === order.id).map(({ money }) => money)
    return ofOrder(order, its, sessions)
  })
}

type Refund = Pick<CanonicalEvent['data'], 'orderId' | 'money'>

/** Those that were handled, with what was said last of each. */
function refundsOf(events: readonly CanonicalEvent[]): Refund[] {
  const all = timelineOf(events.filter(({ type }) => type.startsWith('refund.')))
  return [...Map.groupBy(all, ({ data }) => data['refundId']).values()]
    .filter((its) => its.some(({ type }) => type === 'refund.handled'))
    .map((its) => Object.assign({}, ...its.map(({ data }) => data)) as Refund)
}

function ofOrder(
  order: Order,
  refunds: readonly Refund['money'][],
  sessions: readonly Session[],
): Observation[] {
  const { events, placedMs, paidMs, shop } = order
  const all = (type: EventType) => events.filter((event) => event.type === type)
  const [payments, returns] = [all('order.paid'), all('order.returned')]
  const at = (atMs: number, what: string, value = 1): Observation => {
    const agent = soldAt(order, atMs, sessions).who ?? 'none'
    const dimensions: DimensionValues = { agent, ...(shop !== undefined && { shop }) }
    return { what, atMs, value, dimensions, scope: 'both' }
  }
  const found = placedMs === undefined ? [] : [at(placedMs, 'order placed')]
  if (paidMs === undefined) return found
  if (placedMs !== undefined) found.push(at(placedMs, 'order placed and paid'))
  const { amountMinor, currency } = payments.at(-1)!.data.money!
  let left = amountMinor
  for (const { data } of returns) {
    const money = data.money
    if (money === undefined) left = 0
    else if (money.currency === currency) left = Math.max(0, left - money.amountMinor)
  }
  for (const money of refunds)
    if (money?.currency === currency) left = Math.max(0, left - money.amountMinor)
  found.push(
    at(paidMs, `sold in ${currency}`, amountMinor),
    at(paidMs, `kept in ${currency}`, left),
  )
  const isConverted = order.agent !== undefined || soldAt(order, paidMs, sessions).session
  if (!isConverted) return found
  found.push(at(paidMs, 'order converted'))
  if (returns.length > 0) found.push(at(paidMs, 'conversion returned'))
  if (refunds.length > 0) found.push(at(paidMs, 'conversion refunded'))
  if (returns.some(({ data }) => data['cause'] === 'service'))
    found.push(at(paidMs, 'conversion returned by service'))
  return found
}

/** By the currencies in which something was observed, each with what it comes to in minor units. */
type InCurrencies = (what: string) => Readonly<Record<string, number>>

export function saleValues(
  ratio: (part: string, whole: string) => Expected,
  money: InCurrencies,
): [string, Expected][] {
  // A currency in which only what costs nothing was sold is none.
  const sold = Object.entries(money('sold')).filter(([, amount]) => amount > 0)
  const kept = sold.map(([currency]) => [currency, money('kept')[currency]!] as const)
  return [
    ['sales', { kind: 'money', amounts: Object.fromEntries(sold), exact: 'sum', per: 1 }],
    ['net_sales', { kind: 'money', amounts: Object.fromEntries(kept), exact: 'sum', per: 1 }],
    ['order_to_payment_rate', ratio('order placed and paid', 'order placed')],
    ['return_rate', ratio('conversion returned', 'order converted')],
    ['refund_rate', ratio('conversion refunded', 'order converted')],
    ['service_return_rate', ratio('conversion returned by service', 'order converted')],
  ]
}

export const perPayer = (money: InCurrencies, payers: number): Expected => ({
  ...{ kind: 'money', exact: 'numerator', per: payers },
  amounts: Object.fromEntries(Object.entries(money('sold')).filter(([, amount]) => amount > 0)),
})

export const costValue = (money: InCurrencies, handled: number): Expected => ({
  ...{ kind: 'money', exact: 'numerator', per: handled },
  amounts: Object.fromEntries(Object.entries(money('cost')).filter(([, amount]) => amount > 0)),
})
