import type { CanonicalEvent } from '@deskpulse/core/events'
import type { Observation } from './observation.ts'
import { timelineOf } from './order.ts'
import type { World } from './world.ts'

/** What was told of contracts, in the order of their timelines. */
export const contractObservations = (events: readonly CanonicalEvent[]): Observation[] =>
  timelineOf(events.filter(({ type }) => type.startsWith('customer.'))).map(
    ({ type, timeMs, data }) => ({
      what: type === 'customer.started' ? 'contract begins' : 'contract ends',
      ...{ atMs: timeMs, value: 1, dimensions: {}, scope: 'both' },
      customer: data.customerId!,
    }),
  )

/** Customers of whom the last that was told before an instant is that a contract begins. */
export function underContract({ observations }: World, beforeMs: number): Set<string> {
  const under = new Set<string>()
  for (const { what, atMs, customer } of observations) {
    if (atMs >= beforeMs) continue
    if (what === 'contract begins') under.add(customer!)
    if (what === 'contract ends') under.delete(customer!)
  }
  return under
}
