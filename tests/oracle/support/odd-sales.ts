import type { EventData, EventType } from '@deskpulse/core/events'
import fc from 'fast-check'
import { agentIds, anyMoney, type Draft, maybe, one } from './drafts.ts'

const customerId = one('u-1', 'u-1', 'u-2')
const goesOn = one(undefined, undefined, true, false)
const shop = maybe('s-1', 's-2', undefined)

/** A chat with a customer in which agents write now and then, after some seconds each. */
const anyAdvice = (contactId: string): fc.Arbitrary<Draft[]> =>
  fc
    .record({
      second: fc.integer({ min: 0, max: 6 * 3_600 }),
      opening: fc.record({ customerId, shop, queue: maybe('billing') }),
      writers: fc.array(one(...agentIds), { minLength: 1, maxLength: 3 }),
      apart: one(1, 600, 4_000),
      last: one<EventType | null>(null, 'contact.resolved', 'contact.discarded'),
    })
    .map(({ second, opening, writers, apart, last }) => {
      const at = (nth: number, type: EventType, data: EventData = {}): Draft => ({
        ...{ type, second: second + nth * apart, data: { contactId, ...data } },
      })
      return [
        at(0, 'contact.opened', { ...opening, channel: 'chat' }),
        at(0, 'message.sent', { from: 'customer' }),
        ...writers.map((agentId, nth) => at(nth + 1, 'message.sent', { from: 'agent', agentId })),
        ...(last === null ? [] : [at(writers.length + 1, last)]),
      ]
    })

/** Contracts that begin and end in any order, again and again, or go on under another id. */
const anyContracts: fc.Arbitrary<Draft[]> = fc.array(
  fc.record({
    type: one<EventType>('customer.started', 'customer.started', 'customer.left'),
    second: fc.integer({ min: 0, max: 9 * 3_600 }),
    data: fc.record({ customerId, goesOn }),
  }),
  { maxLength: 5 },
)

/** Customers who are advised, or under contract, and orders of theirs that mostly name no agent. */
export function anySales(): fc.Arbitrary<Draft[]> {
  const order = fc.record({
    ...{ orderId: one('v', 'w'), customerId, shop, money: anyMoney },
    agentId: maybe('a-1', undefined, undefined, undefined),
  })
  const event = fc.record({
    type: one<EventType>('order.placed', 'order.paid', 'order.paid'),
    second: fc.integer({ min: 0, max: 9 * 3_600 }),
    data: order,
  })
  return fc
    .tuple(anyAdvice('c-8'), anyAdvice('c-9'), fc.array(event, { maxLength: 6 }), anyContracts)
    .map((all) => all.flat())
}
