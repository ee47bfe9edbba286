import type { CanonicalEvent, Money } from '../../events/event.ts'
import { dimensionSet } from '../../measures/dimension-set.ts'
import type { Moment, OrderRow } from '../row.ts'
import { firstOf, lastWord, type OwnIdKind, type Said, type Telling } from './own-id.ts'

/**
 * A customer's order: placed once and paid once, each at its first word. What was paid, in which shop and by whose help is the last word, so that a correction
 * moves no order to another time. Every return of goods and every refund counts, also one that is told before the payment.
 */
export const order: OwnIdKind = {
  name: 'order',
  types: ['order.placed', 'order.paid', 'order.returned'],
  idOf: ({ orderId }) => orderId as string,
  tell(events, _nowMs, _localTime, heard = []) {
    const refunds = heard.filter((said) => said.kind === 'refunded')
    const returns = events.filter(({ type }) => type === 'order.returned')
    const placed = firstOf(events, 'order.placed')
    const row: OrderRow = {
      grain: 'order',
      customerId: lastWord(events, 'customerId') ?? null,
      placed: placed === undefined ? null : momentOf(events, placed),
      paid: paidOf(events, returns, refunds),
      isReturned: returns.length > 0,
      isRefunded: refunds.length > 0,
      isReturnedByService: returns.some(({ data }) => data['cause'] === 'service'),
    }
    return { rows: [row], tells: tellsOf(row) }
  },
}

/** Its customer is to know when it was ordered and paid, and by whose help. */
function tellsOf({ customerId, placed, paid }: OrderRow): readonly Telling[] {
  const first = placed ?? paid
  if (customerId === null || first === null) return [] // Of an order of which goods came back, and nothing else is known.
  const { agent, shop } = paid?.credit ?? {}
  const payment = paid && {
    ...{ atMs: paid.atMs, agent: agent === undefined || agent === 'none' ? null : agent },
    ...(shop !== undefined && { shop }),
  }
  const said = { kind: 'purchase', orderedMs: first.atMs, paid: payment } as const
  return [{ to: 'customer', id: customerId, said }]
}

/** Credited to the agent and the shop that the events name last; a shop that nobody names is in no slice of shops. */
function momentOf(events: readonly CanonicalEvent[], { timeMs }: CanonicalEvent): Moment {
  const shop = lastWord(events, 'shop')
  const agent = lastWord(events, 'agentId') ?? 'none'
  return { atMs: timeMs, credit: dimensionSet({ agent }, shop === undefined ? {} : { shop }) }
}

type Refunded = Extract<Said, { readonly kind: 'refunded' }>

/** No more comes back than was paid: returns first, refunds of what is left. */
function paidOf(
  events: readonly CanonicalEvent[],
  returns: readonly CanonicalEvent[],
  refunds: readonly Refunded[],
): OrderRow['paid'] {
  const paid = firstOf(events, 'order.paid')
  if (paid === undefined) return null
  const money = events.findLast(({ type }) => type === 'order.paid')!.data.money!
  const { amountMinor, currency } = money
  // A return without money is of the whole order; a refund without money says nothing of it.
  const returned = returns.map(({ data }) => data.money ?? money)
  const refunded = refunds.flatMap((said) => said.money ?? [])
  const returnedMinor = Math.min(sumIn(currency, returned), amountMinor)
  const refundedMinor = Math.min(sumIn(currency, refunded), amountMinor - returnedMinor)
  return { ...momentOf(events, paid), ...money, returnedMinor, refundedMinor }
}

/** Other currencies are left out: nobody knows what they are worth. */
const sumIn = (wanted: string, all: readonly Money[]): number =>
  all.reduce((sum, { amountMinor, currency }) => sum + (currency === wanted ? amountMinor : 0), 0)
