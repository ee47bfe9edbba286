import type { WireEvent } from '@deskpulse/contract'
import type { SimulationOptions } from './options.ts'
import { simulate } from './simulate.ts'

export const dayMs = 86_400_000
export const startMs = Date.parse('2026-03-02T07:59:00Z') // Just before a change of shifts.

/** The first `count` events of a run, and how it is wound up. */
export function played(
  options: SimulationOptions,
  count: number,
): { events: WireEvent[]; windUp: WireEvent[] } {
  const simulation = simulate(options)
  const events: WireEvent[] = []
  for (const event of simulation.events) if (events.push(event) === count) break
  return { events, windUp: simulation.windUp() }
}

/** `contact.opened` of `deskpulse.contact.opened.v1`. */
export function nameOf({ type }: WireEvent): string {
  return type.slice('deskpulse.'.length, -'.v1'.length)
}
