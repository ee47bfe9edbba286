import type { CanonicalEvent, Money } from '../../events/event.ts'
import { dimensionSet } from '../../measures/dimension-set.ts'
import type { Moment, OrderRow } from '../row.ts'
import { firstOf, type Inquiry, lastWord, type OwnIdKind, type Said } from './own-id.ts'

/**
 * A customer's order: placed once and paid once, each at its first word. What was paid, in which shop and by whose help is the last word, so that a correction
 * moves no order to another time; where it names no agent, its customer says who sold it. Every return of goods and every refund counts, also one that is told before the payment.
 */
export const order: OwnIdKind = {
  name: 'order',
  types: ['order.placed', 'order.paid', 'order.returned'],
  idOf: ({ orderId }) => orderId as string,
  asks: askedOf,
  tell(events, _nowMs, _localTime, heard = []) {
    const refunds = heard.filter((said) => said.kind === 'refunded')
    const returns = events.filter(({ type }) => type === 'order.returned')
    const placed = firstOf(events, 'order.placed')
    const sold = heard.find((said) => said.kind === 'sold')
    const isSold = sold?.isInSession === true || lastWord(events, 'agentId') !== undefined
    const paid = paidOf(events, sold?.paid, returns, refunds)
    const row: OrderRow = {
      grain: 'order',
      customerId: lastWord(events, 'customerId') ?? null,
      placed: placed === undefined ? null : momentOf(events, placed, sold?.placed),
      paid,
      isReturned: returns.length > 0,
      isRefunded: refunds.length > 0,
      isReturnedByService: returns.some(({ data }) => data['cause'] === 'service'),
      isConverted: paid !== null && isSold,
    }
    return { rows: [row] }
  },
}

/** Its customer is asked who sold it. */
function askedOf(events: readonly CanonicalEvent[]): Inquiry | null {
  const id = lastWord(events, 'customerId')
  const placedMs = firstOf(events, 'order.placed')?.timeMs ?? null
  const paidMs = firstOf(events, 'order.paid')?.timeMs ?? null
  if (id === undefined || (placedMs ?? paidMs) === null) return null // Of an order of which goods came back, and nothing else is known.
  const [agent, shop] = [lastWord(events, 'agentId') ?? null, lastWord(events, 'shop')]
  const purchase = { placedMs, paidMs, agent, ...(shop !== undefined && { shop }) }
  return { of: 'customer', id, purchase }
}

/** Credited to the agent and the shop that the events name last; else to who sold it. A shop that nobody names is in no slice of shops. */
function momentOf(
  events: readonly CanonicalEvent[],
  { timeMs }: CanonicalEvent,
  seller: string | null = null,
): Moment {
  const shop = lastWord(events, 'shop')
  const agent = lastWord(events, 'agentId') ?? seller ?? 'none'
  return { atMs: timeMs, credit: dimensionSet({ agent }, shop === undefined ? {} : { shop }) }
}

type Refunded = Extract<Said, { readonly kind: 'refunded' }>

/** No more comes back than was paid: returns first, refunds of what is left. */
function paidOf(
  events: readonly CanonicalEvent[],
  seller: string | null | undefined,
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
  return { ...momentOf(events, paid, seller), ...money, returnedMinor, refundedMinor }
}

/** Other currencies are left out: nobody knows what they are worth. */
const sumIn = (wanted: string, all: readonly Money[]): number =>
  all.reduce((sum, { amountMinor, currency }) => sum + (currency === wanted ? amountMinor : 0), 0)
