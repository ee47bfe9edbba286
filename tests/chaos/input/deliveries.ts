import type { WireEvent } from '@deskpulse/contract'
import type { Random } from '../../../services/cli/src/simulate/random.ts'

/** What is sent at once: events of one tenant, in one request or to one partition of the raw topic. */
export type Delivery = {
  readonly tenant: string
  readonly via: 'http' | 'raw'
  readonly events: readonly WireEvent[]
}

const hourMs = 3_600_000
const repeatShare = 0.3
const rawShare = 0.35
const meanSize = 15

/** Each event once, and many of them again: late by nothing, by a while, or by up to 72 hours, and so out of order. */
export function deliveriesOf(events: readonly WireEvent[], random: Random): Delivery[] {
  const late = (): number =>
    random.chance(0.6)
      ? random.exponential(2_000)
      : random.chance(0.6)
        ? random.between(0, hourMs)
        : random.between(0, 72 * hourMs)
  const times = (): number => (random.chance(repeatShare) ? (random.chance(0.3) ? 3 : 2) : 1)
  const arrivals = events.flatMap((event) =>
    Array.from({ length: times() }, () => ({ event, atMs: Date.parse(event.time) + late() })),
  )
  arrivals.sort((a, b) => a.atMs - b.atMs)

  const deliveries: Delivery[] = []
  const open = new Map<string, { readonly events: WireEvent[]; readonly size: number }>()
  const send = (tenant: string, sent: readonly WireEvent[]): void =>
    void deliveries.push({ tenant, via: random.chance(rawShare) ? 'raw' : 'http', events: sent })
  for (const { event } of arrivals) {
    const batch = open.get(event.tenant) ?? {
      events: [],
      size: 1 + Math.floor(random.exponential(meanSize)),
    }
    batch.events.push(event)
    if (batch.events.length < batch.size) open.set(event.tenant, batch)
    else {
      open.delete(event.tenant)
      send(event.tenant, batch.events)
    }
  }
  for (const [tenant, batch] of open) send(tenant, batch.events)
  return deliveries
}
