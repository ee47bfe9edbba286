import type { CanonicalEvent, Money } from '../../events/event.ts'
import { dimensionSet } from '../../measures/dimension-set.ts'
import type { Moment, OrderRow } from '../row.ts'
import { firstOf, lastWord, type OwnIdKind, type Telling } from './own-id.ts'

/**
 * A customer's order: placed once and paid once, each at its first word. What was paid, in which shop and by whose help is the last word, so that a correction
 * moves no order to another time. Every return of goods counts, also one that is told before the payment.
 */
export const order: OwnIdKind = {
  name: 'order',
  types: ['order.placed', 'order.paid', 'order.returned'],
  idOf: ({ orderId }) => orderId as string,
  tell(events) {
    const returns = events.filter(({ type }) => type === 'order.returned')
    const placed = firstOf(events, 'order.placed')
    const row: OrderRow = {
      grain: 'order',
      customerId: lastWord(events, 'customerId') ?? null,
      placed: placed === undefined ? null : momentOf(events, placed),
      paid: paidOf(events, returns),
      isReturned: returns.length > 0,
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

function paidOf(
  events: readonly CanonicalEvent[],
  returns: readonly CanonicalEvent[],
): OrderRow['paid'] {
  const paid = firstOf(events, 'order.paid')
  if (paid === undefined) return null
  const money = events.findLast(({ type }) => type === 'order.paid')!.data.money!
  return { ...momentOf(events, paid), ...money, returnedMinor: returnedOf(money, returns) }
}

/** A return without money is of the whole order; one in another currency than the payment is a return of nothing that is known. No more comes back than was paid. */
function returnedOf({ amountMinor, currency }: Money, returns: readonly CanonicalEvent[]): number {
  const returned = returns.reduce((sum, { data: { money } }) => {
    if (money === undefined) return sum + amountMinor
    return money.currency === currency ? sum + money.amountMinor : sum
  }, 0)
  return Math.min(returned, amountMinor)
}
