import fc from 'fast-check'
import { toWire, type WireEvent } from '@deskpulse/contract'
import { simulate } from '../../../services/cli/src/simulate/simulate.ts'
import type { Random } from '../../../services/cli/src/simulate/random.ts'
import { oddEvents } from '../../oracle/support/odd-events.ts'
import { hostileNames } from './hostile-names.ts'

export type EventsWanted = {
  readonly tenant: string
  readonly seed: number
  readonly count: number
  readonly startMs: number
}

/** Of a hundred events, so many are of odd sequences; the rest is a contact center at work. */
const oddShare = 0.2
const agents = 8

/** At least `count` different events of one tenant, in no order that matters. What is under way at the end stays under way. */
export function eventsOf(
  { tenant, seed, count, startMs }: EventsWanted,
  random: Random,
): WireEvent[] {
  const events: WireEvent[] = []
  for (let number = 0; events.length < count * oddShare; number += 1) {
    const [sequence = []] = fc.sample(oddEvents(startMs), { seed: seed + number, numRuns: 1 })
    events.push(...sequence.map((event) => numbered(toWire({ ...event, tenant }), number)))
  }
  for (const event of simulate({ tenant, seed, startMs, agents }).events) {
    if (events.length >= count) break
    events.push(event)
  }
  return events.map(hostileNames(random))
}

/** One sequence's contacts, agents and customers are not another's. */
function numbered(event: WireEvent, number: number): WireEvent {
  const isId = /^(contactId|customerId|.*[aA]gentId)$/
  const data = Object.entries(event.data).map(([name, value]) => [
    name,
    isId.test(name) ? `${number}-${String(value)}` : value,
  ])
  return { ...event, id: `odd-${number}-${event.id}`, data: Object.fromEntries(data) }
}
