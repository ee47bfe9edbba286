import type { CanonicalEvent, EventType } from '@deskpulse/core/events'
import type { DimensionValues } from '@deskpulse/core/measures'
import type { Observation } from './observation.ts'
import { timelineOf } from './order.ts'
import type { Expected } from './values.ts'

/** What was ordered, paid and given back, of each order from all events that name it. */
export function orderObservations(events: readonly CanonicalEvent[]): Observation[] {
  const orders = timelineOf(events.filter(({ type }) => type.startsWith('order.')))
  const refunds = refundsOf(events)
  return [...Map.groupBy(orders, ({ data }) => data.orderId)].flatMap(([orderId, its]) =>
    ofOrder(
      its,
      refunds.filter((one) => one.orderId === orderId).map(({ money }) => money),
    ),
  )
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
  its: readonly CanonicalEvent[],
  refunds: readonly Refund['money'][],
): Observation[] {
  const all = (type: EventType) => its.filter((event) => event.type === type)
  const [placed, payments, returns] = [
    ...([all('order.placed')[0], all('order.paid'), all('order.returned')] as const),
  ]
  const said = (field: string): string | undefined =>
    its.map(({ data }) => data[field]).findLast((value) => value !== undefined) as
      string | undefined
  const shop = said('shop')
  const dimensions: DimensionValues = {
    agent: said('agentId') ?? 'none',
    ...(shop !== undefined && { shop }),
  }
  const at = (atMs: number, what: string, value = 1): Observation => {
    return { what, atMs, value, dimensions, scope: 'both' }
  }
  const found = placed === undefined ? [] : [at(placed.timeMs, 'order placed')]
  if (payments.length === 0) return found
  if (placed !== undefined) found.push(at(placed.timeMs, 'order placed and paid'))
  const paidMs = payments[0]!.timeMs
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
    at(paidMs, 'order paid'),
    at(paidMs, `sold in ${currency}`, amountMinor),
    at(paidMs, `kept in ${currency}`, left),
  )
  if (returns.length > 0) found.push(at(paidMs, 'order returned'))
  if (refunds.length > 0) found.push(at(paidMs, 'order refunded'))
  if (returns.some(({ data }) => data['cause'] === 'service'))
    found.push(at(paidMs, 'order returned by service'))
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
    ['return_rate', ratio('order returned', 'order paid')],
    ['refund_rate', ratio('order refunded', 'order paid')],
    ['service_return_rate', ratio('order returned by service', 'order paid')],
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
