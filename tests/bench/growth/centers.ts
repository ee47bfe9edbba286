import type { CanonicalEvent } from '@deskpulse/core/events'
import { canonicalEvent, simulated } from '../data/events.ts'

/** Simulated contact centers, each a tenant. */
export type Centers = {
  readonly tenants: number
  /** On shift at any time, over all of them. */
  readonly agents: number
}

export const tenantsOf = ({ tenants }: Pick<Centers, 'tenants'>): readonly string[] =>
  Array.from({ length: tenants }, (_, number) => `bench-${number + 1}`)

/** All their events, in the order in which they happen, as long as more are asked for. */
export function eventsOf({ tenants, agents }: Centers): () => CanonicalEvent {
  const sources = tenantsOf({ tenants }).map((tenant, number) => {
    const options = { tenant, seed: number + 1, agents: Math.ceil(agents / tenants) }
    const events = simulated(options)[Symbol.iterator]()
    const next = (): CanonicalEvent => canonicalEvent(events.next().value)
    return { next, head: next() }
  })
  return () => {
    const first = sources.reduce((earliest, source) =>
      source.head.timeMs < earliest.head.timeMs ? source : earliest,
    )
    const { head } = first
    first.head = first.next()
    return head
  }
}
