import { expect, test } from 'vitest'
import { dayMs, type EpochMs, hourMs, minuteMs } from '../../time/time.ts'
import { type HeldPurchase, letGo, noSellers, Sales } from './sales.ts'
import type { Session, Spell } from './session.ts'

const at = (minutes: number): EpochMs => (100 * dayMs + minutes * minuteMs) as EpochMs

const spell = (agent: string, first: number, last: number | null): Spell => ({
  ...{ agent, firstMs: at(first), lastMs: last === null ? null : at(last) },
})

type Given = {
  readonly spells?: readonly Spell[]
  readonly shop?: string
  readonly intent?: string
}

/** Answered at the minute that is its name, of which the opening was the one before. */
const session = (minute: number, { spells, ...attributes }: Given = {}): Session => ({
  contactId: `c-${minute}`,
  opened: { atMs: at(minute - 1), credit: {} },
  served: { atMs: at(minute), credit: { queue: 'q', agent: 'a-1', ...attributes } },
  spells: spells ?? [spell('a-1', minute, minute)],
  ...{ due: null, topic: undefined, resolution: null },
})

const order = (minute: number, more: { agent?: string; shop?: string } = {}): HeldPurchase => ({
  ...{ placedMs: at(minute), paidMs: at(minute), agent: null, ...more },
  ...{ sinceMs: at(minute), sellers: noSellers },
})

const salesOf = (sessions: readonly Session[], orders: readonly HeldPurchase[]): Sales =>
  new Sales(sessions, new Map(orders.map((one, nth) => [`o-${nth}`, one])))

/** What the sessions count for, by the minute of each and the agent. */
const counted = (sessions: readonly Session[], orders: readonly HeldPurchase[]): string[] =>
  salesOf(sessions, orders)
    .occasions()
    .map(({ what, atMs, credit }) => `${what} ${(atMs - at(0)) / minuteMs} ${credit.agent}`)
    .toSorted()

const sold = (sessions: readonly Session[], ...orders: readonly HeldPurchase[]): string[] =>
  counted(sessions, orders).filter((one) => one.startsWith('converted'))

test('who was answered, and came to buy, is counted whether or not there is an order', () => {
  expect(counted([session(5)], [])).toEqual(['advised 5 a-1', 'inquired 5 a-1'])
  expect(counted([session(5)], [order(9)])).toEqual([
    ...['advised 5 a-1', 'bought 5 a-1', 'converted 5 a-1', 'inquired 5 a-1', 'paid 9 a-1'],
  ])
})

test.each([
  { rule: 'the day after the last message is in time', minute: 1_445, is: ['converted 5 a-1'] },
  { rule: 'a millisecond later is not', minute: 1_445 + 1 / minuteMs, is: [] },
  { rule: 'nor what was paid before the answer', minute: 4, is: [] },
  { rule: 'what was paid at the answer is', minute: 5, is: ['converted 5 a-1'] },
])('$rule', ({ minute, is }) => {
  expect(sold([session(5)], order(minute))).toEqual(is)
})

test('of several sessions it belongs to the one that was answered last, in the same shop where both name one', () => {
  const both = [session(5, { shop: 's-1' }), session(8, { shop: 's-2' })]
  expect(sold(both, order(9))).toEqual(['converted 8 a-1'])
  expect(sold(both, order(9, { shop: 's-1' }))).toEqual(['converted 5 a-1'])
  expect(sold([...both, session(7)].reverse(), order(9, { shop: 's-3' }))).toEqual([
    'converted 7 a-1',
  ])
})

test('it is of who wrote last before it, of a spell that goes on or is over, unless the order names an agent', () => {
  const spells = [spell('a-1', 5, 20), spell('a-2', 30, null)]
  const talked = [session(5, { spells })]
  expect(sold(talked, order(29))).toEqual(['converted 5 a-1'])
  expect(sold(talked, order(30))).toEqual(['converted 5 a-2'])
  expect(sold(talked, order(9_999))).toEqual(['converted 5 a-2'])
  expect(sold(talked, order(30, { agent: 'a-3' }))).toEqual(['converted 5 a-3'])
})

test('a session that sold for several agents counts for each, and for nobody else', () => {
  const spells = [spell('a-1', 5, 20), spell('a-2', 30, 30)]
  const all = counted([session(5, { spells })], [order(10), order(40, { agent: 'a-3' })])
  expect(all.filter((one) => one.startsWith('advised'))).toEqual(['advised 5 a-1', 'advised 5 a-3'])
})

test.each([
  { intent: 'presales', orderedDaysBefore: 1, is: true },
  { intent: 'aftersales', orderedDaysBefore: 30, is: false },
  { intent: undefined, orderedDaysBefore: 15, is: false },
  { intent: undefined, orderedDaysBefore: 15 + hourMs / dayMs, is: true },
])('intent $intent, and an order $orderedDaysBefore days before: an inquiry: $is', (given) => {
  const { intent, orderedDaysBefore, is } = given
  const before = order(4 - orderedDaysBefore * 1_440)
  const its = counted([session(5, intent === undefined ? {} : { intent })], [before])
  expect(its.includes('inquired 5 a-1')).toBe(is)
})

/** Who sold an order of these, by its placing and its payment. */
const soldBy = (sessions: readonly Session[], one: HeldPurchase): (string | undefined)[] => {
  const { placed, paid } = salesOf(sessions, [one]).purchases.get('o-0')!.sellers
  return [placed, paid].map((seller) => seller?.agent ?? undefined)
}

test('who wrote last before the placing, and before the payment, sold it: each by its own instant and session', () => {
  const both = [session(5), session(3_000, { spells: [spell('a-2', 3_000, 3_000)] })]
  expect(soldBy(both, { ...order(9), paidMs: at(3_001) })).toEqual(['a-1', 'a-2'])
  expect(soldBy(both, { ...order(9), paidMs: at(2_999) })).toEqual(['a-1', undefined])
  expect(soldBy(both, { ...order(9), paidMs: null })).toEqual(['a-1', undefined])
  expect(soldBy(both, { ...order(9), placedMs: null })).toEqual([undefined, 'a-1'])
  expect(soldBy(both, order(3_001, { agent: 'a-3' }))).toEqual(['a-2', 'a-2'])
})

test('who paid is credited to who sold it, and to nobody where nobody did', () => {
  const paid = (...orders: readonly HeldPurchase[]) =>
    counted([session(5)], orders).filter((one) => one.startsWith('paid'))
  expect(paid(order(9), order(2_000))).toEqual(['paid 2000 none', 'paid 9 a-1'])
  expect(paid(order(9, { agent: 'a-3' }))).toEqual(['paid 9 a-3'])
})

test('what was sold in a session that was let go is sold in no other, by whoever sold it there, whatever is corrected', () => {
  const before = salesOf([session(5)], [order(9)]).purchases.get('o-0')!
  const past = letGo(before, 'c-5')
  expect(letGo(before, 'c-8')).toEqual(before)
  const later = session(8, { spells: [spell('a-2', 8, 8)] })
  expect(sold([later], past)).toEqual([])
  expect(sold([session(5)], past)).toEqual([])
  expect(soldBy([later], { ...past, placedMs: at(8), paidMs: at(10) })).toEqual(['a-1', 'a-1'])
  expect(counted([later], [past])).toContain('paid 9 a-1')
})
