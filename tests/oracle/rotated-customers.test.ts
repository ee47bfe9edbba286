import type { CanonicalEvent } from '@deskpulse/core/events'
import { type EpochMs, dayMs, hourMs } from '@deskpulse/core/time'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { contract } from '../../packages/core/src/subjects/own-id/contract.ts'
import { type CustomerKeys, pseudonymiser } from '../../services/ingest/src/intake/pseudonym.ts'
import { timelineOf } from './batch/order.ts'

const startMs = Date.UTC(2026, 2, 2)
const untilMs = startMs + 20 * dayMs
const endMs = startMs + 80 * dayMs
const alone: CustomerKeys = { key: 'first', previous: [] }
const rotated: CustomerKeys = { key: 'second', previous: [{ key: 'first', untilMs }] }

const told: fc.Arbitrary<CanonicalEvent[]> = fc
  .array(
    fc.record({
      type: fc.constantFrom('customer.started' as const, 'customer.left' as const),
      hour: fc.oneof(fc.constantFrom(20 * 24 - 1, 20 * 24, 20 * 24 + 1), fc.nat(50 * 24)),
      customerId: fc.constantFrom('u-1', 'u-2'),
    }),
    { minLength: 1, maxLength: 12, size: 'max' },
  )
  .map((all) =>
    all.map(({ type, hour, customerId }, nth) => ({
      ...{ type, id: `e-${nth + 10}`, source: '/crm', sequence: '0', tenant: 'acme' },
      ...{ timeMs: (startMs + hour * hourMs) as EpochMs, data: { customerId } },
    })),
  )

/** Events of each customer of the log, each once. */
function customersOf(events: readonly CanonicalEvent[], keys: CustomerKeys) {
  const hidden = events.flatMap(pseudonymiser(() => keys))
  const once = new Map(hidden.map((event) => [`${event.id} ${event.data.customerId}`, event]))
  const byCustomer = Map.groupBy(once.values(), ({ data }) => data.customerId)
  return [...byCustomer.values()].map((own) => timelineOf(own))
}

function stepsOf(customers: readonly (readonly CanonicalEvent[])[]): Map<number, number> {
  const byInstant = new Map<number, number>()
  for (const { atMs, by } of customers.flatMap((events) => contract.steps!(events)))
    byInstant.set(atMs, (byInstant.get(atMs) ?? 0) + by)
  return new Map([...byInstant].filter(([, by]) => by !== 0).sort(([one], [two]) => one - two))
}

const lossesOf = (customers: readonly (readonly CanonicalEvent[])[]) =>
  customers
    .flatMap((events) => contract.tell(events, endMs as EpochMs, 'UTC').rows)
    .flatMap((row) => (row.grain === 'contract-loss' ? [row] : []))

const lengths = { day: 1, week: 7, month: 31, quarter: 92, year: 366 } as const

test('contracts go on over a change of the key, in any order and with repeats, as if there had been none', () => {
  let [moved, lost] = [0, 0]
  fc.assert(
    fc.property(told, fc.array(fc.nat(11), { maxLength: 6 }), (events, again) => {
      const repeated = [...again.flatMap((nth) => events[nth] ?? []).toReversed(), ...events]
      const [one, two] = [customersOf(events, alone), customersOf(repeated, rotated)]
      expect(stepsOf(two)).toEqual(stepsOf(one))

      const losses = lossesOf(two).map((row) => JSON.stringify(row))
      const missing = lossesOf(one).filter((row) => {
        const at = losses.indexOf(JSON.stringify(row))
        if (at !== -1) losses.splice(at, 1)
        return at === -1
      })
      expect(losses).toEqual([]) // Nobody is lost that would not have been.
      // Who was moved and leaves within the very same period is not lost in it.
      for (const { period, startMs: fromMs, left } of missing) {
        const isMoved = events.some(
          ({ type, timeMs }) =>
            type === 'customer.started' &&
            timeMs >= Math.max(untilMs, fromMs) &&
            timeMs <= Math.min(left.atMs, fromMs + lengths[period] * dayMs),
        )
        expect(isMoved).toBe(true)
      }
      moved += two.flat().filter(({ data }) => data.goesOn).length
      lost += lossesOf(two).length
    }),
    { numRuns: 500 },
  )
  expect([moved > 100, lost > 100]).toEqual([true, true])
})

test('contracts that are stated anew under the ids of their first telling move all the same', () => {
  const started = (id: string, timeMs: number): CanonicalEvent => ({
    ...{ type: 'customer.started', id, source: '/crm', sequence: '0', tenant: 'acme' },
    ...{ timeMs: timeMs as EpochMs, data: { customerId: `u-${id}` } },
  })
  const first = ['1', '2'].map((id) => started(id, startMs))
  const anew = ['1', '2'].map((id) => started(id, untilMs + dayMs))
  const hidden = [...first, ...anew].flatMap(pseudonymiser(() => rotated))
  // What the folds take: none of the ids stands at two customers.
  expect(new Set(hidden.map(({ id }) => id)).size).toBe(hidden.length)
  const customers = customersOf([...first, ...anew], rotated)
  expect(stepsOf(customers)).toEqual(new Map([[startMs, 2]]))
  expect(lossesOf(customers)).toEqual([])
})
