import type { CanonicalEvent, EventData, EventType } from '@deskpulse/core/events'
import type { Observation } from './observation.ts'
import { timelineOf } from './order.ts'
import type { World } from './world.ts'

/** What was told of contracts, in the order of their timelines. */
export const contractObservations = (events: readonly CanonicalEvent[]): Observation[] =>
  timelineOf(events.filter(({ type }) => type.startsWith('customer.'))).map(
    ({ type, timeMs, data }) => ({
      what: saidOf(type, data),
      ...{ atMs: timeMs, value: 1, dimensions: {}, scope: 'both' },
      customer: data.customerId!,
    }),
  )

function saidOf(type: EventType, { goesOn }: EventData): Observation['what'] {
  if (type === 'customer.started') return 'contract begins'
  return goesOn ? 'contract goes on' : 'contract ends'
}

/** Customers of whom the last that was told before an instant is that a contract begins. */
export function underContract({ observations }: World, beforeMs: number): Set<string> {
  const under = new Set<string>()
  for (const { what, atMs, customer } of observations) {
    if (atMs >= beforeMs) continue
    if (what === 'contract begins') under.add(customer!)
    if (what === 'contract ends' || what === 'contract goes on') under.delete(customer!)
  }
  return under
}

/** Customers who went on under another id before an instant, and have been told no begin under this one since. */
export function goneOn({ observations }: World, fromMs: number, beforeMs: number): Set<string> {
  const gone = new Set<string>()
  for (const { what, atMs, customer } of observations) {
    if (atMs < fromMs || atMs >= beforeMs) continue
    if (what === 'contract begins') gone.delete(customer!)
    if (what === 'contract goes on') gone.add(customer!)
  }
  return gone
}
